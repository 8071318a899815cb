/*
question = "On which services does IAM report for these principals?"
documentation = "A principal without a row has no report: what it used is not known."

[parameters.principals]
type = "text"
description = "ARNs of users and roles."

[columns]
principal = "The principal."
services = "Prefixes of the services that its report is about."
*/
UNWIND $principals AS principal
MATCH (p:Asset {id: principal})-[:HAS_LAST_ACCESSED]->(l:LastAccessed)
RETURN principal AS principal, l.services AS services
ORDER BY principal
