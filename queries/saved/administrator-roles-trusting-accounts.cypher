/*
question = "Which administrator roles trust a whole other account?"
group = "administrators"
variations = [
  "(which|what|list|show|show me|find) [the] (administrator|admin) roles [that] (trust|trusting) [a] (whole|entire|other|another) (accounts|account|other account|other accounts) [in {accounts}]",
  "admin roles [that] trust [the] [whole|entire] (account|root) of [some] (others|other account)",
  "admin roles (trust|assumable by|open to) [whole|entire] [other] accounts",
]
collectors = ["iam", "organizations"]
analyses = ["administers"]
severity = "medium"
documentation = """
Roles that administer their account and trust another account as a whole: whoever administers that one decides who comes in.
Made with every account that the organization creates, `OrganizationAccountAccessRole` is one of them.
"""
advice = """
Trust the roles that need it by name, or ask for `aws:PrincipalArn`; for accounts of the organization, let a service control
policy say who may use the role.
"""
references = [
  "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
  "ISO/IEC 27001:2022: A.8.2 Privileged access rights",
]

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
role = "The role."
account = "Its account."
trusted = "The account that it trusts."
trusted_name = "That account's name."
decision = "Whether the role administers its account: `allow`, `conditional` or `unknown`."
conditions = "What the statement asks for."
*/
MATCH (r:Role)-[d:ADMINISTERS]->(:Account)
MATCH (r)-[t:TRUSTS]->(p)
WHERE t.effect = 'Allow' AND coalesce(t.negated, false) = false AND p.account_id <> r.account_id
  AND (p:Account OR p:RootUser) AND (size($accounts) = 0 OR r.account_id IN $accounts)
OPTIONAL MATCH (a:Account {id: p.account_id})
RETURN DISTINCT r.id AS role, r.account_id AS account, p.account_id AS trusted, a.name AS trusted_name, d.decision AS decision,
       t.conditions AS conditions
ORDER BY role, trusted
