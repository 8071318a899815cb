/*
question = "Who outside its account has access to a data resource?"
group = "data"
variations = [
  "(which|what|list|show|find) [data] resources (others reach|other accounts reach|other accounts can use) [in {accounts}]",
  "(who|which principals) of (other|outside|foreign|external) accounts (has|have) access to [data] resources [in {accounts}]",
  "(data resources|resources|data|data stores) [that] [principals|people|roles|someone] [from|of|in] (other accounts|another account|outside the account|outside their account|outside its account) [can] (use|reach|access|get at|have access to)",
  "(cross account|cross-account) access to (data|resources|data resources)",
  "who (besides|other than|apart from) the (owning|own|owner's) account [can] (access|has access to|get at|reach|use) [a|the|some] [data] (data|resource|resources|store|stores)",
]
once = ["principal", "resource", "level"]
collectors = ["iam", "organizations"]
analyses = ["has-access"]
severity = "info"
documentation = """
Principals, accounts and services of other accounts than the resource's own, with the condition that limits each. An
access set stands for its members; an account, for those whom it lets.
"""
advice = "Let the owner of each resource confirm it; remove the rest."
references = [
  "ISO/IEC 27001:2022: A.5.15 Access control",
]

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
principal = "Who has access."
resource = "To which resource."
account = "The resource's account."
level = "`Read`, `Write`, …"
decision = "`allow`, `conditional` or `unknown`."
conditions = "What limits it."
because = "The statements that it rests on."
*/
MATCH (r:Resource)<-[a:HAS_ACCESS]-(x)<-[:SHARES_ACCESS*0..1]-(p)
WHERE a.external = true AND NOT p:AccessSet AND p.id <> '*' AND (size($accounts) = 0 OR r.account_id IN $accounts)
RETURN p.id AS principal, r.id AS resource, r.account_id AS account, a.level AS level, a.decision AS decision,
       a.conditions AS conditions, a.because AS because
ORDER BY resource, principal, level
