/*
question = "Who can assume these roles in one hop?"
documentation = "One level of the search backwards from the roles. The rows of one role are gathered in a list, which both engines send several times faster than as many rows."

[parameters.roles]
type = "text"
description = "ARNs of roles."

[columns]
role = "The role."
assumers = "Lists of id, name, account id, labels, decision, conditions, because, action, reason."
*/
UNWIND $roles AS role
MATCH (r:Role {id: role})<-[c:CAN_ASSUME]-(p)
RETURN role AS role, collect([p.id, p.name, p.account_id, labels(p), c.decision, c.conditions, c.because, c.action, c.reason]) AS assumers
