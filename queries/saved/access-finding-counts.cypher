/*
question = "How many findings has Access Analyzer in each account?"
group = "trust"
variations = [
  "how many [iam] [access analyzer] findings (are there|has access analyzer|does access analyzer have) [in {accounts}]",
  "count [the] access analyzer findings [in {accounts}]",
  "access analyzer findings by account",
  "(how many|number of|count of) [active] findings (of|from) access analyzer (per|by) account",
]
collectors = ["access-analyzer"]
within_accounts = true
documentation = "Active findings of IAM Access Analyzer by account and type."

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
account = "The account of what they are about."
type = "`ExternalAccess`, `UnusedIAMRole`, `UnusedPermission`, …"
findings = "How many there are."
public = "How many of them are public."
*/
MATCH (f:AccessFinding)
WHERE size($accounts) = 0 OR f.account_id IN $accounts
RETURN f.account_id AS account, f.finding_type AS type, count(f) AS findings,
       sum(CASE WHEN f.public = true THEN 1 ELSE 0 END) AS public
ORDER BY account, type
