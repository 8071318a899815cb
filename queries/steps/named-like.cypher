/*
question = "Which principals, and resources that hold data, are called so, without regard to case?"
documentation = "A wide net over names and sign-in names; what is caught is judged by whole words afterwards."

[parameters.text]
type = "text"
description = "A text in lower case."

[columns]
id = "The principal or resource."
name = "Its name."
account_id = "Its account."
labels = "Its labels."
detail = "The name to sign in with, or the e-mail address."
*/
MATCH (p:Principal)
WHERE toLower(p.name) CONTAINS $text OR toLower(p.user_name) CONTAINS $text OR toLower(p.email) CONTAINS $text
RETURN p.id AS id, p.name AS name, p.account_id AS account_id, labels(p) AS labels,
       coalesce(p.user_name, p.email) AS detail
UNION
MATCH (r:DataResource)
WHERE toLower(r.name) CONTAINS $text
RETURN r.id AS id, r.name AS name, r.account_id AS account_id, labels(r) AS labels, null AS detail
