/*
question = "Which active access keys were not used for {days} days?"
group = "credentials"
variations = [
  "(which|what|list|show|show me|find) [active] (unused access keys|access keys are unused|access keys are not used) [in {accounts}]",
  "(which|what|list|show|show me|find) access keys (unused|not used|were not used|have not been used) (for|in) {days} days [in {accounts}]",
  "unused access keys [in {accounts}]",
  "(which|what|list|show|show me|find) {unused} [access] keys [in {accounts}]",
  "(which|what|list|show|show me|find) [access] keys [that were] (not used|unused) (in|for) [the last] {days} days [in {accounts}]",
  "(which|what|list|show|show me|find) access keys (that were|that are|) never used [in {accounts}]",
  "access keys [that|which] [are|were|have] (unused|not used|never used|not been used) [for|in|since] [the] [last|more than|at least] {days} days",
]
collectors = ["iam"]
severity = "medium"
documentation = """
A key that nobody uses can go. A key that was never used has no time of last use and is listed when it is that old
itself. A key of whose use the credential report does not speak is not listed: `unknown-use` has it.
"""
advice = """
Deactivate the key, and delete it when nothing breaks. The benchmark asks for 45 days: `--param days=45`.
"""
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
key = "The access key's slot."
holder = "Whose it is."
account = "The account."
last_used_at = "When it last signed a request; empty if never."
unused_days = "How many days ago that was; empty if never."
rotated_at = "When it was made or last changed."
age_days = "How many days ago that was."

[ages]
age_days = "rotated_at"
unused_days = "last_used_at"
*/
MATCH (k:AccessKey)<-[:HAS_ACCESS_KEY]-(u)
WHERE k.active = true AND (k.last_used_at IS NOT NULL OR k.use_known = true)
  AND coalesce(k.last_used_at, k.rotated_at) <= $days AND (size($accounts) = 0 OR k.account_id IN $accounts)
RETURN k.id AS key, u.id AS holder, u.account_id AS account, k.last_used_at AS last_used_at,
       k.rotated_at AS rotated_at
ORDER BY key
