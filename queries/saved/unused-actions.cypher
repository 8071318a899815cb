/*
question = "Which actions of services that they use do users and roles not use?"
group = "permissions"
variations = [
  "(which|what|list|show|show me) (actions are unused|unused actions|actions are not used) [in {accounts}]",
  "(which|what) actions do (principals|roles|users) not use [in {accounts}]",
  "unused actions [in {accounts}]",
]
collectors = ["last-accessed"]
within_accounts = true
documentation = """
From IAM's reports of service last accessed, of services for which AWS tracks actions: those that a principal's policies
grant and that it did not use in the 400 days that are tracked, though it used the service. Services that were not used at
all are in `unused-services`. Most actions on data, such as `s3:GetObject`, are tracked nowhere, and never listed.
"""

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
principal = "The user's or role's ARN."
account = "Its account."
service = "The service's prefix in policies."
last_used_at = "When it last used the service."
unused = "How many tracked actions it did not use."
actions = "Which."
*/
MATCH (p:Principal)-[a:ACCESSED]->(s:Service)
WHERE size(a.unused_actions) > 0 AND (size($accounts) = 0 OR p.account_id IN $accounts)
RETURN p.id AS principal, p.account_id AS account, s.name AS service, a.last_accessed_at AS last_used_at,
       size(a.unused_actions) AS unused, a.unused_actions AS actions
ORDER BY unused DESC, principal, service
