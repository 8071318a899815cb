/*
question = "Which roles trust anyone at all?"
group = "trust"
variations = [
  "(which|what|list|show|show me|find) [the] roles [that|which] (trust|can be assumed by) (anyone|everyone|anybody|everybody|the world|the public|the internet|*) [in {accounts}]",
  "(which|what|list|show|find) (public roles|roles are public) [in {accounts}]",
  "public roles",
  "(which|what|list|show|show me|find) public roles [in {accounts}]",
  "(which|what|list|show|show me|find) roles [that] (anyone|anybody|everyone|everybody) can (assume|use) [in {accounts}]",
  "(which|what|list|show|show me|find) roles (can anyone|can anybody|can everyone) (assume|use) [in {accounts}]",
  "(which|what|list|show|show me|find) roles [that] trust (everyone|everybody|anyone|anybody|the world) [in {accounts}]",
  "(which|what|list|show|show me|find) roles (open|are open|that are open) to (the world|anyone|everyone) [in {accounts}]",
  "roles [that] (anyone|the whole world|the internet|strangers|anyone in the world|the public) (can|could|may|able|is able to) (assume|enter|take|use)",
  "roles [with] [a] (principal|trust policy) (*|star|public) [trust] [in trust policy]",
]
collectors = ["iam"]
severity = "critical"
documentation = """
A trust policy with the principal `*` and the effect Allow. Conditions may still narrow it: read them.
"""
advice = "Name who may assume it."
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
actions = "What it allows."
conditions = "The statement's conditions."
statement_id = "`ROLE#trust/N`."
*/
MATCH (x:Anyone)<-[t:TRUSTS]-(r:Role)
WHERE t.effect = 'Allow' AND coalesce(t.negated, false) = false AND (size($accounts) = 0 OR r.account_id IN $accounts)
RETURN r.id AS role, r.account_id AS account, t.actions AS actions, t.conditions AS conditions,
       t.statement_id AS statement_id
ORDER BY statement_id
