/*
question = "Which policies do these users, roles, groups or permission sets have?"
documentation = "What is granted to a principal: its own policies and those of its groups. Boundaries grant nothing."

[parameters.holders]
type = "text"
description = "Ids of holders."

[columns]
holder = "The holder."
policy = "The policy's id."
document = "Its document, as JSON text; absent where it was not read."
malformed = "Why the document could not be understood."
*/
UNWIND $holders AS holder
MATCH (h:Asset {id: holder})<-[:ATTACHED_TO]-(p:Policy)
RETURN holder AS holder, p.id AS policy, p.document AS document, p.malformed AS malformed
ORDER BY holder, policy
