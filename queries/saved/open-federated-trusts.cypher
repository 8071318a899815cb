/*
question = "Which trusts in identity providers let strangers or any repository in?"
group = "trust"
variations = [
  "(which|what|list|show|show me|find) [the] (open|wide open|too wide|broad) (federated|oidc|github) trusts [in {accounts}]",
  "(which|what|list|show|show me|find) roles [that] (any|every) (repository|repo|branch) can (enter|assume|use) [in {accounts}]",
  "(which|what|list|show|show me|find) roles [that] any (repo|repository|branch) can (assume|enter|use) [in {accounts}]",
  "(which|what|list|show|show me|find) [overly|too] (broad|wide|open) (oidc|federated|github) trusts [in {accounts}]",
  "[github|oidc|federated|gitlab] roles [that|which] any (repo|repository|branch) (can|could|may) (use|assume|enter|take)",
  "(oidc|github|federated) trusts [that are] (too broad|too wide|open to any repository|open to any repo|too open)",
  "(github|oidc) trusts without (subject|sub|sub condition|subject condition|repository condition)",
]
collectors = ["iam", "organizations"]
analyses = ["federation", "can-assume", "administers"]
severity = "critical"
documentation = """
Trusts whose conditions let in everyone who has the provider's tokens, any repository of an organization, or nobody knows
whom. A trust that policies let nobody use is left out.
"""
advice = """
Name the repository and the branch or environment in the condition on the token's subject, by `StringEquals`.
"""
references = [
  "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html",
]

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
admits = "Who is let in, as a sentence."
breadth = "`unknown`, `anyone` or `any-repository`."
role = "The role."
account = "Its account."
administers = "Whether the role administers its account; empty if it does not."
statement_id = "`ROLE#trust/N`."
*/
MATCH (s:FederatedSubject)-[a:ADMITTED_TO]->(r:Role)<-[c:CAN_ASSUME]-(p:Principal)
WHERE s.breadth IN ['unknown', 'anyone', 'any-repository'] AND p.id = a.provider AND c.action = a.action AND (size($accounts) = 0 OR r.account_id IN $accounts)
OPTIONAL MATCH (r)-[d:ADMINISTERS]->(:Account)
RETURN DISTINCT s.name AS admits, s.breadth AS breadth, r.id AS role, r.account_id AS account, d.decision AS administers,
       a.statement_id AS statement_id
ORDER BY breadth, admits, statement_id
