/*
question = "Which IAM users are there?"
group = "permissions"
variations = [
  "(list|show|show me|show all|list all|what are) [the|all|our] [iam] users [in {accounts}]",
  "(which|what) [iam] users (are there|exist|do we have) [in {accounts}]",
  "(which|what|list|show|show me|find) [iam] users [in {accounts}]",
]
collectors = ["iam"]
documentation = """
Every IAM user that was read. People of Identity Center are others: who is assigned which permission set.
"""

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
user = "The user."
account = "Its account."
console_access = "Whether it has a password."
mfa_active = "Whether an MFA device is active."
password_last_used = "When its password was last used."
created_at = "When it was made."
*/
MATCH (u:User)
WHERE u.scope <> 'reference' AND (size($accounts) = 0 OR u.account_id IN $accounts)
RETURN u.id AS user, u.account_id AS account, u.console_access AS console_access, u.mfa_active AS mfa_active,
       u.password_last_used AS password_last_used, u.created_at AS created_at
ORDER BY user
