/*
question = "Which policies are permissions boundaries, and how often are they attached as well?"
documentation = "A boundary lets nobody do anything by itself; only a policy that is attached does."

[columns]
policy = "A policy that bounds someone."
attached = "To how many it is attached."
*/
MATCH (b:Asset)<-[:BOUNDED_BY]-(p)
WITH DISTINCT b
OPTIONAL MATCH (b)-[:ATTACHED_TO]->(a)
RETURN b.id AS policy, count(a) AS attached
