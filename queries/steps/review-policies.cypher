/*
question = "Which policies and groups do users have?"
documentation = "Policies of their own, and groups that they are members of."

[columns]
user = "The user."
what = "`policy` or `group`."
name = "Its name."
*/
MATCH (u:User)<-[:ATTACHED_TO]-(p:Policy)
RETURN u.id AS user, 'policy' AS what, p.name AS name
UNION
MATCH (u:User)-[:MEMBER_OF]->(g:Group)
RETURN u.id AS user, 'group' AS what, g.name AS name
