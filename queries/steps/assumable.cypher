/*
question = "Which roles can these principals assume in one hop?"
documentation = "One level of the search forwards. The rows of one principal are gathered in a list, which both engines send several times faster than as many rows."

[parameters.principals]
type = "text"
description = "Ids of principals, groups or sets."

[columns]
principal = "The principal."
roles = "Lists of id, name, account id, labels, decision, conditions, because, action, reason."
*/
UNWIND $principals AS principal
MATCH (p:Asset {id: principal})-[c:CAN_ASSUME]->(r:Role)
RETURN principal AS principal, collect([r.id, r.name, r.account_id, labels(r), c.decision, c.conditions, c.because, c.action, c.reason]) AS roles
