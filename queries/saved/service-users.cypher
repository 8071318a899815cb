/*
question = "Who used the service {service}?"
group = "permissions"
variations = [
  "who (used|uses|accessed|has used) [the] [aws] service {service} [in {accounts}]",
  "(which|what) (principals|users|roles|identities) (use|used|uses|accessed|have used) [the] [aws] service {service} [in {accounts}]",
  "who (used|uses|is using) [the] [service] {service} [in {accounts}]",
]
collectors = ["last-accessed"]
documentation = """
Users and roles that tried to use the service in the 400 days that AWS tracks, the latest first. Where AWS tells of its
actions, those that were used are named.
"""

[parameters.service]
type = "text"
form = '[\w-]+'
description = "The service's prefix in policies: `s3`."

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
principal = "The user's or role's ARN."
account = "Its account."
last_accessed_at = "When it last did."
last_accessed_region = "The region of that request."
actions = "Tracked actions that it used, with times."
*/
MATCH (s:Service {name: toLower($service)})<-[a:ACCESSED]-(p)
WHERE size($accounts) = 0 OR p.account_id IN $accounts
RETURN p.id AS principal, p.account_id AS account, a.last_accessed_at AS last_accessed_at,
       a.last_accessed_region AS last_accessed_region, a.actions AS actions
ORDER BY last_accessed_at DESC, principal
