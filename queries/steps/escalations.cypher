/*
question = "Who can escalate to whom in one hop, and how?"
documentation = "All of it; what a set of principals can escalate to, its members can."

[columns]
principal = "The principal or set."
name = "Its name."
account_id = "Its account."
labels = "Its labels."
target = "Whom it can escalate to."
target_name = "Its name."
target_account_id = "Its account."
target_labels = "Its labels."
technique = "The technique."
decision = "`allow`, `conditional` or `unknown`."
conditions = "Conditions that remain."
because = "What it rests on."
reason = "What is not known."
compute = "Existing compute that the way goes over."
through = "Who is taken over on the way to an account."
*/
MATCH (p)-[c:CAN_ESCALATE_TO]->(t)
RETURN p.id AS principal, p.name AS name, p.account_id AS account_id, labels(p) AS labels, t.id AS target,
       t.name AS target_name, t.account_id AS target_account_id, labels(t) AS target_labels, c.technique AS technique,
       c.decision AS decision, c.conditions AS conditions, c.because AS because, c.reason AS reason,
       c.compute AS compute, c.through AS through
ORDER BY principal, target, technique
