/*
question = "Which IAM roles are there?"
group = "permissions"
variations = [
  "(list|show|show me|show all|list all|what are) [the|all|our] [iam] roles [in {accounts}]",
  "(which|what) [iam] roles (are there|exist|do we have) [in {accounts}]",
  "(which|what|list|show|show me|find) [iam] roles [in {accounts}]",
]
collectors = ["iam"]
documentation = """
Every IAM role that was read, those of services and of Identity Center too.
"""

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
role = "The role."
account = "Its account."
service_linked = "Whether a service owns it."
last_used_at = "When it was last used."
created_at = "When it was made."
*/
MATCH (r:Role)
WHERE r.scope <> 'reference' AND (size($accounts) = 0 OR r.account_id IN $accounts)
RETURN r.id AS role, r.account_id AS account, r.service_linked AS service_linked, r.last_used_at AS last_used_at,
       r.created_at AS created_at
ORDER BY role
