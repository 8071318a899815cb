/*
question = "Which roles can be entered through identity providers?"
group = "trust"
variations = [
  "(which|what|list|show|show me|find) [the] roles [that|which] trust (identity providers|federated principals|providers) [in {accounts}]",
  "(which|what|list|show|show me|find) [the] roles [that|which] trust {provider:provider} [in {accounts}]",
  "(which|what) roles can {provider:provider} assume [in {accounts}]",
  "(list|show|show me) [the|all] federated roles [in {accounts}]",
  "(list|show|show me) [the|all] {provider:provider} roles [in {accounts}]",
  "(which|what|list|show|show me|find) {provider:provider} roles [in {accounts}]",
  "(which|what|list|show|show me|find) federated roles [in {accounts}]",
  "what can {provider:provider} (get into|assume|enter|use|access) [in {accounts}]",
  "roles [that] [can be] (entered|assumed|used) (through|via|with|by) [an|a] (identity providers|federation|sso|providers)",
  "roles [that] (use|with) federation",
]
collectors = ["iam"]
documentation = """
Roles that trust an OpenID Connect or SAML provider. For GitHub and the like the conditions must name the repository:
without one on the subject, every repository in the world gets in.
"""

[parameters.provider]
type = "text"
default = ""
description = "Words of which the provider's id has one: `github actions`, `saml-provider`; all of them unless given."

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
WHERE t.principal_type = 'Federated' AND t.effect = 'Allow' AND coalesce(t.negated, false) = false
  AND ($provider = '' OR any(word IN split(toLower($provider), ' ') WHERE word <> '' AND toLower(p.id) CONTAINS word))
  AND (size($accounts) = 0 OR r.account_id IN $accounts)
RETURN r.id AS role, r.account_id AS account, p.id AS provider, t.conditions AS conditions,
       t.statement_id AS statement_id
ORDER BY statement_id, provider
