/*
question = "Which compute runs as an administrator?"
group = "administrators"
variations = [
  "(which|what|list|show|show me|find) (compute|workloads|instances|functions|tasks|projects|machines) (runs|run) as (an administrator|administrators|admin|an admin) [in {accounts}]",
  "(which|what) (compute|workloads|machines) (has|have) (administrator|admin) (rights|access|permissions) [in {accounts}]",
  "(which|what|list|show|show me|find) (lambdas|functions|instances|tasks|machines|workloads|compute) [that] (run|runs|running) as (admin|an admin|administrator|an administrator|admins|administrators) [in {accounts}]",
  "(which|what|list|show|show me|find) (compute|workloads|machines|lambdas|instances) with (admin|administrator) (rights|access|permissions) [in {accounts}]",
  "(instances|functions|tasks|workloads|compute|machines|containers|lambdas) [that] (run|running|runs) (with|as|under) [an] admin (rights|role|permissions|privileges)",
  "(instances|functions|tasks|workloads|compute|machines|containers|lambdas) (have|has|with) [an] admin (role|rights)",
]
collectors = ["apprunner", "bedrock-agentcore", "cloudformation", "codebuild", "datapipeline", "ec2", "ecs", "glue", "iam", "lambda", "organizations", "sagemaker", "ssm"]
analyses = ["administers"]
severity = "high"
documentation = """
Functions, instances, tasks, build projects, stacks and the like whose role administers its account: whoever controls one
of them, does.
"""
advice = "Give the workload a role with what it uses: `muniment least-privilege ROLE --propose`."
references = [
  "CIS AWS Foundations Benchmark v3.0.0: 1.16",
  "ISO/IEC 27001:2022: A.8.2 Privileged access rights",
]

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
compute = "What runs."
kind = "Its kinds."
account = "Its account."
region = "Its region."
role = "The role that it runs as."
decision = "Whether that administers the account: `allow`, `conditional` or `unknown`."
*/
MATCH (a:Account)<-[d:ADMINISTERS]-(r:Role)<-[:RUNS_AS]-(c:Compute)
WHERE size($accounts) = 0 OR c.account_id IN $accounts
RETURN DISTINCT c.id AS compute, [label IN labels(c) WHERE NOT label IN ['Asset', 'Resource', 'Compute']] AS kind,
       c.account_id AS account, c.region AS region, r.id AS role, d.decision AS decision
ORDER BY account, compute, role
