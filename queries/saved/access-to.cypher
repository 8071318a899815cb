/*
question = "Which principals have access to the resource {resource}?"
variations = [
  "(which|what) principals (can use|can reach) the (resource|bucket|key|secret|queue|topic|table) {resource}",
]
collectors = ["iam", "organizations"]
analyses = ["has-access"]
documentation = """
Everyone, with sets taken apart, by level: by their own policies, the resource's and the organization's together.
"""

[parameters.resource]
type = "text"
description = "The resource's ARN or name."

[columns]
principal = "Who has access."
level = "`Read`, `Write`, …"
decision = "`allow`, `conditional` or `unknown`."
actions = "The actions that tell."
conditions = "What limits it."
because = "The statements that it rests on."
resource = "The resource."
*/
MATCH (r:Resource)
WHERE r.id = $resource OR r.name = $resource
MATCH (r)-[:ALIKE_IN*0..1]->(y)<-[a:HAS_ACCESS]-(x)<-[:SHARES_ACCESS*0..1]-(p)
WHERE NOT p:AccessSet
RETURN p.id AS principal, a.level AS level, a.decision AS decision, a.actions AS actions,
       a.conditions AS conditions, a.because AS because, r.id AS resource
ORDER BY decision, principal, level
