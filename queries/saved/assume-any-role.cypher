/*
question = "Whose policies let them assume any role?"
group = "becoming"
variations = [
  "(who|whose policies|which principals|what) (may|can|let them|is allowed to) assume (any role|every role|all roles|anything) [in {accounts}]",
  "(which|what|list|show|show me|find) [the] (assumerole|sts:assumerole) (wildcards|on everything) [in {accounts}]",
  "(who|which principals|principals that) [is|are] [allowed to|can|could] assume (any|every|all) (role|roles)",
  "[policies that allow|permissions for] (assumerole|sts:assumerole) on (*|everything|any role|all roles) [who has it]",
]
collectors = ["iam", "organizations"]
severity = "medium"
documentation = """
Allow statements with `sts:AssumeRole` on every role, but for those that allow everything: every role anywhere that trusts
their account is theirs. Which ones those are: `muniment ask "which roles can … assume"`.
"""
advice = """
Name the roles, or at least the path or the accounts.
"""
references = [
  "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_permissions-to-switch.html",
]

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
holder = "The user, group, role or permission set."
account = "Its account."
statement = "The statement."
resources = "Its resources."
conditions = "What limits it."
*/
MATCH (s:Statement {effect: 'Allow'})<-[:HAS_STATEMENT]-(p:Policy)-[:ATTACHED_TO]->(h)
WHERE NOT (p:ServiceControlPolicy OR p:ResourceControlPolicy) AND NOT '*' IN coalesce(s.actions, [])
  AND any(action IN coalesce(s.actions, []) WHERE toLower(action) IN ['sts:assumerole', 'sts:*', 'sts:assume*', 'sts:assumerole*'])
  AND any(resource IN coalesce(s.resources, []) WHERE resource = '*' OR resource ENDS WITH '::*:role/*' OR resource ENDS WITH '::*:*')
  AND (size($accounts) = 0 OR h.account_id IN $accounts)
RETURN h.id AS holder, h.account_id AS account, s.id AS statement, s.resources AS resources, s.conditions AS conditions
ORDER BY holder, statement
