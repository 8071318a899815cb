/*
question = "Which policies does {principal} have?"
group = "permissions"
variations = [
  "(which|what) policies (does|do) {principal} have",
  "(which|what) policies are attached to {principal}",
  "(list|show|show me) [the|all] policies of {principal}",
  "policies of {principal}",
  "(which|what) policies (are|is) attached to {principal}",
  "[list|show] [the] policies (of|for) {principal}",
  "(which|what) policies (does|has) {principal} have",
  "[which|what] policies [are|is|does|has] [attached|have|assigned] [to|on|of|by] {principal}",
]
collectors = ["iam"]
documentation = """
Attached and inline policies of a user or role, those of its groups, and its permissions boundary.
"""

[parameters.principal]
type = "principal"
description = "The user or role."

[columns]
policy = "The policy's id."
name = "Its name."
by = "`own`, `group` or `boundary`."
holder = "What it is attached to."
*/
MATCH (p:Asset {id: $principal})<-[:ATTACHED_TO]-(o:Policy)
RETURN o.id AS policy, o.name AS name, 'own' AS by, p.id AS holder
UNION
MATCH (p:Asset {id: $principal})-[:MEMBER_OF]->(g:Group)<-[:ATTACHED_TO]-(o:Policy)
RETURN o.id AS policy, o.name AS name, 'group' AS by, g.id AS holder
UNION
MATCH (p:Asset {id: $principal})-[:BOUNDED_BY]->(o:Policy)
RETURN o.id AS policy, o.name AS name, 'boundary' AS by, p.id AS holder
