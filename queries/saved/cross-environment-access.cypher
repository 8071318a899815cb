/*
question = "Who outside production can assume roles in production?"
group = "becoming"
variations = [
  "(who|what|which principals) (outside|from outside) (production|prod) can (assume|enter|get into|use|reach) [roles] [in] (production|prod)",
  "(who|what|which principals) (from|in) {sources} can (assume|enter|use|get into|reach) roles in {accounts}",
  "(can|could) {sources} (reach|get into|access|enter) {accounts}",
  "(can|could) (someone|anyone|a person|people|something) (from|in|of) (dev|development|test|staging|non-prod|nonprod|sandbox) (assume|enter|reach|get into|get to|access|become|use|take over) [a|any|some] [something|role|roles|thing|anything] [in|of] (prod|production)",
  "(roles in|access to) production [roles] (from|reachable from|assumable from|entered from) (dev|development|test|staging|non-prod|nonprod)",
  "(dev|development|staging|test|non-prod|nonprod) to (prod|production) (paths|access|roles)",
  "cross environment (access|roles|paths)",
]
once = ["principal", "role"]
collectors = ["iam", "organizations"]
analyses = ["can-assume", "administers"]
severity = "high"
documentation = """
Principals of one environment that can directly assume roles of another: by its trust, their own policies and the
organization's. Longer ways are shown by `muniment path`.
"""
advice = """
Let production be entered from accounts that are guarded like it: from the pipeline's and from Identity Center.
"""
references = [
  "AWS Well-Architected: SEC01-BP01 Separate workloads using accounts",
  "ISO/IEC 27001:2022: A.8.31 Separation of development, test and production environments",
]

[parameters.sources]
type = "accounts"
default = "nonprod"
description = "Where they are: accounts or an environment."

[parameters.accounts]
type = "accounts"
default = "prod"
description = "Where the roles are: accounts or an environment."

[columns]
principal = "Who."
source = "Its account."
role = "The role."
account = "The role's account."
decision = "`allow`, `conditional` or `unknown`."
conditions = "What limits it."
administers = "Whether the role administers its account; empty if it does not."
*/
MATCH (r:Role)
WHERE r.account_id IN $accounts
MATCH (r)<-[c:CAN_ASSUME]-(x)<-[:GATHERED_IN*0..1]-(p)
WHERE p.account_id IN $sources AND NOT p.account_id IN $accounts AND NOT p:PrincipalSet
OPTIONAL MATCH (r)-[d:ADMINISTERS]->(:Account)
RETURN DISTINCT p.id AS principal, p.account_id AS source, r.id AS role, r.account_id AS account, c.decision AS decision,
       c.conditions AS conditions, d.decision AS administers
ORDER BY principal, role
