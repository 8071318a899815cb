/*
question = "Which users can others take over?"
group = "becoming"
variations = [
  "(which|what|list|show|show me|find) (users|iam users) can (others|someone else|anyone else|other principals) take over [in {accounts}]",
  "(which|what|list|show|show me|find) (users|iam users) can be (taken over|hijacked) [in {accounts}]",
  "(who|which principals) can (make|create) (access keys|passwords|keys) (of|for) (others|other users) [in {accounts}]",
  "[iam] users [whose|that|who] [accounts|account|credentials|keys|password] (others|someone else|other principals|another user) (can|could) (take over|hijack|take|control)",
  "users [who|that] [can|could|may] [be] taken over [by] [others|someone]",
  "(whose password|which users' passwords|which users' keys) can others (change|set|reset|create)",
]
once = ["user", "principal", "technique"]
collectors = ["iam", "organizations"]
analyses = ["escalations"]
severity = "high"
documentation = """
IAM users of whom somebody else, who is no administrator anyway, can make an access key or set the password.
"""
advice = "Take from the principal what the technique needs, or move the user to Identity Center."
references = [
  "ISO/IEC 27001:2022: A.8.2 Privileged access rights",
]

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
user = "The user that can be taken over."
account = "Its account."
principal = "By whom; members of a set one by one."
technique = "How."
decision = "`allow`, `conditional` or `unknown`."
conditions = "Conditions that remain."
*/
MATCH (u:User)<-[e:CAN_ESCALATE_TO]-(x)
WHERE size($accounts) = 0 OR u.account_id IN $accounts
OPTIONAL MATCH (x)<-[:GATHERED_IN]-(m)
WITH u, e, coalesce(m.id, x.id) AS principal
WHERE principal <> u.id
RETURN u.id AS user, u.account_id AS account, principal AS principal, e.technique AS technique, e.decision AS decision,
       e.conditions AS conditions
ORDER BY user, principal, technique
