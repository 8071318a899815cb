/*
question = "Which accounts are there?"
group = "organization"
variations = [
  "how many accounts [are there|do we have|exist|are in the organization] [in {accounts}]",
  "(list|show|show me|show all|list all|what are) [the|all|our] accounts [in {accounts}]",
  "(which|what) accounts (are|belong|do we have) [to|in] {accounts}",
  "(which|what) accounts are {accounts}",
  "(which|what|list|show|show me|find) [aws] accounts",
  "(which|what|our|all) [aws] accounts (are there|exist|do we have|are in the organization)",
]
collectors = ["organizations"]
documentation = """
Every account that the organization lists, with where it stands. Accounts that only policies name are left out.
"""

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
account = "12 digits."
name = "Its name."
state = "`ACTIVE`, `SUSPENDED`, …"
unit = "Names of the units above it, from the root down."
email = "The root user's address."
management = "Whether it manages the organization."
joined_at = "When it joined the organization."
*/
MATCH (a:Account)
WHERE a.scope <> 'reference' AND (size($accounts) = 0 OR a.id IN $accounts)
RETURN a.id AS account, a.name AS name, a.state AS state, a.path_names AS unit, a.email AS email,
       a.management AS management, a.joined_at AS joined_at
ORDER BY account
