/*
question = "Which accounts stand directly under the root?"
group = "organization"
variations = [
  "(which|what|list|show|show me|find) [the] accounts [that] (are|stand|sit) [directly] (under|below|in) the root",
  "(which|what|list|show|show me|find) [the] accounts (outside any|in no|without an|without any|that are in no|not in any) (unit|ou|organizational unit)",
  "(which|what|list|show|show me|find) accounts (in|under|below|directly under|directly in) [the] root",
  "(which|what|list|show|show me|find) accounts (not in an|not in any|outside any|in no) [organizational] unit",
  "accounts [sitting|placed|standing|that are] directly (under|in|at) [the] (root|organization root|root of the organization)",
  "accounts [placed|sitting] (without|outside) [a|any|all] unit",
]
collectors = ["organizations"]
severity = "medium"
documentation = """
Accounts that no organizational unit holds, but for the management account: no policy that is attached to a unit reaches
them.
"""
advice = """
Move it to the unit of its purpose. Try the policies of that unit on it first: they take effect at once.
"""
references = [
  "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_ous.html",
  "AWS Well-Architected: SEC01-BP01 Separate workloads using accounts",
]

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
account = "12 digits."
name = "Its name."
state = "`ACTIVE`, `SUSPENDED`, …"
joined_at = "When it joined the organization."
*/
MATCH (r:OrganizationRoot)-[:CONTAINS]->(a:Account)
WHERE coalesce(a.management, false) = false AND (size($accounts) = 0 OR a.id IN $accounts)
RETURN a.id AS account, a.name AS name, a.state AS state, a.joined_at AS joined_at
ORDER BY account
