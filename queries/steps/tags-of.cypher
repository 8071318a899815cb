/*
question = "What is {id} tagged with?"
documentation = "Its tags."

[parameters.id]
type = "text"
description = "Its id."

[columns]
tags = "JSON text."
*/
MATCH (n:Asset {id: $id})
RETURN n.tags AS tags
