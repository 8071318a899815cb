/*
question = "Whom do trusts in identity providers admit to these roles?"
documentation = "What a condition on a token's subject lets in, as sentences."

[parameters.roles]
type = "text"
description = "ARNs of roles."

[columns]
role = "The role."
admitted = "Lists of the identity provider and whom it lets in, as a sentence."
*/
UNWIND $roles AS role
MATCH (r:Role {id: role})<-[a:ADMITTED_TO]-(s:FederatedSubject)
RETURN role AS role, collect([a.provider, s.name]) AS admitted
