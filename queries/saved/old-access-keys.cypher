/*
question = "Which active access keys are older than {days} days?"
group = "credentials"
variations = [
  "(which|what|list|show|show me|find) [active] access keys [are|that are] older than {days} days [in {accounts}]",
  "(which|what|list|show|show me|find) [the|all] old access keys [in {accounts}]",
  "(which|what) access keys (were not|have not been|haven't been) rotated (in|for) {days} days [in {accounts}]",
  "(list|show|show me) [the|all] access keys [in {accounts}]",
  "(which|what|list|show|show me|find) [the|active] [access] keys older than {days} days [in {accounts}]",
  "(which|what|list|show|show me|find) old access keys [in {accounts}]",
  "(which|what) users have [active] [access] keys (older than|over|more than) {days} days [old] [in {accounts}]",
  "(which|what|list|show|show me|find) access keys (are|that are) old [in {accounts}]",
  "(which|what|list|show|show me|find) [access] keys (not rotated|that were not rotated|not rotated yet) (in|for|within) [the last] {days} days [in {accounts}]",
  "access keys [that are] (older than|more than|over) {days} days [old]",
  "access keys [that|which] [were|are|have] not [been] rotated [in|for|within|since] [the] [last] {days} days",
]
collectors = ["iam"]
severity = "medium"
documentation = """
A long-lived key works from anywhere until somebody takes it away. Age counts from when it was made or last changed.
"""
advice = "Replace the key by a role. Where that cannot be, rotate it."
references = [
  "CIS AWS Foundations Benchmark v3.0.0: 1.14",
  "ISO/IEC 27001:2022: A.5.17 Authentication information",
]

[parameters.days]
type = "days"
default = "90"
description = "How old at least, in days."

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
key = "The access key's slot."
holder = "Whose it is."
account = "The account."
rotated_at = "When it was made or last changed."
age_days = "How many days ago that was."
last_used_at = "When it last signed a request."
unused_days = "How many days ago that was; empty if never."
last_used_service = "The service of that request."

[ages]
age_days = "rotated_at"
unused_days = "last_used_at"
*/
MATCH (k:AccessKey)<-[:HAS_ACCESS_KEY]-(u)
WHERE k.active = true AND k.rotated_at <= $days AND (size($accounts) = 0 OR k.account_id IN $accounts)
RETURN k.id AS key, u.id AS holder, u.account_id AS account, k.rotated_at AS rotated_at,
       k.last_used_at AS last_used_at, k.last_used_service AS last_used_service
ORDER BY rotated_at, key
