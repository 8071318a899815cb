/*
question = "Of which users and roles is it not known what they used?"
group = "permissions"
variations = [
  "(which|what) (users and roles|principals|roles|users) have no (use report|report of use|service last accessed|last accessed report) [in {accounts}]",
  "of (which|what) (principals|users and roles) is it not known what they (use|used) [in {accounts}]",
  "(users|roles|principals) [and|or] [users|roles] [for whom|of which|for which|where] [is|are] [there] [is] (no|without|missing) [use|usage|activity] (information|data|report) [available]",
  "(users|roles|principals) (with|having) no (usage data|usage information|use report|last accessed report|last accessed data)",
]
collectors = ["iam", "last-accessed"]
within_accounts = true
documentation = """
Users and roles without a report of service last accessed: its job failed, was refused, or they were made since. Service-linked
roles have none by intent.
"""

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
principal = "The user's or role's ARN."
account = "Its account."
created_at = "When it was made."
*/
MATCH (p:Principal)
WHERE (p:User OR p:Role) AND p.scope <> 'reference' AND coalesce(p.service_linked, false) = false
  AND (size($accounts) = 0 OR p.account_id IN $accounts)
OPTIONAL MATCH (p)-[:HAS_LAST_ACCESSED]->(l:LastAccessed)
WITH p, count(l) AS reports
WHERE reports = 0
RETURN p.id AS principal, p.account_id AS account, p.created_at AS created_at
ORDER BY principal
