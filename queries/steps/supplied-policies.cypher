/*
question = "Which policies of a permission set does each account supply?"
documentation = "They are named by path and name only: their documents may differ from account to account."

[parameters.id]
type = "thing"
description = "The permission set's ARN."

[columns]
policies = "Paths and names."
*/
MATCH (s:PermissionSet {id: $id})
RETURN s.customer_policies AS policies
