/*
question = "When were these principals and their access keys last used?"
documentation = "One row for each access key; one without a key for a principal that has none."

[parameters.principals]
type = "text"
description = "ARNs of users and roles."

[columns]
principal = "The principal."
created_at = "When it was made."
last_used_at = "When a role was last used."
password_last_used = "When a user's password last signed in."
console_access = "Whether a user has a password."
key = "Id of the access key."
active = "Whether the key can sign requests."
rotated_at = "When the key was made."
key_last_used_at = "When the key last signed a request."
*/
UNWIND $principals AS principal
MATCH (p:Asset {id: principal})
OPTIONAL MATCH (p)-[:HAS_ACCESS_KEY]->(k:AccessKey)
RETURN principal AS principal, p.created_at AS created_at, p.last_used_at AS last_used_at,
       p.password_last_used AS password_last_used, p.console_access AS console_access, k.id AS key,
       k.active AS active, k.rotated_at AS rotated_at, k.last_used_at AS key_last_used_at
ORDER BY principal, key
