/*
question = "Who from outside can assume roles, and under which conditions?"
group = "trust"
variations = [
  "(which|what|list|show|show me|find) [the] (external access|outside access|access from outside) [to {accounts}]",
  "who (from outside|outside the organization|outside) (can assume roles|can get in|gets in) [in {accounts}]",
  "who can assume [our] roles from (outside|outside the organization|outside our organization|other organizations) [in {accounts}]",
  "external access [to {accounts}]",
  "(external|outside) access (in|to) {accounts}",
  "[which] (external|outside) (parties|principals|people|companies|entities|accounts) (have|with|has|can) access to [our] roles [conditions|and conditions|under which conditions|with which conditions|with what conditions|on what conditions]",
  "(external|outside) (principals|parties) [can] assume [our] roles [conditions|under which conditions|on which conditions]",
]
collectors = ["iam", "organizations"]
analyses = ["can-assume"]
severity = "info"
documentation = """
Anyone, accounts outside the register and their principals, and identity providers that can assume a role, with the
conditions that limit it. What has no condition comes first. Roles that IAM Identity Center keeps for its own assignments
(`aws-reserved/sso.amazonaws.com`) are left out: only AWS can change whom they trust.
"""
advice = "Let the owner of each role confirm it, with a date; remove the rest."
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
principal = "Who gets in."
decision = "`allow`, `conditional` or `unknown`."
conditions = "What the request must fulfil."
because = "The statements that it rests on."
*/
MATCH (a:Account)
WHERE a.scope <> 'reference'
WITH collect(a.id) AS known
MATCH (r:Role)<-[c:CAN_ASSUME]-(p)
WHERE (p:Anyone OR p:OidcProvider OR p:SamlProvider OR p:FederatedPrincipal
       OR (p.account_id IS NOT NULL AND NOT p.account_id IN known))
  AND NOT (p:SamlProvider AND r.id CONTAINS ':role/aws-reserved/sso.amazonaws.com/')
  AND (size($accounts) = 0 OR r.account_id IN $accounts)
RETURN r.id AS role, r.account_id AS account, p.id AS principal, c.decision AS decision, c.conditions AS conditions,
       c.because AS because
ORDER BY size(coalesce(c.conditions, [])), role, principal
