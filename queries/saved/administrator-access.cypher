/*
question = "Who has AWS's policy AdministratorAccess?"
group = "administrators"
variations = [
  "(who|what|which principals|what principals) (has|have|holds|hold) [the] [aws] [managed] [policy] administratoraccess [attached] [in {accounts}]",
  "(where|to whom|to what) is [the] [policy] administratoraccess attached [in {accounts}]",
  "administratoraccess attachments [in {accounts}]",
  "(who|which users|which roles|which principals) [is|are] [given|granted|assigned] [the] [managed] [policy] administratoraccess [policy] [attached]",
  "[principals|users|roles] with [the] administratoraccess [policy] [attached]",
  "(who|to whom) [is|has] [the] [policy] administratoraccess [policy]",
]
collectors = ["iam", "identity-center"]
severity = "info"
documentation = """
Users, groups, roles and permission sets that AdministratorAccess is attached to. Who administers an account by other
policies is another question: who are the administrators.
"""
advice = "Keep it to the few that need it, and let them come through Identity Center or a break-glass role."
references = [
  "CIS AWS Foundations Benchmark v3.0.0: 1.16",
  "ISO/IEC 27001:2022: A.8.2 Privileged access rights",
]

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
holder = "Id of the user, group, role or permission set."
name = "Its name."
account = "Its account."
last_used_at = "When a role was last used."
*/
MATCH (p:ManagedPolicy {name: 'AdministratorAccess'})-[:ATTACHED_TO]->(h)
WHERE p.aws_managed = true AND (size($accounts) = 0 OR h.account_id IN $accounts)
RETURN h.id AS holder, h.name AS name, h.account_id AS account, h.last_used_at AS last_used_at
ORDER BY holder
