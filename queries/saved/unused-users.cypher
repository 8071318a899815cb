/*
question = "Which users were not used for {days} days?"
group = "permissions"
variations = [
  "(which|what|list|show|show me|find) (unused users|users are unused|users are not used|users are idle|idle users) [in {accounts}]",
  "(which|what|list|show|show me|find) users (unused|not used|were not used|have not been used|haven't been used|have not signed in|did not sign in) (for|in) {days} days [in {accounts}]",
  "(unused|idle) users [in {accounts}]",
  "(which|what|list|show|show me|find) {unused} [iam] users [in {accounts}]",
  "(which|what|list|show|show me|find) [iam] users [that|who] (have not logged in|have not signed in|haven't logged in|did not log in|not seen) (for|in) [the last] {days} days [in {accounts}]",
  "[iam] users [that|who|which] [are|were|have] (unused|inactive|not used|idle|not active|dormant) [for|since|in] [the] [last|more than|at least] {days} days",
  "(inactive|dormant|idle) [iam] users",
]
collectors = ["iam"]
within_accounts = true
severity = "medium"
documentation = """
Users whose password and access keys were all not used for so long; those without any are listed by when they were made. A
user that was made within that time is left out, and so is one that used a service since, by whatever credentials, where
service last accessed was read. A user of whom the credential report does not speak is not listed, nor one with another
credential of whose use AWS tells nothing, where no service last accessed does: `unknown-use` has it.
"""
advice = "Deactivate what it signs in with, and delete it. The benchmark asks for 45 days: `--param days=45`."
references = [
  "CIS AWS Foundations Benchmark v3.0.0: 1.12",
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
user = "The user's ARN."
account = "Its account."
last_used_at = "When it last signed in or used a service; empty if never."
console_access = "Whether it has a password."
active_keys = "How many access keys it can sign with."
created_at = "When it was made."
*/
MATCH (u:User)
WHERE u.console_access IS NOT NULL AND (size($accounts) = 0 OR u.account_id IN $accounts)
OPTIONAL MATCH (u)-[a:ACCESSED]->(:Service)
WITH u, max(a.last_accessed_at) AS accessed
OPTIONAL MATCH (u)-[:HAS_ACCESS_KEY]->(k:AccessKey)
WITH u, accessed, max(k.last_used_at) AS key_used, sum(CASE WHEN k.active = true THEN 1 ELSE 0 END) AS active_keys,
     sum(CASE WHEN k.active = true AND k.last_used_at IS NULL AND k.use_known = false THEN 1 ELSE 0 END) AS unknown
WHERE unknown = 0
OPTIONAL MATCH (u)-[:HAS_CREDENTIAL]->(c)
WITH u, active_keys, accessed, key_used, sum(CASE WHEN c.active = true THEN 1 ELSE 0 END) AS untold
WHERE untold = 0 OR accessed IS NOT NULL
WITH u, active_keys, accessed,
     CASE WHEN key_used IS NULL OR u.password_last_used > key_used THEN u.password_last_used ELSE key_used END AS signed_in
WITH u, active_keys, CASE WHEN signed_in IS NULL OR accessed > signed_in THEN accessed ELSE signed_in END AS used
WHERE coalesce(used, u.created_at) <= $days
RETURN u.id AS user, u.account_id AS account, used AS last_used_at, u.console_access AS console_access,
       active_keys AS active_keys, u.created_at AS created_at
ORDER BY user
