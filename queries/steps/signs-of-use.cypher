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
accessed_at = "When it last used any service, where service last accessed was read."
untold = "How many active credentials it has of whose use AWS tells nothing."
password_last_used = "When a user's password last signed in."
password_changed_at = "When it was last set."
console_access = "Whether a user has a password; empty where the credential report does not tell."
labels = "Its labels: of a user the credential report tells."
key = "Id of the access key."
active = "Whether the key can sign requests."
rotated_at = "When the key was made."
key_last_used_at = "When the key last signed a request."
key_use_known = "Whether AWS told when the key was last used."
*/
UNWIND $principals AS principal
MATCH (p:Asset {id: principal})
OPTIONAL MATCH (p)-[a:ACCESSED]->(:Service)
WITH principal, p, max(a.last_accessed_at) AS accessed
OPTIONAL MATCH (p)-[:HAS_CREDENTIAL]->(c)
WITH principal, p, accessed, sum(CASE WHEN c.active = true THEN 1 ELSE 0 END) AS untold
OPTIONAL MATCH (p)-[:HAS_ACCESS_KEY]->(k:AccessKey)
RETURN principal AS principal, p.created_at AS created_at, p.last_used_at AS last_used_at,
       accessed AS accessed_at, untold AS untold, p.password_last_used AS password_last_used,
       p.password_changed_at AS password_changed_at, p.console_access AS console_access, labels(p) AS labels, k.id AS key,
       k.active AS active, k.rotated_at AS rotated_at, k.last_used_at AS key_last_used_at, k.use_known AS key_use_known
ORDER BY principal, key
