/*
question = "Which secrets are never rotated?"
group = "data"
variations = [
  "(which|what|list|show|find) [the] secrets (without rotation|that are not rotated) [in {accounts}]",
  "(which|what|list|show|show me|find) secrets (without rotation|that are not rotated|not rotated|are not rotated|that are never rotated|are never rotated) [in {accounts}]",
  "secrets [that] [are|is] (not rotated|never rotated|unrotated|without rotation|lacking rotation) [automatically|regularly|automatic]",
  "secrets (where|for which) [automatic] rotation is (off|not enabled|not turned on)",
]
collectors = ["secretsmanager"]
severity = "low"
documentation = """
Secrets that do not rotate by themselves, but for those that a service manages. One that nobody has read for long is
perhaps needed no more.
"""
advice = "Let it rotate, or replace it by a role; delete it where nobody has read it for long."
references = [
  "ISO/IEC 27001:2022: A.5.17 Authentication information",
]

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
secret = "The secret."
account = "Its account."
last_changed_at = "When it was last changed."
last_accessed_at = "When its value was last read; empty if never."
*/
MATCH (s:Secret)
WHERE coalesce(s.rotation_enabled, false) = false AND s.owning_service IS NULL
  AND (size($accounts) = 0 OR s.account_id IN $accounts)
RETURN s.id AS secret, s.account_id AS account, s.last_changed_at AS last_changed_at,
       s.last_accessed_at AS last_accessed_at
ORDER BY last_changed_at, secret
