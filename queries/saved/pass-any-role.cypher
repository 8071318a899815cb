/*
question = "Who may hand any role to a service?"
group = "becoming"
variations = [
  "(who|which principals|what) (may|can) (pass|hand) (any role|every role|all roles) [to a service|to services|to any service] [in {accounts}]",
  "(which|what|list|show|show me|find) [the] (passrole|iam:passrole) (wildcards|on everything|grants on everything) [in {accounts}]",
  "(who|principals|roles|users) [that] [can|allowed|allows] (pass|hand|passrole|iam:passrole) (any|every|all|on all|on *) (role|roles) [to] [a|any] [service|services|compute]",
  "passrole (on|with|for) (*|everything|wildcard|all roles)",
]
collectors = ["iam", "organizations"]
severity = "high"
documentation = """
Allow statements with `iam:PassRole` on every role, but for those that allow everything. With one service that runs code,
the strongest role that trusts the service is theirs. What they gain by it: `muniment escalations`.
"""
advice = """
Name the roles that may be passed, by path, and the service by `iam:PassedToService`.
"""
references = [
  "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html",
]

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
holder = "The user, group, role or permission set."
account = "Its account."
statement = "The statement."
actions = "Its actions."
conditions = "What limits it, such as `iam:PassedToService`."
*/
MATCH (s:Statement {effect: 'Allow'})<-[:HAS_STATEMENT]-(p:Policy)-[:ATTACHED_TO]->(h)
WHERE NOT (p:ServiceControlPolicy OR p:ResourceControlPolicy) AND NOT '*' IN coalesce(s.actions, [])
  AND any(action IN coalesce(s.actions, []) WHERE toLower(action) IN ['iam:passrole', 'iam:*', 'iam:pass*', 'iam:passrole*'])
  AND any(resource IN coalesce(s.resources, []) WHERE resource = '*' OR resource ENDS WITH ':role/*') AND (size($accounts) = 0 OR h.account_id IN $accounts)
RETURN h.id AS holder, h.account_id AS account, s.id AS statement, s.actions AS actions, s.conditions AS conditions
ORDER BY holder, statement
