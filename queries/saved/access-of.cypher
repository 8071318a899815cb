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
comes under its own name; a condition of entering it is one of the access too.

What anyone at all has access to, everyone has who is asked about, unless a policy of its own, a boundary or one of the
organization denies it: those rows have `*` as principal, and `public-resources` tells of them alone. So it is with what
everyone of its account has, whose rows have the account. What a root user may do is not decided: it may do anything
in its account that no policy of the resource or of the organization denies.
"""

[parameters.principal]
type = "principal"
description = "A user, role or whoever else, by ARN or name; an account for everyone in it."

[columns]
resource = "The resource."
level = "`Read`, `Write`, …; `any` where it is not decided."
content = "Whether the actions reach what the resource holds, not its settings alone."
decision = "`allow`, `conditional` or `unknown`."
actions = "The actions."
conditions = "What limits it."
principal = "Who has the access: the principal, a role that it is assigned, its account, or `*` for anyone."
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
UNION
MATCH (p:Anyone)-[a:HAS_ACCESS]->(r:Resource)
RETURN r.id AS resource, a.level AS level, a.content AS content, a.decision AS decision, a.actions AS actions,
       a.conditions AS conditions, p.id AS principal
UNION
MATCH (p:Account {id: $principal})-[a:HAS_ACCESS]->(r:Resource)
RETURN r.id AS resource, a.level AS level, a.content AS content, a.decision AS decision, a.actions AS actions,
       a.conditions AS conditions, p.id AS principal
UNION
MATCH (who:Principal {id: $principal})
WHERE NOT (who:IdentityCenterUser OR who:IdentityCenterGroup)
MATCH (p:Account {id: who.account_id})-[a:HAS_ACCESS]->(r:Resource)
RETURN r.id AS resource, a.level AS level, a.content AS content, a.decision AS decision, a.actions AS actions,
       a.conditions AS conditions, p.id AS principal
UNION
MATCH (who:Principal {id: $principal})-[:MEMBER_OF*0..1]->(g)-[c:CAN_ASSUME]->(role:Role)
WHERE (who:IdentityCenterUser OR who:IdentityCenterGroup) AND role.name STARTS WITH 'AWSReservedSSO_'
MATCH (p:Account {id: role.account_id})-[a:HAS_ACCESS]->(r:Resource)
RETURN r.id AS resource, a.level AS level, a.content AS content,
       CASE WHEN 'unknown' IN [a.decision, c.decision] THEN 'unknown' WHEN c.decision = 'allow' THEN a.decision
            ELSE 'conditional' END AS decision,
       a.actions AS actions, coalesce(a.conditions, []) + coalesce(c.conditions, []) AS conditions, p.id AS principal
UNION
MATCH (p:RootUser {id: $principal})
MATCH (r:DataResource {account_id: p.account_id})
RETURN r.id AS resource, 'any' AS level, true AS content, 'unknown' AS decision, [] AS actions,
       ['a root user: allowed in its account unless a policy of the resource or the organization denies it'] AS conditions,
       p.id AS principal
