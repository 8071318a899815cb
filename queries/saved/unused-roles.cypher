/*
question = "Which roles were not used for {days} days?"
group = "permissions"
variations = [
  "(which|what|list|show|show me|find) (unused roles|roles are unused|roles are not used) [in {accounts}]",
  "(which|what|list|show|show me|find) roles (unused|not used|were not used|have not been used|haven't been used) (for|in) {days} days [in {accounts}]",
  "unused roles [in {accounts}]",
  "(which|what|list|show|show me|find) {unused} roles [in {accounts}]",
  "(which|what|list|show|show me|find) roles [that were] (not used|unused) (in|for) [the last] {days} days [in {accounts}]",
  "(which|what|list|show|show me|find) roles [that] nobody uses [in {accounts}]",
  "roles [that|which] [are|were|have|has] (unused|not used|not been used|idle|never used) [for] [more than] [the] [last] [at least] {days} days",
  "roles [that|which] (nobody|no one) [ever|has] (used|uses)",
]
collectors = ["iam"]
within_accounts = true
severity = "low"
documentation = """
AWS tracks the last 400 days. Roles made within that time are left out, and so are service-linked roles, which only
their service can remove, and roles that used a service since, where service last accessed was read.
"""
advice = "Delete it, after its owner was asked."
references = [
  "ISO/IEC 27001:2022: A.5.18 Access rights",
]

[parameters.days]
type = "days"
default = "90"
description = "For how long, in days."

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
role = "The role's ARN."
account = "Its account."
last_used_at = "When it last made a request; empty if not in the 400 days that AWS tracks."
created_at = "When it was made."
*/
MATCH (r:Role)
WHERE coalesce(r.last_used_at, r.created_at) <= $days AND coalesce(r.service_linked, false) = false
  AND (size($accounts) = 0 OR r.account_id IN $accounts)
OPTIONAL MATCH (r)-[a:ACCESSED]->(:Service)
WITH r, max(a.last_accessed_at) AS accessed
WITH r, CASE WHEN r.last_used_at IS NULL OR accessed > r.last_used_at THEN accessed ELSE r.last_used_at END AS used
WHERE coalesce(used, r.created_at) <= $days
RETURN r.id AS role, r.account_id AS account, used AS last_used_at, r.created_at AS created_at
ORDER BY role
