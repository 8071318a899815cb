/*
question = "What are these people and groups of Identity Center called?"
documentation = "Their ids say nothing to anybody."

[parameters.ids]
type = "text"
description = "Their ids."

[columns]
id = "The id."
name = "The name that is shown of it."
account_id = "The account of the directory."
*/
UNWIND $ids AS id
MATCH (p:Asset {id: id})
RETURN id AS id, p.name AS name, p.account_id AS account_id
ORDER BY id
