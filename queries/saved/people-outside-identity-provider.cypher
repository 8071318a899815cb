/*
question = "Which human access does not come through the central identity provider?"
group = "people"
variations = [
  "(which|what|list|show|show me|find) [the] (human access|people|humans|access of people) [that] (is|are|come|comes|sign in|signs in|get in|gets in) (outside|outside of|around|past|not through) [the] [central] (identity provider|identity center|sso)",
  "(which|what|list|show|show me|find) [the] (human access|people|humans) [that] (does not come|do not come|does not sign in|do not sign in|do not get in) through [the] [central] (identity provider|identity center|sso)",
  "(who|which people) (bypass|bypasses|gets around|get around|signs in around|sign in around) [the] (identity provider|identity center|sso) [in {accounts}]",
  "human access outside [the] (identity provider|identity center|sso) [in {accounts}]",
  "[which] (human access|people|people access|humans) [that] (bypass|bypasses|bypassing|circumvents|circumvent|around|outside|avoid|avoids|skip|skips|not through|not via|do not use|does not use) [our|the] [central] (identity provider|idp|sso|identity center)",
]
collectors = ["iam", "organizations", "identity-center"]
analyses = ["identities", "can-assume"]
within_accounts = true
severity = "medium"
documentation = """
Doors for people that leaving the company does not close: passwords and keys of people's IAM users, root users that have
signed in, SAML providers other than the central one, and other issuers that sign people in. The central one is Identity
Center, whose SAML providers are called `AWSSSO_…`; where another is, name it by `central`.
"""
advice = "Move the people to the central identity provider, and close the door."
references = [
  "CIS AWS Foundations Benchmark v3.0.0: 1.21",
  "ISO/IEC 27001:2022: A.5.16 Identity management",
]

[parameters.central]
type = "text"
default = "AWSSSO_"
description = "How the name of the central identity provider's SAML provider begins."

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
principal = "The user, or the identity provider."
account = "The account."
door = "`password`, `access-key`, `root`, `saml` or `oidc`."
role = "The role behind the door, where there is one."
last_used = "When the door was last used; empty where that is not known, or never."
*/
MATCH (u:User)
WHERE u.console_access = true AND (size($accounts) = 0 OR u.account_id IN $accounts)
RETURN u.id AS principal, u.account_id AS account, 'password' AS door, null AS role, u.password_last_used AS last_used
UNION
MATCH (k:AccessKey)<-[:HAS_ACCESS_KEY]-(u:User)-[:IDENTIFIED_AS]->(:IdentityKind {name: 'human'})
WHERE k.active = true AND (size($accounts) = 0 OR u.account_id IN $accounts)
RETURN u.id AS principal, u.account_id AS account, 'access-key' AS door, null AS role, max(k.last_used_at) AS last_used
UNION
MATCH (u:RootUser)
WHERE u.password_last_used IS NOT NULL AND (size($accounts) = 0 OR u.account_id IN $accounts)
RETURN u.id AS principal, u.account_id AS account, 'root' AS door, null AS role, u.password_last_used AS last_used
UNION
MATCH (s:SamlProvider)-[:CAN_ASSUME]->(r:Role)
WHERE NOT coalesce(s.name, '') STARTS WITH $central AND (size($accounts) = 0 OR r.account_id IN $accounts)
RETURN s.id AS principal, r.account_id AS account, 'saml' AS door, r.id AS role, r.last_used_at AS last_used
UNION
MATCH (f:FederatedSubject)-[a:ADMITTED_TO]->(r:Role)
WHERE f.signs_in <> 'machine' AND a.action = 'sts:AssumeRoleWithWebIdentity' AND f.breadth <> 'nobody'
  AND (size($accounts) = 0 OR r.account_id IN $accounts)
RETURN a.provider AS principal, r.account_id AS account, 'oidc' AS door, r.id AS role, r.last_used_at AS last_used
