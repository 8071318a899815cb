/*
question = "Which roles can be entered through identity providers?"
variations = [
  "(which|what|list|show|show me|find) [the] roles [that|which] trust (identity providers|oidc providers|saml providers|github|gitlab|federated principals|oidc|saml) [in {accounts}]",
  "(which|what) roles can (github|gitlab|oidc|saml|identity providers) assume [in {accounts}]",
  "(list|show|show me) [the|all] (federated roles|github roles|oidc roles|saml roles) [in {accounts}]",
]
collectors = ["iam"]
documentation = """
Roles that trust an OpenID Connect or SAML provider. For GitHub and the like the conditions must name the repository:
without one on the subject, every repository in the world gets in.
"""

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
role = "The role's ARN."
account = "Its account."
provider = "Id of the provider."
conditions = "The statement's conditions."
statement_id = "`ROLE#trust/N`."
*/
MATCH (r:Role)-[t:TRUSTS]->(p)
WHERE t.principal_type = 'Federated' AND t.effect = 'Allow' AND (size($accounts) = 0 OR r.account_id IN $accounts)
RETURN r.id AS role, r.account_id AS account, p.id AS provider, t.conditions AS conditions,
       t.statement_id AS statement_id
ORDER BY statement_id, provider
