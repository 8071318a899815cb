/*
question = "What are all principals called?"
documentation = "Only to offer the nearest names when one was not found."

[columns]
account_id = "The account."
names = "Names of its principals."
*/
MATCH (p:Principal)
RETURN p.account_id AS account_id, collect(p.name) AS names
