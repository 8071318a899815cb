/*
question = "Who is assigned which permission set?"
group = "people"
variations = [
  "(who|what) is assigned (to|in) {accounts}",
  "(list|show|show me) [the|all] (assignments|permission set assignments|sso assignments|identity center assignments) [in|for|of] [{accounts}]",
  "(who|which users|which groups|which people) (have|has) sso access to {accounts}",
  "(which|what|list|show|show me|find) permission set assignments [in {accounts}]",
  "(list|show|show me) [the|all] (sso assignments|assignments) for {accounts}",
  "[which|what] (permission sets|permission set) [is|are] assigned to whom",
  "who has [been assigned] which permission set",
  "[overview of] permission set assignments",
]
collectors = ["identity-center"]
documentation = """
Assignments of IAM Identity Center: who may enter which account, with which permission set.
"""

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
holder = "The user or group."
name = "Its name."
permission_set = "The permission set's name."
account = "The account."
*/
MATCH (s:PermissionSet)<-[a:ASSIGNED_TO]-(h)
WHERE size($accounts) = 0 OR a.account_id IN $accounts
RETURN h.id AS holder, h.name AS name, s.name AS permission_set, a.account_id AS account
ORDER BY account, permission_set, holder
