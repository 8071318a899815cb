/*
question = "Which data resources has {principal} access to?"
group = "data"
variations = [
  "(which|what) [data] resources can {principal} (use|reach|access)",
  "(which|what) [data|resources|data resources] can {principal} (access|reach|touch|get at|get to|open)",
  "[data] resources [that] {principal} (has access to|can access)",
]
once = ["resource", "principal", "level", "content"]
collectors = ["iam", "organizations"]
analyses = ["has-access"]
documentation = """
Every resource, with sets taken apart, by level. What a role that it can assume has access to is not its own: ask for
the role.
"""

[parameters.principal]
type = "principal"
description = "The user, role, service or account, by ARN, id or name."

[columns]
resource = "The resource."
level = "`Read`, `Write`, …"
content = "Whether the actions reach what the resource holds, not its settings alone."
decision = "`allow`, `conditional` or `unknown`."
actions = "The actions."
conditions = "What limits it."
principal = "The principal."
*/
MATCH (p:Asset {id: $principal})-[:SHARES_ACCESS*0..1]->(x)-[a:HAS_ACCESS]->(y)<-[:ALIKE_IN*0..1]-(r)
WHERE NOT r:ResourceSet
RETURN r.id AS resource, a.level AS level, a.content AS content, a.decision AS decision, a.actions AS actions,
       a.conditions AS conditions, p.id AS principal
ORDER BY resource, content DESC, level, principal
