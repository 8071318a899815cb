/*
question = "What runs as {role}?"
group = "compute"
variations = [
  "(what|which compute|which workloads|what compute) (runs|run|works) as {role}",
  "(what|which compute|which workloads) (uses|use) [the role] {role}",
  "(list|show|show me) [the|all] (compute|workloads) of {role}",
  "what uses [the] role {role}",
  "(what|which compute|which workloads|which machines|which services) (runs|run|running) (with|as|under) [the] [role] {role}",
  "(what|which compute) (uses|has) [the] role {role}",
]
collectors = ["apprunner", "bedrock-agentcore", "cloudformation", "codebuild", "datapipeline", "ec2", "ecs", "glue", "lambda", "sagemaker", "ssm"]
documentation = """
Everything that was given the role, and in what capacity. Code is handed the role's credentials only where
`credentials` says so; elsewhere the service acts as the role by itself.
"""

[parameters.role]
type = "thing"
kind = "Role"
description = "The role."

[columns]
compute = "What runs."
name = "Its name."
account = "Its account."
region = "Its region."
state = "Its state, in the service's words."
capacity = "What it was given the role for."
credentials = "Whether code there is handed the role's credentials."
*/
MATCH (r:Role {id: $role})<-[u:RUNS_AS]-(c:Compute)
RETURN c.id AS compute, c.name AS name, c.account_id AS account, c.region AS region, c.state AS state,
       u.capacity AS capacity, u.credentials AS credentials
ORDER BY compute, capacity
