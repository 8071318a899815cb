/*
question = "Which permission sets is nobody assigned?"
group = "people"
variations = [
  "(which|what|list|show|show me|find) [the] (unassigned|unused) permission sets",
  "(which|what|list|show|show me|find) permission sets (is nobody assigned|are not assigned|are unassigned|that nobody has|are assigned to nobody|does nobody have)",
  "permission sets [that] [are|is] (never|not|no longer) assigned [to] [anyone|anybody|any]",
  "permission sets [that are] (unassigned|without assignments|assigned to nobody|assigned to no one|nobody has|no one has)",
]
collectors = ["identity-center"]
severity = "info"
documentation = """
Permission sets without an assignment, and in how many accounts they are still provisioned.
"""
advice = """
Delete it.
"""
references = [
  "ISO/IEC 27001:2022: A.5.18 Access rights",
]

[columns]
permission_set = "The permission set."
name = "Its name."
provisioned = "In how many accounts it is."
created_at = "When it was made."
*/
MATCH (s:PermissionSet)
OPTIONAL MATCH (s)<-[a:ASSIGNED_TO]-(h)
WITH s, count(a) AS assignments
WHERE assignments = 0
OPTIONAL MATCH (s)-[:PROVISIONED_IN]->(p:Account)
RETURN s.id AS permission_set, s.name AS name, count(p) AS provisioned, s.created_at AS created_at
ORDER BY permission_set
