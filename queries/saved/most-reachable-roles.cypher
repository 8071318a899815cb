/*
question = "Which roles can most principals assume?"
group = "becoming"
variations = [
  "(which|what) roles can [the] (most principals|most people|most|most others) assume [in {accounts}]",
  "(which|what) roles are [the] most (reachable|assumable|exposed) [in {accounts}]",
  "[the] most (reachable|assumable) roles [in {accounts}]",
  "(which|what|list|show|show me|find) [the] most reachable roles [in {accounts}]",
  "roles [that] (most|the most) (principals|people|identities|users) can (assume|take|enter|use|get)",
  "roles [that can be] (assumed|taken|entered) by [the] most (principals|people|identities)",
  "(most assumed|widest open|most widely assumable) roles",
]
collectors = ["iam", "organizations"]
analyses = ["can-assume", "administers"]
documentation = """
Roles by how many users and roles of the register can directly assume them, whether under conditions or not. Members of
Identity Center's groups are not counted one by one.
"""

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
role = "The role."
account = "Its account."
principals = "How many can assume it."
accounts = "From how many accounts."
administers = "Whether the role administers its account; empty if it does not."
*/
MATCH (r:Role)
WHERE (size($accounts) = 0 OR r.account_id IN $accounts)
MATCH (r)<-[:CAN_ASSUME]-(x)<-[:GATHERED_IN*0..1]-(p)
WHERE NOT p:PrincipalSet
WITH r, count(DISTINCT p.id) AS principals, count(DISTINCT p.account_id) AS places
OPTIONAL MATCH (r)-[d:ADMINISTERS]->(:Account)
RETURN r.id AS role, r.account_id AS account, principals AS principals, places AS accounts, d.decision AS administers
ORDER BY principals DESC, role
LIMIT 50
