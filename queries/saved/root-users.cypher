/*
question = "Which root users are there, and how are they protected?"
group = "credentials"
variations = [
  "(which|what|list|show|show me) [the|all] root (users|user|accounts) [in {accounts}]",
  "root users",
  "overview of root [users] [with|incl|including] [their] [mfa|mfa state|protection]",
  "how [well] are [the] root [users] protected",
]
collectors = ["iam"]
documentation = """
The root user can do what no policy can take away, but for service control policies. It should have MFA, no access
keys, and no recent sign-ins.
"""

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
WHERE size($accounts) = 0 OR r.account_id IN $accounts
RETURN r.account_id AS account, r.mfa_active AS mfa_active, r.access_keys_present AS access_keys_present,
       r.password_last_used AS password_last_used
ORDER BY account
