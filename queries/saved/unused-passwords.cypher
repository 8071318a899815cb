/*
question = "Which passwords of IAM users were not used for {days} days?"
group = "credentials"
variations = [
  "(which|what|list|show|show me|find) [the] (unused passwords|passwords are unused|passwords are not used|stale passwords|idle passwords) [in {accounts}]",
  "(which|what|list|show|show me|find) passwords [that were] (unused|not used|were not used|have not been used) (for|in) [the last] {days} days [in {accounts}]",
  "(unused|stale|dormant) passwords [in {accounts}]",
]
collectors = ["iam"]
severity = "medium"
documentation = """
Passwords for the console, of users who may use their access keys all the while. One that never signed in is listed when
it was set that long ago. Of a user of whom the credential report does not speak nobody knows whether it has one:
`unknown-use` has it.
"""
advice = "Delete the login profile; the user keeps its keys. The benchmark asks for 45 days: `--param days=45`."
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
last_used_at = "When the password last signed in; empty if never."
unused_days = "How many days ago that was; empty if never."
changed_at = "When it was last set."
age_days = "How many days ago that was."

[ages]
age_days = "changed_at"
unused_days = "last_used_at"
*/
MATCH (u:User)
WHERE u.console_access = true AND coalesce(u.password_last_used, u.password_changed_at, u.created_at) <= $days
  AND (size($accounts) = 0 OR u.account_id IN $accounts)
RETURN u.id AS user, u.account_id AS account, u.password_last_used AS last_used_at, u.password_changed_at AS changed_at
ORDER BY user
