/*
question = "What are principals and resources that hold data called?"
documentation = "Only to offer the nearest names when one was not found."

[columns]
account_id = "The account."
kind = "`Principal`, `DataResource`, `Policy` or `Group`."
names = "Names of what it has of that kind."
*/
MATCH (t:Principal)
RETURN t.account_id AS account_id, 'Principal' AS kind, collect(t.name) AS names
UNION
MATCH (t:DataResource)
RETURN t.account_id AS account_id, 'DataResource' AS kind, collect(t.name) AS names
UNION
MATCH (t:Policy)
RETURN t.account_id AS account_id, 'Policy' AS kind, collect(t.name) AS names
UNION
MATCH (t:Group)
RETURN t.account_id AS account_id, 'Group' AS kind, collect(t.name) AS names
