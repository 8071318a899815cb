/*
question = "Which control policies are attached to nothing?"
group = "organization"
variations = [
  "(which|what|list|show|show me|find) [the] (unattached|unused) (scps|rcps|control policies|service control policies|guardrails)",
  "(which|what|list|show|show me|find) (scps|rcps|control policies|service control policies) (are|that are) (attached to nothing|not attached|not attached to anything|unattached)",
  "(which|what|list|show|show me|find) (unattached|unused) (scps|rcps|control policies)",
  "(scps|rcps|control policies) [that] [are] (unattached|not attached|attached to nothing) [anywhere|to anything|to any]",
  "(scps|rcps|control policies) without [an] (attachment|attachments|target|targets)",
]
collectors = ["organizations"]
severity = "low"
documentation = """
Service and resource control policies that somebody wrote and that nothing is held to: perhaps taken off to mend something,
and never put back.
"""
advice = """
Attach it where it was meant to be, or delete it.
"""
references = [
  "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html",
]

[columns]
policy = "The policy."
name = "Its name."
kind = "Its kinds."
*/
MATCH (p:Policy)
WHERE (p:ServiceControlPolicy OR p:ResourceControlPolicy) AND coalesce(p.aws_managed, false) = false
OPTIONAL MATCH (p)-[:ATTACHED_TO]->(x)
WITH p, count(x) AS targets
WHERE targets = 0
RETURN p.id AS policy, p.name AS name, [label IN labels(p) WHERE NOT label IN ['Asset', 'Policy']] AS kind
ORDER BY policy
