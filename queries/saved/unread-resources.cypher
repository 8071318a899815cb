/*
question = "Which data resources have policies that could not be read?"
group = "data"
variations = [
  "(which|what|list|show|find) [data] resources (without readable policies|with unread policies|with unreadable policies) [in {accounts}]",
  "[data] resources [with|whose|where] [a|the] (policy|policies) [could|can|that] [is|are] [be] (not read|unreadable|unread|not readable)",
]
collectors = ["iam", "organizations"]
documentation = """
Whatever depends on one of these is unknown. A key that AWS manages is not asked about, and not listed.
"""

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
resource = "The resource."
account = "Its account."
region = "Its region."
reason = "The error code of the call, or what of the policy could not be understood."
*/
MATCH (r:DataResource)
WHERE ((r.policy_unread IS NOT NULL AND r.policy_unread <> 'NotAsked') OR r.policy_malformed IS NOT NULL)
  AND (size($accounts) = 0 OR r.account_id IN $accounts)
RETURN r.id AS resource, r.account_id AS account, r.region AS region,
       coalesce(r.policy_unread, r.policy_malformed) AS reason
ORDER BY resource
