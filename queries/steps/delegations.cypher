/*
question = "Which accounts administer which services?"
documentation = "For telling which accounts serve the whole organization."

[columns]
account = "The account."
services = "Service principals."
*/
MATCH (o:Organization)-[d:DELEGATES_TO]->(a:Account)
WHERE coalesce(a.management, false) = false
RETURN a.id AS account, collect(d.service) AS services
