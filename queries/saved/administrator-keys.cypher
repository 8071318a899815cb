/*
question = "Which active access keys are those of administrators?"
group = "administrators"
variations = [
  "(which|what|list|show|show me|find) [the|active] access keys (belong to|are those of|of|are of) (administrators|admins|an administrator|an admin) [in {accounts}]",
  "(which|what|list|show|show me|find) (administrators|admins) [that|who] (have|with) access keys [in {accounts}]",
  "(which|what|list|show|show me|find) (admins|administrators) with access keys [in {accounts}]",
  "[active] (access keys|keys) (of|held by|owned by|belonging to) [iam] (admins|admin users)",
  "admin [users] (keys|access keys) [that are] [still] [active]",
  "(do|have) [any] admins [have] [active] access keys",
]
collectors = ["iam", "organizations"]
analyses = ["administers"]
severity = "critical"
documentation = """
One such key in a repository or on a stolen machine is the account. Keys of root users are among them.
"""
advice = """
Replace it by a role: for people through Identity Center, for machines through what they run on or OIDC. Then delete it.
"""
references = [
  "CIS AWS Foundations Benchmark v3.0.0: 1.4",
  "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
]

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
key = "The access key's slot."
holder = "Whose it is."
account = "The account that it opens."
decision = "`allow`, `conditional` or `unknown`."
rotated_at = "When it was made or last changed."
age_days = "How many days ago that was."
last_used_at = "When it last signed a request; empty if never."
unused_days = "How many days ago that was; empty if never."

[ages]
age_days = "rotated_at"
unused_days = "last_used_at"
*/
MATCH (k:AccessKey)<-[:HAS_ACCESS_KEY]-(u:User)-[d:ADMINISTERS]->(a:Account)
WHERE k.active = true AND (size($accounts) = 0 OR a.id IN $accounts)
RETURN k.id AS key, u.id AS holder, a.id AS account, d.decision AS decision, k.rotated_at AS rotated_at,
       k.last_used_at AS last_used_at
UNION
MATCH (k:AccessKey)<-[:HAS_ACCESS_KEY]-(u:RootUser)
WHERE k.active = true AND (size($accounts) = 0 OR u.account_id IN $accounts)
RETURN k.id AS key, u.id AS holder, u.account_id AS account, 'allow' AS decision, k.rotated_at AS rotated_at,
       k.last_used_at AS last_used_at
