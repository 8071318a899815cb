/*
question = "Who can assume the roles of these accounts in one hop?"
documentation = "All accounts where none are given."

[parameters.accounts]
type = "accounts"
description = "Account ids."

[columns]
role = "The role."
start = "Who can assume it."
start_name = "Its name."
labels = "Its labels."
decision = "`allow`, `conditional` or `unknown`."
conditions = "Conditions that remain."
because = "The statements that it rests on."
reason = "What is not known."
action = "The action that assumes it."
*/
MATCH (r:Role)<-[c:CAN_ASSUME]-(p)
WHERE size($accounts) = 0 OR r.account_id IN $accounts
RETURN r.id AS role, p.id AS start, p.name AS start_name, labels(p) AS labels, c.decision AS decision,
       c.conditions AS conditions, c.because AS because, c.reason AS reason, c.action AS action
