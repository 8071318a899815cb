/*
question = "What does Access Analyzer find about these principals?"
documentation = "Active findings only."

[parameters.principals]
type = "text"
description = "ARNs of users and roles."

[columns]
principal = "The principal."
finding = "The finding's id."
type = "Its type: `ExternalAccess`, `UnusedPermission`, …"
principals = "Who has access."
actions = "What they may do, or what is not used."
services = "Services that are not used."
conditions = "Conditions that limit it, as JSON text."
last_accessed_at = "When what it is about was last used."
*/
UNWIND $principals AS principal
MATCH (p:Asset {id: principal})<-[:CONCERNS]-(f:AccessFinding)
RETURN principal AS principal, f.id AS finding, f.finding_type AS type, f.principals AS principals,
       f.actions AS actions, f.services AS services, f.conditions AS conditions,
       f.last_accessed_at AS last_accessed_at
ORDER BY principal, finding
