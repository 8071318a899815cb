/*
question = "Which compute that the internet can see has a role?"
group = "compute"
variations = [
  "(which|what|list|show|show me|find) public (compute|instances|workloads|machines) (has|have|with) (a role|roles) [in {accounts}]",
  "(which|what|list|show|show me|find) (compute|instances|workloads|machines) (is|are) public [in {accounts}]",
  "(list|show|show me) [the|all] public (compute|instances|workloads|machines) [in {accounts}]",
  "(which|what|list|show|show me|find) public (instances|compute|machines|workloads) with [a] (role|roles) [in {accounts}]",
  "(internet facing|public|internet exposed) (instances|lambdas|functions|compute|machines|servers|workloads) [or|and] [instances|lambdas|functions] [that] [have|with|has] [a] [role|roles] [attached]",
  "(instances|functions|compute|machines|workloads) [with|that have] [a] role [visible|reachable|exposed|open] [to|from|on] [the] (internet|public)",
]
collectors = ["apprunner", "codebuild", "ec2", "ecs", "glue", "lambda"]
analyses = ["administers"]
severity = "medium"
documentation = """
Instances and development endpoints with a public address, tasks of services that are given one, services of App Runner
that answer the internet, functions with an open URL: and the role whose credentials the code there is handed. A public
address is no open port: whether anything reaches it is for security groups and routes to say.
"""
advice = "Put it behind a load balancer, without an address of its own; give it a role with what it uses."

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
compute = "What runs."
name = "Its name."
account = "Its account."
region = "Its region."
role = "The role whose credentials it is handed."
administers = "Whether the role administers its account: `allow`, `conditional`, `unknown`; empty if it does not."
*/
MATCH (c:Compute)-[u:RUNS_AS]->(r:Role)
WHERE c.public = true AND u.credentials = true AND (size($accounts) = 0 OR c.account_id IN $accounts)
OPTIONAL MATCH (r)-[d:ADMINISTERS]->(:Account)
RETURN c.id AS compute, c.name AS name, c.account_id AS account, c.region AS region, r.id AS role,
       d.decision AS administers
UNION
MATCH (c:EcsService)-[:LAUNCHED_FROM]->(:TaskDefinition)-[u:RUNS_AS]->(r:Role)
WHERE c.public = true AND u.credentials = true AND (size($accounts) = 0 OR c.account_id IN $accounts)
OPTIONAL MATCH (r)-[d:ADMINISTERS]->(:Account)
RETURN c.id AS compute, c.name AS name, c.account_id AS account, c.region AS region, r.id AS role,
       d.decision AS administers
