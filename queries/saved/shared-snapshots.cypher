/*
question = "Which snapshots are shared with other accounts?"
group = "data"
variations = [
  "(which|what|list|show|find) (shared|public) snapshots [in {accounts}]",
  "(which|what|list|show|show me|find) (public|shared) snapshots [in {accounts}]",
  "(which|what|list|show|show me|find) snapshots [that are] shared with (others|other accounts|strangers) [in {accounts}]",
  "[ebs|rds] snapshots [that are] shared [with|outside|to] [the|our|an|other] [outside|other|public] [account|accounts]",
  "snapshots [of|that] (other accounts|outsiders|public|others) can (see|read|restore|use|copy)",
]
collectors = ["ebs-snapshots", "rds-snapshots"]
severity = "medium"
documentation = """
Public ones can be restored by anyone with an AWS account.
"""
advice = "Stop sharing it, and share what must be shared encrypted under a key that names the other account."
references = [
  "ISO/IEC 27001:2022: A.5.15 Access control",
]

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
snapshot = "The snapshot."
account = "Its account."
public = "Whether anyone may restore it."
shared_with = "Accounts that may."
encrypted = "Whether it is encrypted."
source = "What it was made of."
*/
MATCH (s:Snapshot)
WHERE (s.public = true OR size(coalesce(s.shared_with, [])) > 0)
  AND (size($accounts) = 0 OR s.account_id IN $accounts)
RETURN s.id AS snapshot, s.account_id AS account, s.public AS public, s.shared_with AS shared_with,
       s.encrypted AS encrypted, s.source AS source
ORDER BY snapshot
