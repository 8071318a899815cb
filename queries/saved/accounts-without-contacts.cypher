/*
question = "Which accounts have no security, operations or billing contact?"
group = "organization"
variations = [
  "(which|what|list|show|show me|find) [the] accounts (without|with no|that have no|lacking|lack|have no) [a|any] [security|operations|billing|alternate] (contact|contacts) [in {accounts}]",
  "(which|what|list|show|show me|find) [the] (missing contacts|missing security contacts) [in {accounts}]",
  "(which|what|list|show|show me|find) accounts {without} [a|any] [security|operations|billing|alternate] (contact|contacts) [in {accounts}]",
  "accounts (without|lacking) [an] [alternate] contact [for] [security|billing|operations]",
  "accounts where [the] [security|billing|operations] contact is (missing|not set|not filled in)",
]
collectors = ["contacts", "organizations"]
severity = "medium"
documentation = """
Active accounts for which AWS has no alternate contact of some type: it then writes to the root user's address alone.
Accounts whose contacts were not read are left out; the answer says so.
"""
advice = """
Give every account a security contact that reaches a team, from the management account: `aws account
put-alternate-contact`.
"""
references = [
  "CIS AWS Foundations Benchmark v3.0.0: 1.2",
  "ISO/IEC 27001:2022: A.5.24 Information security incident management planning and preparation",
  "https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-update-contact-alternate.html",
]

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
account = "12 digits."
name = "Its name."
missing = "Which of `SECURITY`, `OPERATIONS` and `BILLING` it lacks."
*/
MATCH (s:Scope {collector: 'contacts', status: 'complete'})
WITH collect(s.account_id) AS read
MATCH (a:Account)
WHERE a.scope <> 'reference' AND coalesce(a.state, 'ACTIVE') = 'ACTIVE' AND a.id IN read AND (size($accounts) = 0 OR a.id IN $accounts)
OPTIONAL MATCH (a)-[:HAS_CONTACT]->(c:Contact)
WITH a, collect(c.type) AS types
WITH a, [type IN ['SECURITY', 'OPERATIONS', 'BILLING'] WHERE NOT type IN types] AS missing
WHERE size(missing) > 0
RETURN a.id AS account, a.name AS name, missing AS missing
ORDER BY account
