/*
question = "Which principals have access to the resource {resource}?"
group = "data"
variations = [
  "(who|what|which principals|which users|which roles|which identities|which people|everyone who|anyone who) (can|could|may|might|is able to|are able to|is allowed to|are allowed to|is permitted to|are permitted to) (read|see|open|view|download|download from|write|write to|modify|change|update|overwrite|upload to|delete|empty|read from|read and write|read or write|access|use|reach|get to|get at|get into|touch|do something with) [the data in|the data of|data in|data of|objects in|objects of|the objects in|the contents of|the content of|what is in] {resource:data}",
  "(who|which principals|which users|which roles|which identities|which people) (has|have|got) [read|write|read and write|any] access to [the data in|the data of|data in|objects in|the contents of] {resource:data}",
  "what (can be done|could be done|can anyone do|can anybody do|can everyone do|can one do|can people do|may be done) (with|to|on|in) {resource:data}",
  "(which|what) principals (can use|can reach) the (resource|bucket|key|secret|queue|topic|table) {resource}",
  "who (can access|has access to|can reach|can get at|can use|accesses) [the] (resource|bucket|key|secret|queue|topic|table|database|data) {resource}",
  "(principals|users|roles|identities) with access to [the] [resource|bucket|key|secret|queue|topic|table|database] {resource}",
]
once = ["principal", "resource", "level", "content"]
collectors = ["iam", "organizations"]
analyses = ["has-access"]
documentation = """
Everyone, with sets taken apart, by level: by their own policies, the resource's and the organization's together. Every
action that AWS documents for the kind counts; `content` tells those that reach what the resource holds from those that
only touch its settings.
"""

[parameters.resource]
type = "thing"
kind = "DataResource"
description = "The resource that holds data, by ARN, id or name."

[columns]
principal = "Who has access."
level = "`Read`, `Write`, …"
content = "Whether the actions reach what the resource holds, not its settings alone."
decision = "`allow`, `conditional` or `unknown`."
actions = "The actions."
conditions = "What limits it."
because = "The statements that it rests on."
resource = "The resource."
*/
MATCH (r:Asset {id: $resource})-[:ALIKE_IN*0..1]->(y)<-[a:HAS_ACCESS]-(x)<-[:SHARES_ACCESS*0..1]-(p)
WHERE NOT p:AccessSet
OPTIONAL MATCH (p)-[s:SHARES_ACCESS]->(x)
RETURN p.id AS principal, a.level AS level, a.content AS content, a.decision AS decision, a.actions AS actions,
       a.conditions AS conditions, coalesce(s.because, []) + a.because AS because, r.id AS resource
ORDER BY decision, principal, content DESC, level
