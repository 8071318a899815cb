/*
question = "Which data resources has {principal} access to?"
group = "data"
variations = [
  "(which|what) [data|resources|data resources] (can|could|may|is|does) {principal} [able to|allowed to|permitted to] (read|see|view|download|write|write to|modify|change|delete|read and write)",
  "(which|what) [data] resources can {principal} (use|reach|access)",
  "(which|what) [data|resources|data resources] can {principal} (access|reach|touch|get at|get to|open)",
  "[data] resources [that] {principal} (has access to|can access)",
]
order = ["resource", "level", "principal"]
once = ["resource", "principal", "level", "content"]
collectors = ["iam", "organizations"]
analyses = ["has-access"]
documentation = """
Every resource, with sets taken apart, by level. What a role that it can assume has access to is not its own: ask for
the role. People and groups of Identity Center have no access but that of the roles that they are assigned, each of which
comes under its own name; a condition of entering it is one of the access too. What anyone at all has access to comes
under `*`: ask for `anyone`, or for `public-resources`.
"""

[parameters.principal]
type = "principal"
description = "A user, role or whoever else, by ARN or name; an account for everyone in it."

[columns]
resource = "The resource."
level = "`Read`, `Write`, …"
content = "Whether the actions reach what the resource holds, not its settings alone."
decision = "`allow`, `conditional` or `unknown`."
actions = "The actions."
conditions = "What limits it."
principal = "Who has the access: the principal, or a role that it is assigned."
*/
MATCH (p:Principal)
WHERE p.id = $principal OR p.account_id = $principal
MATCH (p)-[:SHARES_ACCESS*0..1]->(x)-[a:HAS_ACCESS]->(y)<-[:ALIKE_IN*0..1]-(r)
WHERE NOT r:ResourceSet
RETURN r.id AS resource, a.level AS level, a.content AS content, a.decision AS decision, a.actions AS actions,
       a.conditions AS conditions, p.id AS principal
UNION
MATCH (who:Principal {id: $principal})-[:MEMBER_OF*0..1]->(g)-[c:CAN_ASSUME]->(p:Role)
WHERE (who:IdentityCenterUser OR who:IdentityCenterGroup) AND p.name STARTS WITH 'AWSReservedSSO_'
MATCH (p)-[:SHARES_ACCESS*0..1]->(x)-[a:HAS_ACCESS]->(y)<-[:ALIKE_IN*0..1]-(r)
WHERE NOT r:ResourceSet
RETURN r.id AS resource, a.level AS level, a.content AS content,
       CASE WHEN 'unknown' IN [a.decision, c.decision] THEN 'unknown' WHEN c.decision = 'allow' THEN a.decision
            ELSE 'conditional' END AS decision,
       a.actions AS actions, coalesce(a.conditions, []) + coalesce(c.conditions, []) AS conditions, p.id AS principal
