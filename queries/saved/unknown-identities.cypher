/*
question = "Of which principals is it not known who uses them?"
group = "people"
variations = [
  "(which|what|list|show|show me|find) [the] (unknown|unidentified|unexplained) (identities|principals|users|roles) [in {accounts}]",
  "(which|what|list|show|show me) identities are unknown [in {accounts}]",
  "unknown identities [in {accounts}]",
  "principals [where|of which|of whom|for which|whose] [it] [is] [are] (not known|unknown|unclear) who (uses|use|is behind|stands behind) [them]",
  "(who knows|unknown) (users|identities) behind principals",
  "roles [where|of which] [it] [is] (not known|unknown) who uses them",
]
collectors = ["iam", "identity-center"]
analyses = ["identities"]
documentation = """
Principals of which nothing tells whether people or programs use them, and those of which only the name does. Most trust a
whole account: whoever owns that account has to say.
"""

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
principal = "The principal's id."
account = "Its account."
kind = "`unknown`, or what its name suggests."
because = "What was looked at."
*/
MATCH (k:IdentityKind)<-[i:IDENTIFIED_AS]-(p:Principal)
WHERE (k.name = 'unknown' OR i.weak = true) AND (size($accounts) = 0 OR p.account_id IN $accounts)
RETURN p.id AS principal, p.account_id AS account, k.name AS kind, i.because AS because
ORDER BY principal
