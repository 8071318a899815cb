/*
question = "Which data resources can anyone reach?"
group = "data"
variations = [
  "(which|what|list|show|find) [data] resources (are public|anyone can reach|are open to the world) [in {accounts}]",
  "(which|what|list|show|find) public (resources|buckets|queues|topics|secrets) [in {accounts}]",
  "(which|what|list|show|show me|find) (public|publicly accessible) [data] (resources|buckets|things|data) [in {accounts}]",
  "(which|what|list|show|show me|find) [data] resources (are|that are) (public|publicly accessible) [in {accounts}]",
  "(buckets|queues|topics|secrets|data|resources|repositories|images) [and|or] [queues|secrets|buckets|topics] [that are] (public|open to the world|open to anyone|world readable|anyone can read|anyone can reach)",
  "public (s3 buckets|data stores|buckets|storage) [queues] [secrets] [etc|and so on]",
]
collectors = ["iam", "organizations"]
analyses = ["has-access"]
severity = "high"
documentation = """
What a policy, an ACL or a share opens to everyone, after Block Public Access and the organization's policies, with the
conditions that still limit it. `unknown` where something that decides could not be read, such as the ACLs of objects.
"""
advice = "Take `*` out of its policy, or limit it to the organization by `aws:PrincipalOrgID`."
references = [
  "CIS AWS Foundations Benchmark v3.0.0: 2.1.4",
  "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-concepts.html",
]

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
resource = "The resource."
name = "Its name."
account = "Its account."
level = "What it lets do: `Read`, `Write`, …"
content = "Whether it reaches what the resource holds, not its settings alone."
decision = "`allow`, `conditional` or `unknown`."
conditions = "What limits it."
because = "The statements that it rests on."
*/
MATCH (p:Anyone)-[a:HAS_ACCESS]->(r:Resource)
WHERE size($accounts) = 0 OR r.account_id IN $accounts
RETURN r.id AS resource, r.name AS name, r.account_id AS account, a.level AS level, a.content AS content, a.decision AS decision,
       a.conditions AS conditions, a.because AS because
ORDER BY decision, resource, content DESC, level
