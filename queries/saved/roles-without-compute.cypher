/*
question = "Which roles that services of compute trust does nothing run as?"
group = "compute"
variations = [
  "(which|what|list|show|show me|find) roles (does nothing run as|nothing runs as|no compute uses|are used by no compute|without compute) [in {accounts}]",
  "(list|show|show me) [the|all] service roles [that] nothing runs as [in {accounts}]",
  "(compute|service) roles [that] nothing (runs as|uses) [anymore|any more|any longer]",
  "roles [that] nothing runs (as|with) [anymore|any more|any longer]",
  "(orphaned|leftover|left over) (instance|task|function|lambda|service) roles",
]
collectors = ["apprunner", "bedrock-agentcore", "cloudformation", "codebuild", "datapipeline", "ec2", "ecs", "glue", "iam", "lambda", "sagemaker", "ssm"]
within_accounts = true
severity = "low"
documentation = """
Each can be passed to something new by whoever may pass it, and nobody would miss it. Left out are roles that a service
may be handed for each task, build or stack anew, if they made a request in the days given, and those made since.
"""
advice = "Delete it when its last use is long ago."
references = [
  "ISO/IEC 27001:2022: A.5.18 Access rights",
]

[parameters.days]
type = "days"
default = "90"
description = "Roles that made a request in so many days are left out."

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
role = "The role's ARN."
account = "Its account."
services = "The services that may act as it."
last_used_at = "When it last made a request; empty if not in the 400 days that AWS tracks."
administers = "Whether it administers its account: `allow`, `conditional`, `unknown`; empty if it does not."
*/
MATCH (r:Role)-[t:TRUSTS]->(s:ServicePrincipal)
WHERE t.effect = 'Allow' AND (size($accounts) = 0 OR r.account_id IN $accounts)
  AND coalesce(r.last_used_at, r.created_at) <= $days
  AND s.id IN ['ec2.amazonaws.com', 'ec2.amazonaws.com.cn', 'ecs-tasks.amazonaws.com', 'codebuild.amazonaws.com',
               'glue.amazonaws.com', 'sagemaker.amazonaws.com', 'cloudformation.amazonaws.com', 'lambda.amazonaws.com',
               'tasks.apprunner.amazonaws.com', 'bedrock-agentcore.amazonaws.com', 'datapipeline.amazonaws.com']
OPTIONAL MATCH (c:Compute)-[:RUNS_AS]->(r)
WITH r, collect(DISTINCT s.id) AS services, count(c) AS running
WHERE running = 0
OPTIONAL MATCH (r)-[d:ADMINISTERS]->(:Account)
RETURN r.id AS role, r.account_id AS account, services AS services, r.last_used_at AS last_used_at, d.decision AS administers
ORDER BY role
