/*
question = "Which IAM users can sign in to the console without MFA?"
group = "credentials"
variations = [
  "(which|what|list|show|show me|find) [iam] users (without|with no|that have no|who have no|have no|lack|lacking|that lack|missing) (mfa|mfa device|second factor|two factor|2fa|multi factor authentication) [in {accounts}]",
  "who (has|have) no (mfa|2fa|mfa device|second factor) [in {accounts}]",
  "users without (mfa|2fa) [in {accounts}]",
  "(which|what|list|show|show me|find) [iam] users {without} [a] (mfa|mfa device|second factor|2fa|mfa enabled) [enabled] [in {accounts}]",
  "who {without} [a] (mfa|mfa device|second factor|2fa) [enabled] [in {accounts}]",
  "[iam] users [who|that] [are|can|could|may|able] [allowed|to] (log on|log in|login|sign in|sign on|access) [to] [the] [aws] [management] [console] without [a] mfa [enabled|device]",
  "[iam] [console] (users|logins) [who|that] (without|with no|lacking|do not have) mfa [enabled]",
]
collectors = ["iam"]
severity = "high"
documentation = """
A password alone is one phished page away from a stranger. Users without a password are left out; `active` says that
the credential report saw no active MFA device.
"""
advice = "Register a device, or take the password away."
references = [
  "CIS AWS Foundations Benchmark v3.0.0: 1.10",
  "ISO/IEC 27001:2022: A.5.17 Authentication information",
]

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
user = "The user's ARN."
name = "Its name."
account = "Its account."
password_last_used = "When the password last signed in."
*/
MATCH (u:User)
WHERE u.console_access = true AND u.mfa_active = false AND (size($accounts) = 0 OR u.account_id IN $accounts)
RETURN u.id AS user, u.name AS name, u.account_id AS account, u.password_last_used AS password_last_used
ORDER BY user
