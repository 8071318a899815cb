/*
question = "Which IAM users are administrators?"
group = "administrators"
variations = [
  "(which|what|list|show|show me|find) [iam] users (are|that are|who are) [effective] (administrators|admins|admin|administrator) [in {accounts}]",
  "(which|what|list|show|show me|find) [the] (administrator users|admin users) [in {accounts}]",
  "(which|what|list|show|show me|find) (admin|administrator) users [in {accounts}]",
  "(which|what|list|show|show me|find) [iam] users (are|that are|who are) (admins|administrators) [in {accounts}]",
  "[iam] users with [effective|full] admin rights",
  "[iam] users [who|that] have admin [rights]",
]
collectors = ["iam", "organizations"]
analyses = ["administers"]
within_accounts = true
severity = "high"
documentation = """
Users, with passwords and keys that live for years, who can do anything in an account or grant themselves anything.
"""
advice = """
Move people to Identity Center, and keep at most a break-glass user, with a hardware device and an alarm on its use.
"""
references = [
  "CIS AWS Foundations Benchmark v3.0.0: 1.16",
  "CIS AWS Foundations Benchmark v3.0.0: 1.21",
  "ISO/IEC 27001:2022: A.8.2 Privileged access rights",
]

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
user = "The user."
account = "The account that it administers."
decision = "`allow`, `conditional` or `unknown`."
console_access = "Whether it has a password."
mfa_active = "Whether an MFA device is active."
active_keys = "How many access keys it can sign with."
*/
MATCH (a:Account)<-[d:ADMINISTERS]-(u:User)
WHERE (size($accounts) = 0 OR a.id IN $accounts)
OPTIONAL MATCH (u)-[:HAS_ACCESS_KEY]->(k:AccessKey)
WHERE k.active = true
RETURN u.id AS user, a.id AS account, d.decision AS decision, u.console_access AS console_access, u.mfa_active AS mfa_active,
       count(k) AS active_keys
ORDER BY user, account
