/*
question = "Which things are called so, without regard to case?"
documentation = "Statements are left out: nobody names them, and there are many."

[parameters.text]
type = "text"
description = "A text in lower case."

[columns]
id = "The thing."
name = "Its name."
account_id = "Its account."
labels = "Its labels."
detail = "The account alias."
*/
MATCH (t:Asset)
WHERE NOT t:Statement AND NOT t:PolicyVersion AND (toLower(t.name) = $text OR toLower(t.alias) = $text)
RETURN t.id AS id, t.name AS name, t.account_id AS account_id, labels(t) AS labels, t.alias AS detail
ORDER BY id
