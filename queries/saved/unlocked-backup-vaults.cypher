/*
question = "Which backup vaults can be emptied?"
group = "data"
variations = [
  "(which|what|list|show|show me|find) [the] (unlocked backup vaults|backup vaults without [a] lock|backup vaults that are not locked|backup vaults are not locked|backup vaults can be emptied|backup vaults without a lock) [in {accounts}]",
  "[backup] vaults [that are] (not locked|without lock|without a lock|unlocked|lacking a lock) [protected]",
  "[backup] vaults [that] [can|could] [be] (emptied|deleted|purged) [by]",
]
collectors = ["backup"]
severity = "medium"
documentation = """
Vaults without a lock, or without a shortest time of retention: whoever may delete recovery points deletes the backups first.
"""
advice = """
Lock it in compliance mode, with a shortest retention, when its retention is settled.
"""
references = [
  "https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html",
  "ISO/IEC 27001:2022: A.8.13 Information backup",
]

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
vault = "The vault."
account = "Its account."
region = "Its region."
locked = "Whether it is locked."
minimum_days = "The shortest retention."
recovery_points = "How many recovery points it holds."
*/
MATCH (v:BackupVault)
WHERE (coalesce(v.locked, false) = false OR coalesce(v.minimum_days, 0) = 0) AND (size($accounts) = 0 OR v.account_id IN $accounts)
RETURN v.id AS vault, v.account_id AS account, v.region AS region, v.locked AS locked, v.minimum_days AS minimum_days,
       v.recovery_points AS recovery_points
ORDER BY vault
