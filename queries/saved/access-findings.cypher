/*
question = "What did Access Analyzer find?"
group = "trust"
variations = [
  "(what|which) (did|does|has) [iam] access analyzer (find|found|report|reported) [in {accounts}]",
  "(list|show|show me) [the] [iam] access analyzer findings [in {accounts}]",
  "access analyzer findings [in {accounts}]",
  "(what does|what did) access analyzer (say|report|show|flag|complain)",
  "[open|active|current|recent] [public] access analyzer (findings|results|alerts) [about us]",
]
collectors = ["access-analyzer"]
documentation = """
Active findings of IAM Access Analyzer on external, internal and unused access; public access comes first. Accounts that
no analyzer watches have none: `accounts-without-analyzer` lists them.
"""

[parameters.type]
type = "text"
default = ""
description = "How the type begins: `Unused`, `ExternalAccess`; all unless given."

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
finding = "The finding's id."
account = "The account of what it is about."
type = "`ExternalAccess`, `UnusedIAMRole`, `UnusedPermission`, …"
resource = "What it is about."
public = "Whether anyone at all has the access."
principals = "Who has the access."
conditions = "Conditions that limit it."
last_accessed_at = "When what it is about was last used."
*/
MATCH (f:AccessFinding)
WHERE f.finding_type STARTS WITH $type AND (size($accounts) = 0 OR f.account_id IN $accounts)
RETURN f.id AS finding, f.account_id AS account, f.finding_type AS type, f.resource AS resource, f.public AS public,
       f.principals AS principals, f.conditions AS conditions, f.last_accessed_at AS last_accessed_at
ORDER BY CASE WHEN f.public = true THEN 0 ELSE 1 END, account, type, finding
