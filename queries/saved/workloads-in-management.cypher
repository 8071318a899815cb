/*
question = "Which workloads run in the management account?"
group = "organization"
variations = [
  "(which|what|list|show|show me|find) [the] (workloads|resources|compute|machines|things) [that] (run|are|is|runs|live) in the management account",
  "does anything run in the management account",
  "what (runs|is running) in the management account",
  "(which|what|list|show|show me|find) (workloads|resources|compute) in [the] management account",
  "(is|are|do|does) [anything|any|we|something] [workloads|compute] (run|running|runs) in [the] management account",
  "workloads [that] [are|run|running] [in|inside] [the] management account",
]
collectors = ["apprunner", "bedrock-agentcore", "codebuild", "datapipeline", "dynamodb", "ec2", "ecr", "ecs", "glue", "lambda", "organizations", "s3", "sagemaker", "secretsmanager", "sns", "sqs"]
severity = "high"
documentation = """
Compute and data in the account that no service control policy restricts. Stacks, stack sets and launch templates run
nothing by themselves and are left out, and so are keys and parameters, which every account has.
"""
advice = """
Move it to an account of its own. What must stay, such as the bucket of an organization's bills, belongs on the list of
what was decided.
"""
references = [
  "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_best-practices_mgmt-acct.html",
  "AWS Well-Architected: SEC01-BP01 Separate workloads using accounts",
]

[columns]
resource = "What it is."
name = "Its name."
kind = "Its kinds."
account = "The management account."
region = "Its region."
*/
MATCH (a:Account {management: true})
MATCH (r:Resource)
WHERE r.account_id = a.id AND r.scope <> 'reference'
  AND NOT (r:Stack OR r:StackSet OR r:LaunchTemplate OR r:TaskDefinition OR r:KmsKey OR r:Parameter)
RETURN r.id AS resource, r.name AS name, [label IN labels(r) WHERE NOT label IN ['Asset', 'Resource', 'Compute', 'DataResource']] AS kind,
       r.account_id AS account, r.region AS region
ORDER BY resource
