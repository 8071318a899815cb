/*
question = "What is {policy} attached to?"
group = "permissions"
variations = [
  "(what|who|whom|which principals|where) (is|has) {policy} attached to",
  "(who|what|which principals) (have|has|use|uses) [the] policy {policy}",
  "where is {policy} attached",
  "[to] (what|who|whom) is [the] policy {policy} attached [to]",
  "(where|by whom) is [the] policy {policy} (attached|used)",
  "(principals|users|roles) with [the] policy {policy} [attached]",
]
collectors = ["iam", "organizations", "identity-center"]
order = ["holder", "usage"]
documentation = """
Everyone and everything that the policy applies to, whom it only bounds among them: a permissions boundary grants nothing.
"""

[parameters.policy]
type = "thing"
kind = "Policy"
description = "The policy."

[columns]
holder = "Id of the user, group, role, permission set, account or unit."
name = "Its name."
account = "Its account."
usage = "`policy`, or `boundary` where it is the permissions boundary."
*/
MATCH (p:Policy {id: $policy})-[:ATTACHED_TO]->(h)
RETURN h.id AS holder, h.name AS name, h.account_id AS account, 'policy' AS usage
UNION
MATCH (p:Policy {id: $policy})<-[:BOUNDED_BY]-(h)
RETURN h.id AS holder, h.name AS name, h.account_id AS account, 'boundary' AS usage
