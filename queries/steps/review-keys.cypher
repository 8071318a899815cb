/*
question = "Which access keys are active?"
documentation = "One row for each key."

[columns]
holder = "Whose it is."
name = "The slot."
rotated_at = "When it was made or last changed."
last_used_at = "When it was last used."
last_used_service = "The service of that request."
*/
MATCH (k:AccessKey)<-[:HAS_ACCESS_KEY]-(u)
WHERE k.active = true
RETURN u.id AS holder, coalesce(k.name, k.id) AS name, k.rotated_at AS rotated_at, k.last_used_at AS last_used_at,
       k.last_used_service AS last_used_service
ORDER BY holder, name
