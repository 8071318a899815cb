/*
question = "Who are the effective administrators?"
group = "administrators"
variations = [
  "(who|which principals|what principals) (administers|administer|are administrators of|are effective administrators of|has full control of|has full control over) {accounts}",
  "(list|show|show me) [the|all] (effective administrators|administrators|admins) [of|in] {accounts}",
  "(list|show|show me|who are) [the|all] [effective] (administrators|admins)",
  "who are the (effective admins|effective administrators) (of|in) {accounts}",
  "(which|what|list|show|show me|find) [the] (admins|administrators) (in|of) {accounts}",
  "(which|what|list|show|show me|find) [the] (admins|administrators)",
  "(who are|list|show) [our] (real|true|actual|effective) admins",
  "who [is|are] [effectively] [an] admin",
  "(who|everyone who|everybody who) (really|effectively) has admin rights",
]
collectors = ["iam", "organizations"]
analyses = ["administers"]
documentation = """
Whoever can do anything in an account, or can grant itself anything, whatever it is called. Who can become one of them
is another question: who can assume admin.
"""

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
account = "The account."
principal = "The administrator's id."
name = "Its name."
decision = "`allow`, `conditional` or `unknown`."
conditions = "What requests must fulfil."
because = "The statements that it rests on."
*/
MATCH (a:Account)<-[c:ADMINISTERS]-(p)
WHERE size($accounts) = 0 OR a.id IN $accounts
RETURN a.id AS account, p.id AS principal, p.name AS name, c.decision AS decision, c.conditions AS conditions,
       c.because AS because
ORDER BY account, principal
