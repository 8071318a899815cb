/*
question = "Which users have two active access keys?"
group = "credentials"
variations = [
  "(which|what|list|show|show me|find) [iam] users [that|who] (have|with) (two|2|several|multiple|more than one) [active] [access] keys [in {accounts}]",
  "(which|what|list|show|show me|find) [iam] users with (two|2|several|multiple) [active] access keys [in {accounts}]",
  "[iam] users [who|that] (have|having|with|own) (two|2|several|more than one|multiple) [active] access keys",
]
collectors = ["iam"]
within_accounts = true
severity = "low"
documentation = """
A second key is for the days of a rotation. One that stays is a credential that nobody looks after.
"""
advice = """
Find out which one is used, deactivate the other, and delete it when nothing breaks.
"""
references = [
  "CIS AWS Foundations Benchmark v3.0.0: 1.13",
]

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
user = "The user."
account = "Its account."
keys = "How many active keys it has."
oldest = "When the oldest of them was made or last changed."
*/
MATCH (u:User)-[:HAS_ACCESS_KEY]->(k:AccessKey)
WHERE k.active = true AND (size($accounts) = 0 OR u.account_id IN $accounts)
WITH u, count(k) AS keys, min(k.rotated_at) AS oldest
WHERE keys > 1
RETURN u.id AS user, u.account_id AS account, keys AS keys, oldest AS oldest
ORDER BY user
