/*
question = "Who is assigned which permission set in these accounts?"
documentation = "All accounts where none are given."

[parameters.accounts]
type = "accounts"
description = "Account ids."

[columns]
holder = "The user or group."
holder_name = "Its name."
labels = "Its labels."
permission_set = "The permission set."
name = "Its name."
account = "The account."
*/
MATCH (s:PermissionSet)<-[a:ASSIGNED_TO]-(h)
WHERE size($accounts) = 0 OR a.account_id IN $accounts
RETURN h.id AS holder, h.name AS holder_name, labels(h) AS labels, s.id AS permission_set, s.name AS name,
       a.account_id AS account
