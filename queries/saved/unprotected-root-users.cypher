/*
question = "Which root users have no MFA, or have access keys?"
group = "credentials"
variations = [
  "(do|does) any root (user|users) have (access keys|no mfa)",
  "(which|what|list|show|show me|find) [the] root (users|accounts|user) (have no mfa|lack mfa|have access keys|are unprotected|without mfa|with access keys|with no mfa|that have no mfa|that have access keys) [in {accounts}]",
  "unprotected root users [in {accounts}]",
  "(which|what|list|show|show me|find) root (users|user|accounts|account) {without} (mfa|2fa|a second factor) [in {accounts}]",
  "(which|what|list|show|show me|find) root (users|accounts) with access keys [in {accounts}]",
  "root [users|accounts] [that] [have|are] (without|no|lacking) (mfa|2fa|second factor)",
  "root [users|accounts] [that] (with|have) [active] access keys",
  "(unprotected|badly protected) root",
]
collectors = ["iam"]
severity = "critical"
documentation = """
The root user can do what no policy of its account can take away. Where the root users' credentials were deleted centrally,
there is nothing to sign in with, and no MFA is as it should be: `password_last_used` is then empty.
"""
advice = """
Delete its access keys; give it a hardware MFA device, or delete the credentials of member accounts' root users centrally.
"""
references = [
  "CIS AWS Foundations Benchmark v3.0.0: 1.4",
  "CIS AWS Foundations Benchmark v3.0.0: 1.5",
  "https://docs.aws.amazon.com/IAM/latest/UserGuide/root-user-best-practices.html",
]

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
account = "The account."
mfa_active = "Whether an MFA device is active."
access_keys_present = "Whether it has access keys."
password_last_used = "When it last signed in with its password."
*/
MATCH (r:RootUser)
WHERE (r.mfa_active = false OR r.access_keys_present = true) AND (size($accounts) = 0 OR r.account_id IN $accounts)
RETURN r.account_id AS account, r.mfa_active AS mfa_active, r.access_keys_present AS access_keys_present,
       r.password_last_used AS password_last_used
ORDER BY account
