/*
question = "Which roles trust principals that no longer exist?"
group = "trust"
variations = [
  "(which|what|list|show|show me|find) [the] roles [that|which] trust (deleted principals|deleted users|deleted roles|principals that no longer exist|users that no longer exist) [in {accounts}]",
  "deleted principals",
  "(which|what) deleted (principals|users|roles) are (still|) trusted [in {accounts}]",
  "roles [that] [still] trust [a] deleted (user|role|principal|users|roles|principals|identity|identities)",
  "trust (to|in|of) deleted (users|roles|principals)",
  "trust policies [that] (name|mention|refer to) deleted (users|roles|principals)",
]
collectors = ["iam"]
severity = "low"
documentation = """
AWS shows the immutable id where a deleted principal's ARN stood. Nobody can use it any more: the statement can go.
"""
advice = "Take the principal out of the trust policy."
references = [
  "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
]

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
role = "The role's ARN."
account = "Its account."
principal = "The immutable id."
statement_id = "`ROLE#trust/N`."
*/
MATCH (p:DeletedPrincipal)<-[t:TRUSTS]-(r:Role)
WHERE size($accounts) = 0 OR r.account_id IN $accounts
RETURN r.id AS role, r.account_id AS account, p.id AS principal, t.statement_id AS statement_id
ORDER BY statement_id, principal
