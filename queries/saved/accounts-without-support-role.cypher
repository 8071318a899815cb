/*
question = "Which accounts have nobody with AWSSupportAccess?"
group = "organization"
variations = [
  "(which|what|list|show|show me|find) [the] accounts (without|with no|that have no|have no) [a] support role [in {accounts}]",
  "accounts [where] [there is] no [role|one|body|iam role] [can] [for|to] [open|opening|raise|manage|contact] [a|with] support",
]
collectors = ["iam", "organizations"]
within_accounts = true
severity = "low"
documentation = """
Active accounts in which AWSSupportAccess is attached to no user, group or role. Administrators can open cases, too; the
benchmark asks for a role that is for it.
"""
advice = """
Make a role, or a permission set, with AWSSupportAccess for those who answer for incidents.
"""
references = [
  "CIS AWS Foundations Benchmark v3.0.0: 1.17",
]

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
account = "12 digits."
name = "Its name."
*/
MATCH (s:Scope {collector: 'iam', status: 'complete'})
WITH collect(s.account_id) AS read
MATCH (a:Account)
WHERE a.scope <> 'reference' AND coalesce(a.state, 'ACTIVE') = 'ACTIVE' AND a.id IN read AND (size($accounts) = 0 OR a.id IN $accounts)
OPTIONAL MATCH (p:ManagedPolicy {name: 'AWSSupportAccess'})-[:ATTACHED_TO]->(h)
WHERE p.aws_managed = true AND h.account_id = a.id
WITH a, count(h) AS holders
WHERE holders = 0
RETURN a.id AS account, a.name AS name
ORDER BY account
