/*
question = "Which roles let third parties in without an external id?"
group = "trust"
variations = [
  "(which|what|list|show|show me|find) [the] roles [that] (trust|trusting|let in|let) (third parties|outsiders|outside accounts|external accounts|vendors|others) [in] (without|with no) [an] (external id|externalid|external ids) [in {accounts}]",
  "(which|what|list|show|show me|find) [the] (confused deputy|confused deputies) [risks|problems] [in {accounts}]",
  "(which|what|list|show|show me|find) third parties {without} [an] external id [in {accounts}]",
  "(which|what|list|show|show me|find) roles {without} [an] external id [in {accounts}]",
  "(third parties|outside accounts|external accounts) [that|who|which] [can|may] (assume|enter|use|are trusted|trusted) [roles|our roles|by roles] without [an] external id",
  "roles [that] trust (third parties|external accounts) [but|where] [do] [require] no external id",
  "(cross account|cross-account) roles without [an] external id",
]
collectors = ["iam", "organizations"]
severity = "high"
documentation = """
Roles that trust an account outside the organization, or somebody in it, by a statement that does not ask for an
`sts:ExternalId`. Whoever serves several customers from that account can be made to use the role for another of them.
"""
advice = """
Ask the third party for the external id that it has for you, and require it by `StringEquals` in the trust policy.
"""
references = [
  "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
  "ISO/IEC 27001:2022: A.5.19 Information security in supplier relationships",
]

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
role = "The role."
account = "Its account."
principal = "Who is trusted."
outside = "The account outside."
conditions = "What the statement asks for."
statement_id = "`ROLE#trust/N`."
*/
MATCH (a:Account)
WHERE a.scope <> 'reference'
WITH collect(a.id) AS known
MATCH (r:Role)-[t:TRUSTS]->(p)
WHERE t.effect = 'Allow' AND coalesce(t.negated, false) = false AND p.account_id IS NOT NULL AND NOT p.account_id IN known
  AND 'sts:AssumeRole' IN coalesce(t.actions, ['sts:AssumeRole'])
  AND NOT toLower(coalesce(t.conditions, '')) CONTAINS 'sts:externalid' AND (size($accounts) = 0 OR r.account_id IN $accounts)
RETURN r.id AS role, r.account_id AS account, p.id AS principal, p.account_id AS outside, t.conditions AS conditions,
       t.statement_id AS statement_id
ORDER BY statement_id, principal
