/*
question = "What has exactly this id, name, unique id or sign-in name?"
documentation = "Four look-ups by index."

[parameters.text]
type = "text"
description = "The id, name, unique id or sign-in name."

[columns]
id = "The thing."
name = "Its name."
account_id = "Its account."
labels = "Its labels."
detail = "A further name, such as the one to sign in with."
*/
MATCH (t:Asset {id: $text})
RETURN t.id AS id, t.name AS name, t.account_id AS account_id, labels(t) AS labels, t.user_name AS detail
UNION
MATCH (t:Asset {name: $text})
RETURN t.id AS id, t.name AS name, t.account_id AS account_id, labels(t) AS labels, t.user_name AS detail
UNION
MATCH (t:Principal {unique_id: $text})
RETURN t.id AS id, t.name AS name, t.account_id AS account_id, labels(t) AS labels, t.user_name AS detail
UNION
MATCH (t:IdentityCenterUser {user_name: $text})
RETURN t.id AS id, t.name AS name, t.account_id AS account_id, labels(t) AS labels, t.user_name AS detail
