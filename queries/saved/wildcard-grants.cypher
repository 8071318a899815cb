/*
question = "Which statements grant every action of a service, or of all?"
group = "permissions"
variations = [
  "(which|what|list|show|show me|find) [the] (wildcard grants|statements grant every action|statements with wildcards|grants with wildcards|service wildcards) [in {accounts}]",
  "wildcard grants [in {accounts}]",
  "(which|what|list|show|show me|find) (wildcard|star) (policies|grants|permissions) [in {accounts}]",
  "(access|permissions|actions|policies|statements) [that] (granted|grants|grant|allow|with) [by|with|through] [service] (wildcards|wildcard|star|a wildcard) [actions]",
  "(statements|policies) [that] (grant|allow) (every action|all actions) [of] [a|any|some|whole] [service]",
]
collectors = ["iam"]
severity = "medium"
documentation = """
Allow statements with `*` or `SERVICE:*` among their actions, of policies that are attached to somebody. Which of that is
used, `muniment least-privilege` tells of one principal.
"""
advice = "Name the actions that are used: `muniment least-privilege PRINCIPAL --propose`."
references = [
  "CIS AWS Foundations Benchmark v3.0.0: 1.16",
]

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
statement = "`POLICY#N`."
holder = "The user, group, role or permission set that has the policy."
account = "The holder's account."
actions = "The statement's actions."
resources = "Its resources; empty where it has NotResource."
conditions = "Its conditions."
*/
MATCH (s:Statement {effect: 'Allow'})<-[:HAS_STATEMENT]-(p:Policy)-[:ATTACHED_TO]->(h)
WHERE any(action IN coalesce(s.actions, []) WHERE action = '*' OR action ENDS WITH ':*')
  AND NOT (p:ServiceControlPolicy OR p:ResourceControlPolicy)
  AND (size($accounts) = 0 OR h.account_id IN $accounts)
RETURN s.id AS statement, h.id AS holder, h.account_id AS account, s.actions AS actions, s.resources AS resources,
       s.conditions AS conditions
ORDER BY statement, holder
