/*
question = "Which root users were used in the last {days} days, or have access keys?"
group = "credentials"
variations = [
  "(which|what|list|show|show me) root users (were|are|have been) (used|in use|active) [in the last {days} days] [in {accounts}]",
  "(is|was) [the|any] root [user] (used|in use) [in the last {days} days] [in {accounts}]",
  "(who|which accounts) (use|uses|used) [the] root [user] [in the last {days} days]",
  "root in use",
  "(root usage|use of root|usage of root|root logins|root sign-ins) [in {accounts}]",
  "(was|is) [the] root [user] (used|in use) [recently] [in {accounts}]",
  "(was|were) [the] root (user|users) used in the last {days} days",
  "[was|is|has|did] [the|any] [anyone] [body] [log in as|logged in as|sign in as] root [been] (used|use|in use|active) [lately|recently|these days|last]",
  "(recent|latest) [use|usage|logins|activity] of root",
]
collectors = ["iam"]
within_accounts = true
severity = "high"
documentation = """
A sign-in of the root user within that time, and every access key that it has, used or not. Few tasks need the root user:
each use should have a reason that somebody wrote down.
"""
advice = "Find out what it was used for, and make a role for that; delete its access keys."
references = [
  "CIS AWS Foundations Benchmark v3.0.0: 1.4",
  "CIS AWS Foundations Benchmark v3.0.0: 1.7",
  "https://docs.aws.amazon.com/IAM/latest/UserGuide/root-user-best-practices.html",
]

[parameters.days]
type = "days"
default = "90"
description = "How far back, in days."

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
account = "The account."
used_as = "`password` or `access-key`."
last_used = "When it was last used; empty if never, or not known."
mfa_active = "Whether an MFA device is active."
*/
MATCH (u:RootUser)
WHERE u.password_last_used >= $days AND (size($accounts) = 0 OR u.account_id IN $accounts)
RETURN u.account_id AS account, 'password' AS used_as, u.password_last_used AS last_used, u.mfa_active AS mfa_active
UNION
MATCH (u:RootUser)
WHERE u.access_keys_present = true AND (size($accounts) = 0 OR u.account_id IN $accounts)
OPTIONAL MATCH (u)-[:HAS_ACCESS_KEY]->(k:AccessKey)
RETURN u.account_id AS account, 'access-key' AS used_as, max(k.last_used_at) AS last_used, u.mfa_active AS mfa_active
