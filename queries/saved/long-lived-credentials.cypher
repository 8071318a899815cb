/*
question = "Which long-lived credentials are there, how old, and when were they last used?"
group = "credentials"
variations = [
  "(which|what|list|show|show me) [the|all] (long lived|long-lived|permanent|static) credentials [are there] [older than {days} days] [in {accounts}]",
  "(long lived|long-lived) credentials [in {accounts}]",
  "(which|what|list|show|show me|find) [the] (long lived|long-lived|static) (credentials|secrets) [in {accounts}]",
  "(overview of|all) (long lived|permanent|static) (credentials|keys|secrets) [with|including|their] [age|ages] [last use|last used|use] [when] [and]",
  "(how old are|age of) [our] (long lived|static|permanent) (credentials|keys)",
]
collectors = ["iam", "identity-center", "user-credentials"]
analyses = ["identities"]
order = ["since", "holder", "credential"]
documentation = """
Passwords, active access keys, signing certificates, SSH public keys and credentials of single services, of users and root
users, the oldest first, each with who uses it. `since` is when it was made or last changed; that of a root user's password,
which is listed once it has signed in, is not told by AWS. SSH public keys and credentials of single services (CodeCommit,
Keyspaces, Bedrock) take two calls for each user, and are read on request: `muniment ingest aws --also user-credentials`.
"""

[parameters.days]
type = "days"
default = "0"
description = "How old at least, in days; those whose age is not known are always listed."

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
holder = "Whose it is."
account = "The account."
kind = "`human`, `machine` or `unknown`."
credential = "`password`, or the name of the key, certificate or credential."
since = "When it was made or last changed."
age_days = "How many days ago that was."
last_used = "When it was last used; empty if never. AWS tells it of passwords and access keys alone."
unused_days = "How many days ago that was."
last_used_service = "The service of a key's last request."

[ages]
age_days = "since"
unused_days = "last_used"
*/
MATCH (i:IdentityKind)<-[:IDENTIFIED_AS]-(u:Principal)-[:HAS_ACCESS_KEY]->(k:AccessKey)
WHERE k.active = true AND coalesce(k.rotated_at, '') <= $days AND (size($accounts) = 0 OR u.account_id IN $accounts)
RETURN u.id AS holder, u.account_id AS account, i.name AS kind, coalesce(k.name, k.id) AS credential,
       k.rotated_at AS since, k.last_used_at AS last_used, k.last_used_service AS last_used_service
UNION
MATCH (i:IdentityKind)<-[:IDENTIFIED_AS]-(u:User)
WHERE u.console_access = true AND coalesce(u.password_changed_at, '') <= $days
  AND (size($accounts) = 0 OR u.account_id IN $accounts)
RETURN u.id AS holder, u.account_id AS account, i.name AS kind, 'password' AS credential,
       u.password_changed_at AS since, u.password_last_used AS last_used, null AS last_used_service
UNION
MATCH (i:IdentityKind)<-[:IDENTIFIED_AS]-(u:RootUser)
WHERE u.password_last_used IS NOT NULL AND (size($accounts) = 0 OR u.account_id IN $accounts)
RETURN u.id AS holder, u.account_id AS account, i.name AS kind, 'password' AS credential,
       null AS since, u.password_last_used AS last_used, null AS last_used_service
UNION
MATCH (i:IdentityKind)<-[:IDENTIFIED_AS]-(u:Principal)-[:HAS_CREDENTIAL]->(c)
WHERE c.active = true AND coalesce(c.created_at, '') <= $days AND (size($accounts) = 0 OR u.account_id IN $accounts)
RETURN u.id AS holder, u.account_id AS account, i.name AS kind, coalesce(c.name, c.id) AS credential,
       c.created_at AS since, null AS last_used, null AS last_used_service
