/*
question = "Who stands behind each principal?"
group = "people"
variations = [
  "(who|what) (stands behind|is behind|uses) (each|every|the) (principal|principals|identity|identities) [in {accounts}]",
  "(list|show|show me) [the|all] (identities|people and machines) [in {accounts}]",
  "(which|what|list|show|show me) [the|all] {kind:identity} identities [are there] [in {accounts}]",
  "identities [in {accounts}]",
  "(people|machine) (or|and) (machine|people) behind [each|every|the] principal",
  "(who|what) [is|stands] behind (each|every|all|the) (role|principal|identity|user)",
]
collectors = ["iam", "identity-center"]
analyses = ["identities"]
documentation = """
Every user, role, root user and user of Identity Center is `human`, `machine`, `service` or `unknown`, with the evidence:
a password, Identity Center, the trust policy, what its credentials are used for, and its name last, which is `weak`.
"""

[parameters.kind]
type = "text"
form = "human|machine|service|unknown"
default = ""
description = "`human`, `machine`, `service` or `unknown`; all of them unless given."

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
principal = "The principal's id."
account = "Its account."
kind = "Who uses it."
evidence = "What that rests on: `login-profile`, `identity-center`, `root`, `trust`, `use`, `name` or `none`."
weak = "Whether that is only a name, or keys that were never used."
because = "The reasons."
also = "Other kinds that use it besides."
doubts = "What speaks against it."
*/
MATCH (k:IdentityKind)<-[i:IDENTIFIED_AS]-(p:Principal)
WHERE ($kind = '' OR k.name = toLower($kind)) AND (size($accounts) = 0 OR p.account_id IN $accounts)
RETURN p.id AS principal, p.account_id AS account, k.name AS kind, i.evidence AS evidence, i.weak AS weak,
       i.because AS because, i.also AS also, i.doubts AS doubts
ORDER BY kind, principal
