/*
question = "Who can escalate to these in one hop?"
documentation = "One level of the search backwards from roles, users, groups and accounts. The rows of one target are gathered in a list, which both engines send several times faster than as many rows."

[parameters.targets]
type = "text"
description = "Ids of roles, users, groups or accounts."

[columns]
target = "The target."
escalators = "Lists of id, name, account id, labels, decision, conditions, because, technique, reason."
*/
UNWIND $targets AS target
MATCH (t:Asset {id: target})<-[c:CAN_ESCALATE_TO]-(p)
RETURN target AS target, collect([p.id, p.name, p.account_id, labels(p), c.decision, c.conditions, c.because, c.technique, c.reason]) AS escalators
