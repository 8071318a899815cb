/*
question = "Which roles hold one of these texts in their name?"
documentation = "A wide net; what is caught is judged by whole words afterwards."

[parameters.fragments]
type = "text"
description = "Texts in lower case."

[columns]
id = "The role's ARN."
name = "Its name."
account_id = "Its account."
labels = "Its labels."
tags = "Its tags, as JSON text."
*/
MATCH (r:Role)
WHERE any(fragment IN $fragments WHERE toLower(r.name) CONTAINS fragment)
RETURN r.id AS id, r.name AS name, r.account_id AS account_id, labels(r) AS labels, r.tags AS tags
ORDER BY id
