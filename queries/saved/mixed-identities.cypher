/*
question = "Which identities do people and machines share?"
group = "people"
variations = [
  "(which|what|list|show|show me|find) identities (do|are|that) (people and machines|machines and people|people and programs) (share|shared by|use)",
  "(which|what|list|show|show me|find) [the] (mixed|shared|doubtful) identities [in {accounts}]",
  "mixed identities [in {accounts}]",
  "identities [that are] (used|shared|usable) (by|from) [both] people [and] [by|from] machines [together|alike|both]",
  "identities [that] people [and] machines [both] (use|share)",
]
collectors = ["iam", "identity-center"]
analyses = ["identities"]
severity = "medium"
documentation = """
Principals that people and programs both use, as far as credentials and trust policies tell, and those whose name says
otherwise than the evidence. Nobody can tell from a log who of them it was.
"""
advice = "Give the machine a role, and the person an identity in Identity Center."
references = [
  "ISO/IEC 27001:2022: A.5.16 Identity management",
]

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
principal = "The principal's id."
account = "Its account."
kind = "Who it is taken to be for."
also = "Who uses it besides."
doubts = "What speaks against it."
because = "The reasons."
*/
MATCH (k:IdentityKind)<-[i:IDENTIFIED_AS]-(p:Principal)
WHERE (i.also IS NOT NULL OR i.doubts IS NOT NULL) AND (size($accounts) = 0 OR p.account_id IN $accounts)
RETURN p.id AS principal, p.account_id AS account, k.name AS kind, i.also AS also, i.doubts AS doubts,
       i.because AS because
ORDER BY principal
