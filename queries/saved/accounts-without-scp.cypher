/*
question = "Which accounts does no service control policy of ours restrict?"
group = "organization"
variations = [
  "(which|what|list|show|show me|find) [the] accounts (without|with no|that have no|have no) [a|any] (scp|scps|service control policy|service control policies|guardrail|guardrails) [in {accounts}]",
  "(which|what|list|show|show me|find) [the] (unrestricted|unguarded) accounts [in {accounts}]",
  "(which|what) accounts (does no|are not restricted by any|are restricted by no) (scp|service control policy) [restrict]",
  "(which|what|list|show|show me|find) accounts {without} [any] (scp|scps|guardrail|guardrails|service control policies) [in {accounts}]",
  "accounts (not restricted|not covered|not protected|not guarded|not limited) by [any|an] scp",
  "accounts [that] [have] no scp [applied|attached|applies to]",
]
collectors = ["organizations"]
severity = "medium"
documentation = """
Active member accounts to which, on every level from the root down, no service control policy applies but those that AWS
manages (FullAWSAccess). The management account is left out: no such policy ever restricts it.
"""
advice = """
Attach the organization's guardrails as high up as they hold, and try them on one account first.
"""
references = [
  "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html",
  "ISO/IEC 27001:2022: A.5.15 Access control",
]

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
account = "12 digits."
name = "Its name."
unit = "Names of the units above it, from the root down."
*/
MATCH (a:Account)
WHERE a.scope <> 'reference' AND coalesce(a.management, false) = false AND coalesce(a.state, 'ACTIVE') = 'ACTIVE'
  AND a.path IS NOT NULL AND (size($accounts) = 0 OR a.id IN $accounts)
OPTIONAL MATCH (a)<-[:CONTAINS*0..7]-(x)<-[:ATTACHED_TO]-(p:ServiceControlPolicy)
WHERE coalesce(p.aws_managed, false) = false
WITH a, count(p) AS policies
WHERE policies = 0
RETURN a.id AS account, a.name AS name, a.path_names AS unit
ORDER BY account
