/*
question = "Which principals are called so, without regard to case?"
documentation = "A wide net over names and sign-in names; what is caught is judged by whole words afterwards."

[parameters.text]
type = "text"
description = "A text in lower case."

[columns]
id = "The principal."
name = "Its name."
account_id = "Its account."
labels = "Its labels."
detail = "The name to sign in with, or the e-mail address."
*/
MATCH (p:Principal)
WHERE toLower(p.name) CONTAINS $text OR toLower(p.user_name) CONTAINS $text OR toLower(p.email) CONTAINS $text
RETURN p.id AS id, p.name AS name, p.account_id AS account_id, labels(p) AS labels,
       coalesce(p.user_name, p.email) AS detail
ORDER BY id
