/*
question = "Which roles trust accounts outside the organization?"
group = "trust"
variations = [
  "(which|what|list|show|show me|find) [the] roles [that|which] trust (outside accounts|foreign accounts|external accounts|accounts outside the organization|accounts outside the org|third parties|other companies|outsiders|unknown accounts) [in {accounts}]",
  "(which|what) (third parties|external accounts|foreign accounts|outside accounts) can get in [to {accounts}]",
  "(which|what) (third parties|external accounts|foreign accounts|outside accounts) (are trusted|do we trust)",
  "(which|what|list|show|show me|find) roles [that] trust (external accounts|outside accounts|foreign accounts|third parties|vendors) [in {accounts}]",
  "[which] third parties (have access|with access) [to {accounts}]",
  "third party (access|trusts|roles) [in {accounts}]",
  "(cross account|cross-account) trusts to third parties [in {accounts}]",
  "roles [that] trust (outside|external) [accounts|principals|companies]",
  "roles [that] trust [an|any] accounts [that are] (outside|not of the organization|not in the organization) [the organization]",
  "(external|outside|third party) accounts [that] (are trusted|we trust) [by our roles]",
]
collectors = ["iam", "organizations"]
severity = "info"
documentation = """
Roles whose trust policy allows an account that no scope states, or a principal of one. Without an `sts:ExternalId` in
the conditions, a third party can be made to use the role for somebody else.
"""
advice = "Let the owner of each role confirm it; remove the rest."
references = [
  "ISO/IEC 27001:2022: A.5.19 Information security in supplier relationships",
  "AWS Well-Architected: SEC03-BP09 Share resources securely with a third party",
]

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
role = "The role's ARN."
account = "Its account."
principal = "Who is trusted."
outside = "The account outside."
conditions = "The statement's conditions."
statement_id = "`ROLE#trust/N`."
*/
MATCH (a:Account)
WHERE a.scope <> 'reference'
WITH collect(a.id) AS known
MATCH (r:Role)-[t:TRUSTS]->(p)
WHERE t.effect = 'Allow' AND coalesce(t.negated, false) = false AND p.account_id IS NOT NULL
  AND NOT p.account_id IN known AND (size($accounts) = 0 OR r.account_id IN $accounts)
RETURN r.id AS role, r.account_id AS account, p.id AS principal, p.account_id AS outside,
       t.conditions AS conditions, t.statement_id AS statement_id
ORDER BY statement_id, principal
