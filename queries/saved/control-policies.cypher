/*
question = "Which service and resource control policies are attached, and where?"
group = "organization"
variations = [
  "(which|what|list|show|show me) [the|all] (scps|rcps|service control policies|resource control policies|control policies|scps and rcps) [are attached|do we have|are there|apply]",
  "control policies",
  "[which|what] scps (are attached where|do we have|are there|are attached)",
  "(list|show|show me) [the|all] scps",
  "(all|list) scps and rcps [and where they are attached|with their targets|and what they are attached to]",
  "where [are] [our] (scps|rcps|control policies) attached",
]
collectors = ["organizations"]
documentation = """
What bounds whole units and accounts. A policy applies to everything below its target, but for the management account.
"""

[columns]
policy = "The policy's ARN."
name = "Its name."
target = "The root, unit or account it is attached to."
target_name = "Its name."
*/
MATCH (t)<-[:ATTACHED_TO]-(p:Policy)
WHERE p:ServiceControlPolicy OR p:ResourceControlPolicy
RETURN p.id AS policy, p.name AS name, t.id AS target, t.name AS target_name
ORDER BY name, policy, target
