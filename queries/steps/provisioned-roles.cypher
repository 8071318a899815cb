/*
question = "Which roles did a permission set become?"
documentation = "Naming a permission set means the roles that it was provisioned as."

[parameters.id]
type = "thing"
description = "The permission set's ARN."

[columns]
id = "The role's ARN."
name = "Its name."
account_id = "Its account."
labels = "Its labels."
tags = "Its tags, as JSON text."
*/
MATCH (s:PermissionSet {id: $id})-[:PROVISIONED_AS]->(r:Role)
RETURN r.id AS id, r.name AS name, r.account_id AS account_id, labels(r) AS labels, r.tags AS tags
ORDER BY id
