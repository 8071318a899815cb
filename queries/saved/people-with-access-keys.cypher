/*
question = "Which people's identities do machines use?"
group = "people"
variations = [
  "(which|what|list|show|show me|find) (people's|human|personal) (identities|users|principals) (do|are|that) (machines|programs|scripts) (use|used by) [in {accounts}]",
  "(which|what|list|show|show me|find) (people|humans|persons) [that|who] (have|with|hold) (access keys|long lived keys|long-lived keys) [in {accounts}]",
  "people with access keys [in {accounts}]",
  "access keys of people [that|which] [are] used (by|from) [a|some] (script|scripts|machine|machines|program|programs|pipeline|automation)",
  "(machines|scripts|programs) [that] use [the] (identities|keys|credentials|accounts) of people",
  "people's (keys|identities|credentials) used by (machines|scripts|programs)",
]
collectors = ["iam", "identity-center"]
analyses = ["identities"]
severity = "medium"
documentation = """
Active access keys of users that are people's. A key signs requests without its owner, on a laptop or in a script, and
leaves with neither. What it was last used for tells which.
"""
advice = "Give the machine a role, and delete the person's key."
references = [
  "ISO/IEC 27001:2022: A.5.16 Identity management",
]

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
user = "The user."
account = "Its account."
key = "The access key's slot."
rotated_at = "When it was made or last changed."
age_days = "How many days ago that was."
last_used_at = "When it last signed a request; empty if never."
unused_days = "How many days ago that was; empty if never."
last_used_service = "The service of that request."
last_used_region = "The region of that request."
because = "Why the user is taken for a person's."

[ages]
age_days = "rotated_at"
unused_days = "last_used_at"
*/
MATCH (:IdentityKind {name: 'human'})<-[i:IDENTIFIED_AS]-(u:Principal)-[:HAS_ACCESS_KEY]->(k:AccessKey)
WHERE k.active = true AND (size($accounts) = 0 OR u.account_id IN $accounts)
RETURN u.id AS user, u.account_id AS account, k.id AS key, k.rotated_at AS rotated_at, k.last_used_at AS last_used_at,
       k.last_used_service AS last_used_service, k.last_used_region AS last_used_region, i.because AS because
ORDER BY key
