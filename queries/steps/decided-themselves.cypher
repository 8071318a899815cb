/*
question = "Of which of these is it known what they themselves can assume?"
documentation = """
Users, roles and people that were read, and not merely named, in a scope that was once read completely: whatever lets
everyone in was decided for each of them, and that `*` is let in says no more of them.
"""

[parameters.ids]
type = "text"
description = "Ids of principals."

[columns]
id = "The id."
*/
UNWIND $ids AS id
MATCH (p:Asset {id: id})
WHERE p:User OR p:Role OR p:RootUser OR p:IdentityCenterUser OR p:IdentityCenterGroup
MATCH (s:Scope {id: p.scope})
WHERE s.completed_at IS NOT NULL
RETURN id AS id
