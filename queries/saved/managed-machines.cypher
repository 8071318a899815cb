/*
question = "Which machines can be entered by Systems Manager, and as what?"
group = "compute"
variations = [
  "(which|what|list|show|show me|find) (machines|instances) (can be entered|can be reached|are reachable|reachable|are managed|managed) (by|through|with) (systems manager|ssm|session manager) [in {accounts}]",
  "(list|show|show me) [the|all] (ssm|managed) (instances|machines|nodes) [in {accounts}]",
  "(machines|instances|servers|boxes) [that are] (reachable|accessible|managed|entered|reached) (through|via|by|with|over|using) (ssm|systems manager|session manager) [and] [as] [their] [what|role|roles]",
  "(who|what) can be (entered|reached) (by|with|over|through) (ssm|session manager)",
]
collectors = ["ec2", "ssm"]
analyses = ["administers"]
documentation = """
Whoever may start a session on such a machine, or send it a command, has the rights of its role. Instances that do not
run are not listed by Systems Manager.
"""

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
machine = "The instance, or the node outside EC2."
name = "Its name."
account = "Its account."
region = "Its region."
status = "The agent's last sign."
role = "The role whose credentials it is handed; empty without one."
administers = "Whether the role administers its account: `allow`, `conditional`, `unknown`; empty if it does not."
*/
MATCH (c:Compute)
WHERE (c:ManagedNode OR (c:Instance AND c.ssm_managed = true)) AND c.scope <> 'reference'
  AND (size($accounts) = 0 OR c.account_id IN $accounts)
OPTIONAL MATCH (c)-[:RUNS_AS]->(r:Role)
OPTIONAL MATCH (r)-[d:ADMINISTERS]->(:Account)
RETURN c.id AS machine, c.name AS name, c.account_id AS account, c.region AS region,
       coalesce(c.ssm_status, c.state) AS status, r.id AS role, d.decision AS administers
ORDER BY machine, role
