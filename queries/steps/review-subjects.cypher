/*
question = "Which federated subjects are admitted to the roles of these accounts?"
documentation = "All accounts where none are given."

[parameters.accounts]
type = "accounts"
description = "Account ids."

[columns]
role = "The role."
subject = "The federated subject."
says = "What it is, as a sentence."
signs_in = "Who signs in there."
provider = "The identity provider."
action = "The action that assumes the role."
*/
MATCH (s:FederatedSubject)-[a:ADMITTED_TO]->(r:Role)
WHERE size($accounts) = 0 OR r.account_id IN $accounts
RETURN r.id AS role, s.id AS subject, s.name AS says, s.signs_in AS signs_in, a.provider AS provider, a.action AS action
