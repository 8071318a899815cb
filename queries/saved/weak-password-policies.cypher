/*
question = "Which accounts have a weak password policy for IAM users?"
group = "credentials"
variations = [
  "(which|what|list|show|show me|find) [the] accounts (with|have|that have) [a] (weak|no) password (policy|policies) [in {accounts}]",
  "(which|what|list|show|show me|find) [the] (weak password policies|password policies are weak|password policies that are weak) [in {accounts}]",
  "weak password policies [in {accounts}]",
  "(which|what|list|show|show me|find) accounts (with|with a|that have a|have a) weak password (policy|policies) [in {accounts}]",
  "accounts [where|whose] [the] password policy [is] (weak|too weak|not strong|not strong enough|insufficient|bad)",
  "(is|are) [the|our] password (policies|policy) [for] [iam] [users] (weak|strong enough|insufficient|good enough|strong) [in] [every|each|all] [account|accounts]",
]
collectors = ["iam"]
within_accounts = true
severity = "medium"
documentation = """
Accounts with users that have a console password, where passwords may be shorter than 14 characters or one of the last 24.
An account without a policy of its own has AWS's default: 8 characters, and no memory.
"""
advice = """
`aws iam update-account-password-policy`, with 14 characters and 24 passwords remembered. Better: no console passwords.
"""
references = [
  "CIS AWS Foundations Benchmark v3.0.0: 1.8",
  "CIS AWS Foundations Benchmark v3.0.0: 1.9",
  "ISO/IEC 27001:2022: A.5.17 Authentication information",
]

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
account = "12 digits."
minimum_length = "The shortest password; empty without a policy."
reuse_prevention = "How many earlier passwords are refused; empty where none is."
users = "How many users have a console password."
*/
MATCH (u:User)
WHERE u.console_access = true AND (size($accounts) = 0 OR u.account_id IN $accounts)
WITH u.account_id AS account, count(u) AS users
OPTIONAL MATCH (p:PasswordPolicy)
WHERE p.account_id = account
WITH account, users, p
WHERE p IS NULL OR coalesce(p.minimum_length, 0) < 14 OR coalesce(p.reuse_prevention, 0) < 24
RETURN account AS account, p.minimum_length AS minimum_length, p.reuse_prevention AS reuse_prevention, users AS users
ORDER BY account
