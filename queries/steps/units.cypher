/*
question = "Which organizational units are known?"
documentation = "Read to understand words such as `prod` by the tags of units."

[columns]
path = "`o-…/r-…/ou-…/`."
name = "The unit's name."
tags = "Its tags, as JSON text."
*/
MATCH (u:OrganizationalUnit)
RETURN u.path AS path, u.name AS name, u.tags AS tags
ORDER BY path
