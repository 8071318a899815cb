/*
question = "Which accounts are suspended or being closed?"
group = "organization"
variations = [
  "(which|what|list|show|show me|find) [the|all] (suspended|closed|inactive) accounts",
  "(which|what|list|show|show me|find) accounts (are|were) (suspended|closed|inactive|not active)",
  "(suspended|closed) accounts",
  "(which|what|list|show|show me|find) (suspended|closed) accounts",
  "accounts [that are|in state] (suspended|closed|being closed)",
]
collectors = ["iam", "organizations"]
severity = "low"
documentation = """
Accounts whose state is not `ACTIVE`, and how many roles of other accounts still trust them. AWS closes a suspended account
for good after 90 days; until then its owner can have it reopened, with all that trusts it.
"""
advice = """
Take it out of the trust policies that still name it, and keep it in a unit whose control policy denies everything.
"""
references = [
  "https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-closing.html",
]

[columns]
account = "12 digits."
name = "Its name."
state = "`SUSPENDED` or `PENDING_CLOSURE`."
unit = "Names of the units above it, from the root down."
trusting = "How many roles of other accounts trust it, or somebody in it."
*/
MATCH (a:Account)
WHERE a.scope <> 'reference' AND a.state IS NOT NULL AND a.state <> 'ACTIVE'
OPTIONAL MATCH (r:Role)-[t:TRUSTS]->(p)
WHERE p.account_id = a.id AND r.account_id <> a.id AND t.effect = 'Allow' AND coalesce(t.negated, false) = false
RETURN a.id AS account, a.name AS name, a.state AS state, a.path_names AS unit, count(DISTINCT r) AS trusting
ORDER BY account
