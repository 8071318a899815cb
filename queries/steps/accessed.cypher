/*
question = "Which services did these principals use?"
documentation = "What AWS tells of the last 400 days."

[parameters.principals]
type = "text"
description = "ARNs of users and roles."

[columns]
principal = "The principal."
service = "The service's prefix."
last_accessed_at = "When it last used it."
actions = "Tracked actions that it used, with times: an object as JSON text."
unused_actions = "Tracked actions that it did not use."
*/
UNWIND $principals AS principal
MATCH (p:Asset {id: principal})-[a:ACCESSED]->(s:Service)
RETURN principal AS principal, s.name AS service, a.last_accessed_at AS last_accessed_at, a.actions AS actions,
       a.unused_actions AS unused_actions
ORDER BY principal, service
