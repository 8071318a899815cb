/*
question = "Which identity providers does no role trust?"
group = "trust"
variations = [
  "(which|what|list|show|show me|find) [the] identity providers (that|) (does no role trust|no role trusts|are unused|are not used|are not trusted) [in {accounts}]",
  "unused identity providers [in {accounts}]",
  "[identity] providers [that|which] (no role|no roles|nothing|nobody) (uses|use|trusts|trust|makes use of)",
  "(unused|untrusted) [identity] providers",
  "[identity] providers (without|with no) [any] roles",
]
collectors = ["iam"]
within_accounts = true
severity = "low"
documentation = """
SAML and OIDC providers that are in an account and in no trust policy of a role: the next role that names one of them opens
a door that nobody looks at.
"""
advice = """
Delete it.
"""
references = [
  "ISO/IEC 27001:2022: A.5.16 Identity management",
]

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
provider = "The provider."
name = "Its name."
account = "Its account."
created_at = "When it was made."
*/
MATCH (p:Principal)
WHERE (p:SamlProvider OR p:OidcProvider) AND p.scope <> 'reference' AND (size($accounts) = 0 OR p.account_id IN $accounts)
OPTIONAL MATCH (r:Role)-[:TRUSTS]->(p)
WITH p, count(r) AS roles
WHERE roles = 0
RETURN p.id AS provider, p.name AS name, p.account_id AS account, p.created_at AS created_at
ORDER BY provider
