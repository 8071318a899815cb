/*
question = "Which techniques of escalation are open, and to how many?"
group = "becoming"
variations = [
  "(which|what|list|show|show me) [the] [escalation|privesc] techniques [of escalation|of privilege escalation] (are open|are possible|work|can be used) [in {accounts}]",
  "(list|show|show me) [the] (escalation|privilege escalation|privesc) techniques [in {accounts}]",
  "[which|what] [privilege] escalation techniques (work|are open|are possible|exist|apply|are available) [here|in our estate|for us] [how many|and how many|to how many|by how many] [principals|users|roles] [can|could] [use|used] [them]",
  "(by which|with which) techniques can [principals|people|one] escalate",
]
collectors = ["iam", "organizations"]
analyses = ["escalations"]
documentation = """
Each technique by which anyone can escalate: how many principals can, and how many targets they reach.
"""

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts of the principals, by name or id, or an environment; all unless given."

[columns]
technique = "The technique's id."
principals = "How many principals, members of sets among them."
targets = "How many roles, users, groups and accounts they reach."
*/
MATCH (x)-[e:CAN_ESCALATE_TO]->(t)
WHERE size($accounts) = 0 OR x.account_id IN $accounts
OPTIONAL MATCH (x)<-[:GATHERED_IN]-(m)
WITH e.technique AS technique, coalesce(m.id, x.id) AS principal, t.id AS target
RETURN technique AS technique, count(DISTINCT principal) AS principals, count(DISTINCT target) AS targets
ORDER BY technique
