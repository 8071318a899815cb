/*
question = "Of which escalations is it not known whether they are open?"
group = "becoming"
variations = [
  "(which|what|list|show|show me|find) (unknown escalations|escalations are unknown|escalations are not known) [in {accounts}]",
  "(of which|which) escalations (is it not known|are not known) whether they are open [in {accounts}]",
  "unknown escalations [in {accounts}]",
  "escalations [of which|where|that|for which] [it] [is] (not known|unknown|unclear) [if|whether] [they] [are] [open|possible]",
]
collectors = ["iam", "organizations"]
analyses = ["escalations"]
documentation = """
Escalations that hang on something that could not be read, and what that is: policies, or whether there is compute that runs as
the role.
"""

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts of the principals, by name or id, or an environment; all unless given."

[columns]
principal = "The principal, or the set of principals."
target = "Whom it may be able to escalate to."
technique = "How."
reason = "What is not known."
*/
MATCH (p)-[e:CAN_ESCALATE_TO]->(t)
WHERE e.decision = 'unknown' AND (size($accounts) = 0 OR p.account_id IN $accounts)
RETURN p.id AS principal, t.id AS target, e.technique AS technique, e.reason AS reason
ORDER BY principal, target, technique
