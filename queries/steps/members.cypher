/*
question = "Who belongs to these groups or sets?"
documentation = "What a group of Identity Center or a set of principals can assume, its members can."

[parameters.groups]
type = "text"
description = "Ids of groups or sets."

[columns]
group = "The group or set."
members = "Lists of id, name, account id, labels, and the statements by which a principal is in a set."
*/
UNWIND $groups AS group
MATCH (g:Asset {id: group})<-[i:MEMBER_OF|GATHERED_IN]-(m)
RETURN group AS group, collect([m.id, m.name, m.account_id, labels(m), i.because]) AS members
