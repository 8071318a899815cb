/*
question = "Which groups and sets do these principals belong to?"
documentation = "What a group of Identity Center or a set of principals can assume, its members can."

[parameters.principals]
type = "text"
description = "Ids of principals."

[columns]
principal = "The principal."
groups = "Lists of id, name, account id, labels, and the statements by which it is in a set."
*/
UNWIND $principals AS principal
MATCH (p:Asset {id: principal})-[i:MEMBER_OF|GATHERED_IN]->(g)
RETURN principal AS principal, collect([g.id, g.name, g.account_id, labels(g), i.because]) AS groups
