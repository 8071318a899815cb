/*
question = "Of which users and access keys is it not known when they were last used?"
group = "permissions"
variations = [
  "of (which|what) users [and keys|and access keys] is it (not known|unknown) (when they were last used|whether they are used)",
  "(which|what|list|show|show me|find) (users|keys|access keys|users and keys) (of unknown use|whose use is not known|whose use is unknown) [in {accounts}]",
  "unknown use [in {accounts}]",
]
collectors = ["iam"]
documentation = """
Users and active access keys of which the credential report does not speak: it could not be read, or is older than they
are; and active signing certificates, SSH public keys and credentials of single services, where they were read: of their use
AWS tells nothing. They may be used or not, and are in no list of unused ones.
"""

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
subject = "The user, or the access key, certificate or other credential."
account = "Its account."
created_at = "When it was made."
*/
MATCH (u:User)
WHERE u.console_access IS NULL AND u.scope <> 'reference' AND (size($accounts) = 0 OR u.account_id IN $accounts)
RETURN u.id AS subject, u.account_id AS account, u.created_at AS created_at
UNION
MATCH (k:AccessKey)
WHERE k.active = true AND k.last_used_at IS NULL AND coalesce(k.use_known, false) = false
  AND (size($accounts) = 0 OR k.account_id IN $accounts)
RETURN k.id AS subject, k.account_id AS account, k.rotated_at AS created_at
UNION
MATCH (:User)-[:HAS_CREDENTIAL]->(c)
WHERE c.active = true AND (size($accounts) = 0 OR c.account_id IN $accounts)
RETURN c.id AS subject, c.account_id AS account, c.created_at AS created_at
