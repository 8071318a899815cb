/*
question = "Which policies of ours are attached to nothing?"
group = "permissions"
variations = [
  "(which|what|list|show|show me|find) [the|managed|customer] (unattached|unused) [managed] policies [in {accounts}]",
  "(which|what|list|show|show me|find) [managed] policies (are|that are) (attached to nothing|not attached|not attached to anything|unattached|unused) [in {accounts}]",
  "[customer] [managed] policies [of ours|that we made] [that] [are] (unattached|not attached|attached to nothing) [anywhere|to anything|to anybody]",
  "(unattached|orphaned|leftover) [customer] [managed] policies",
]
collectors = ["iam"]
within_accounts = true
severity = "info"
documentation = """
Customer managed policies that nobody has, neither as a policy nor as a boundary: ready to be attached by whoever may attach
any.
"""
advice = """
Delete what is not kept for a reason.
"""
references = [
  "ISO/IEC 27001:2022: A.5.18 Access rights",
]

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
policy = "The policy."
name = "Its name."
account = "Its account."
updated_at = "When its default version was last set."
*/
MATCH (p:ManagedPolicy)
WHERE coalesce(p.aws_managed, false) = false AND p.scope <> 'reference' AND (size($accounts) = 0 OR p.account_id IN $accounts)
OPTIONAL MATCH (p)-[:ATTACHED_TO]->(h)
OPTIONAL MATCH (p)<-[:BOUNDED_BY]-(b)
WITH p, count(h) AS holders, count(b) AS bounded
WHERE holders = 0 AND bounded = 0
RETURN p.id AS policy, p.name AS name, p.account_id AS account, p.updated_at AS updated_at
ORDER BY policy
