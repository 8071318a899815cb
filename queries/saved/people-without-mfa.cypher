/*
question = "Which people have no second factor?"
group = "people"
variations = [
  "(which|what|list|show|show me|find) (people|persons|humans) (without|with no|who have no|have no|lack|lacking) [a|an] (mfa|mfa device|second factor|2fa) [in {accounts}]",
  "(people|humans) without (mfa|2fa|a second factor) [in {accounts}]",
  "people (without|lacking|missing) [a] (mfa|second factor)",
  "(employees|humans|staff) without mfa",
]
collectors = ["iam", "identity-center"]
analyses = ["identities"]
severity = "high"
documentation = """
IAM users that are people's, with or without a password, and root users, that have no active MFA device. An access key
alone needs none, so that a person without a password is listed too. Second factors of Identity Center's users are the
identity provider's, which AWS does not tell.
"""
advice = "Enforce MFA by a policy, and move people to Identity Center."
references = [
  "CIS AWS Foundations Benchmark v3.0.0: 1.10",
  "ISO/IEC 27001:2022: A.5.17 Authentication information",
]

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
principal = "The user's ARN."
account = "Its account."
console_access = "Whether it has a password for the console."
password_last_used = "When the password last signed in."
evidence = "Why it is taken for a person's."
*/
MATCH (k:IdentityKind {name: 'human'})<-[i:IDENTIFIED_AS]-(u:Principal)
WHERE u.mfa_active = false AND (size($accounts) = 0 OR u.account_id IN $accounts)
RETURN u.id AS principal, u.account_id AS account, u.console_access AS console_access,
       u.password_last_used AS password_last_used, i.evidence AS evidence
ORDER BY principal
