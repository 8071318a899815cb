/*
question = "Which accounts does no Access Analyzer watch?"
group = "trust"
variations = [
  "(which|what|list|show|show me|find) accounts (are not watched by|have no|without|has no) [iam] access analyzer",
  "(which|what|list|show|show me|find) accounts does [iam] access analyzer not watch",
  "accounts without [iam] access analyzer",
]
collectors = ["access-analyzer", "organizations"]
documentation = """
Accounts without a working analyzer of external access, or of unused access: of their own, or of the organization. Of
them Access Analyzer tells nothing, which is not that there is nothing. Analyzers of external access watch one region;
one in any region counts.
"""
references = [
  "CIS AWS Foundations Benchmark v3.0.0: 1.20",
]

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
account = "The account."
name = "Its name."
external = "How many analyzers watch it for access from outside."
unused = "How many watch it for access that is not used."
*/
MATCH (a:Account)
WHERE a.scope <> 'reference' AND coalesce(a.state, 'ACTIVE') = 'ACTIVE' AND (size($accounts) = 0 OR a.id IN $accounts)
OPTIONAL MATCH (o:Analyzer {status: 'ACTIVE'})
WHERE o.account_id = a.id OR o.type STARTS WITH 'ORGANIZATION'
WITH a, sum(CASE WHEN o.type IN ['ACCOUNT', 'ORGANIZATION'] THEN 1 ELSE 0 END) AS external,
     sum(CASE WHEN o.type ENDS WITH '_UNUSED_ACCESS' THEN 1 ELSE 0 END) AS unused
WHERE external = 0 OR unused = 0
RETURN a.id AS account, a.name AS name, external AS external, unused AS unused
ORDER BY account
