/*
question = "Which principals are granted services that they do not use?"
group = "permissions"
variations = [
  "(which|what) (principals|users and roles|roles and users|identities) (are granted|have|hold) services [that|which] they (do not|don't|never) use [in {accounts}]",
  "(list|show|show me|find) (unused services|services that are not used|granted services that are not used|unused service grants) [in {accounts}]",
  "(unused services|unused service grants) [in {accounts}]",
  "services [that are|which are|that were] granted [but|and|yet|though] (not used|unused|never used)",
  "(users|roles|principals) [that|who|which] [are] (granted|have) [access to] services [that|which] they (never|do not|don't) use",
]
collectors = ["last-accessed"]
documentation = """
From IAM's reports of service last accessed, which go back 400 days: the services that a principal's policies grant and
that it did not use in that time. Who has most of them comes first.
"""

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
principal = "The user's or role's ARN."
account = "Its account."
granted = "How many services its report is about."
unused = "How many of them it did not use."
services = "Their prefixes."
*/
MATCH (p)-[:HAS_LAST_ACCESSED]->(l:LastAccessed)
WHERE size(l.unused_services) > 0 AND (size($accounts) = 0 OR l.account_id IN $accounts)
RETURN p.id AS principal, l.account_id AS account, size(l.services) AS granted, size(l.unused_services) AS unused,
       l.unused_services AS services
ORDER BY unused DESC, principal
