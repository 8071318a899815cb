/*
question = "How many people, machines and services are there in each account?"
group = "people"
variations = [
  "how many (people|machines|services|identities|humans) (are there|do we have|have we) [in {accounts}]",
  "how many (people|humans) and machines [are there|do we have] [in {accounts}]",
  "(count|count the) identities [in {accounts}]",
  "(how many|number of|count of) (people|humans) [and] machines [and] [services|service] [are there|do we have] [in|per] [each|every] account",
  "(how many|number of|count of) identities [are there] [of each kind] (in|per) [each|every] account",
]
collectors = ["iam", "identity-center"]
analyses = ["identities"]
within_accounts = true
documentation = """
Principals by account, kind and evidence. Users of Identity Center are of no account.
"""

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
account = "The account."
kind = "`human`, `machine`, `service` or `unknown`."
evidence = "What that rests on."
principals = "How many there are."
*/
MATCH (k:IdentityKind)<-[i:IDENTIFIED_AS]-(p:Principal)
WHERE size($accounts) = 0 OR p.account_id IN $accounts
RETURN p.account_id AS account, k.name AS kind, i.evidence AS evidence, count(p) AS principals
ORDER BY account, kind, evidence
