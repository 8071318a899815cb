/*
question = "What are roles, compute and data tagged with?"
documentation = "For telling of which environment and workload they are. Roles of services and those without tags are left out."

[columns]
id = "Its id."
kind = "`role`, `compute` or `data`."
name = "Its name."
account_id = "Its account."
tags = "JSON text."
vpc = "The VPC that compute is in."
*/
MATCH (r:Role)
WHERE r.scope <> 'reference' AND coalesce(r.service_linked, false) = false AND coalesce(r.tags, '{}') <> '{}'
RETURN r.id AS id, 'role' AS kind, r.name AS name, r.account_id AS account_id, r.tags AS tags, null AS vpc
UNION
MATCH (r:Compute)
WHERE r.scope <> 'reference'
RETURN r.id AS id, 'compute' AS kind, r.name AS name, r.account_id AS account_id, r.tags AS tags, r.vpc_id AS vpc
UNION
MATCH (r:DataResource)
WHERE r.scope <> 'reference'
RETURN r.id AS id, 'data' AS kind, r.name AS name, r.account_id AS account_id, r.tags AS tags, null AS vpc
