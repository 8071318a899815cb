/*
question = "Which principals can make themselves administrators?"
group = "becoming"
variations = [
  "(which|what|list|show|show me|find) (principals|users|roles|identities) (can|could) make themselves (administrators|admins|administrator|admin) [in {accounts}]",
  "(who|which principals) (can|could) (grant themselves|give themselves) (anything|administration|admin|administrator access) [in {accounts}]",
  "(which|what) accounts can be (taken over|gained) [in {accounts}]",
  "who can (make themselves|make itself|turn themselves into) (admin|an admin|administrator|an administrator|administrators|admins) [in {accounts}]",
  "(who|which principals|which users) (can|could|may|is able to) (make|turn|promote|grant|give) (himself|herself|themselves|itself|oneself|their own) [to] [into] [an] (admin|administrator|admin rights)",
  "self [made] admins",
]
once = ["account", "principal", "technique"]
collectors = ["iam", "organizations"]
analyses = ["escalations"]
severity = "high"
documentation = """
Whoever can grant itself anything in its account, or grant anything to one that it can become; members of a set come one by
one; or gain an account of the organization by administering IAM Identity Center. Administrators of the management account,
who can do that anyway, are left out. Take away the permission that the technique names, or put a permissions boundary around
it.
"""
advice = """
Take from the principal what the technique needs; `muniment escalations --from PRINCIPAL --explain` says what that is.
"""
references = [
  "ISO/IEC 27001:2022: A.8.2 Privileged access rights",
]

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
principal = "The one who can."
account = "The account that it gains."
technique = "How."
decision = "`allow`, `conditional` or `unknown`."
conditions = "Conditions that remain."
through = "Whom it takes over on the way, if anyone."
*/
MATCH (a:Account)<-[e:CAN_ESCALATE_TO]-(x)
WHERE size($accounts) = 0 OR a.id IN $accounts
OPTIONAL MATCH (x)<-[:GATHERED_IN]-(m)
WITH a, e, coalesce(m, x) AS p
OPTIONAL MATCH (p)-[own:ADMINISTERS]->(home:Account)
WHERE home.management = true AND own.decision = 'allow'
WITH a, e, p, count(home) AS everywhere
WHERE everywhere = 0
RETURN p.id AS principal, a.id AS account, e.technique AS technique, e.decision AS decision,
       e.conditions AS conditions, e.through AS through
ORDER BY account, principal, technique
