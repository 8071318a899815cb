/*
question = "Which keys, certificates and credentials of single services are active?"
documentation = "One row for each."

[columns]
holder = "Whose it is."
name = "What it is called."
rotated_at = "When it was made or last changed."
labels = "Its labels."
last_used_at = "When it was last used."
last_used_service = "The service of that request."
*/
MATCH (k)<-[:HAS_ACCESS_KEY|HAS_CREDENTIAL]-(u)
WHERE k.active = true
RETURN u.id AS holder, coalesce(k.name, k.id) AS name, coalesce(k.rotated_at, k.created_at) AS rotated_at,
       labels(k) AS labels, k.last_used_at AS last_used_at, k.last_used_service AS last_used_service
ORDER BY holder, name
