/*
question = "Which roles did permission sets become?"
documentation = "One row for each role."

[columns]
role = "The role."
account = "Its account."
permission_set = "The permission set."
name = "Its name."
*/
MATCH (s:PermissionSet)-[p:PROVISIONED_AS]->(r:Role)
RETURN r.id AS role, p.account_id AS account, s.id AS permission_set, s.name AS name
