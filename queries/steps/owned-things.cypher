/*
question = "What may an owner be known of?"
documentation = "Accounts, roles, users, compute and data that were read, with their tags."

[columns]
id = "Its id."
name = "Its name."
account_id = "Its account."
labels = "Its labels."
tags = "JSON text."
*/
MATCH (n:Asset)
WHERE (n:Account OR n:Role OR n:User OR n:Compute OR n:DataResource) AND n.scope <> 'reference'
  AND coalesce(n.service_linked, false) = false
RETURN n.id AS id, n.name AS name, n.account_id AS account_id, labels(n) AS labels, n.tags AS tags
