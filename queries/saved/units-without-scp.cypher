/*
question = "Which organizational units have no service control policy of their own?"
group = "organization"
variations = [
  "(which|what|list|show|show me|find) [the] (ous|units|organizational units) (without|with no|that have no|have no) [a|any] (scp|scps|service control policy|service control policies|guardrails)",
  "(which|what|list|show|show me|find) [organizational] (units|unit) {without} [any] (scp|scps|guardrail|guardrails)",
  "units [that] (lack|without|have no|do not have) [their|an|any] [own] scp [of their own]",
]
collectors = ["organizations"]
documentation = """
Units to which nothing is attached but FullAWSAccess, how many policies they inherit from above, and how many accounts
stand directly in them. Inheriting all is no mistake; a unit that inherits nothing either guards nothing.
"""

[columns]
unit = "The unit."
name = "Its names, from the root down."
inherited = "How many policies of ours apply to it from above."
accounts = "How many accounts stand directly in it."
*/
MATCH (u:OrganizationalUnit)
OPTIONAL MATCH (u)<-[:ATTACHED_TO]-(own:ServiceControlPolicy)
WHERE coalesce(own.aws_managed, false) = false
WITH u, count(own) AS policies
WHERE policies = 0
OPTIONAL MATCH (u)<-[:CONTAINS*1..7]-(x)<-[:ATTACHED_TO]-(p:ServiceControlPolicy)
WHERE coalesce(p.aws_managed, false) = false
WITH u, count(DISTINCT p) AS inherited
OPTIONAL MATCH (u)-[:CONTAINS]->(a:Account)
RETURN u.id AS unit, u.path_names AS name, inherited AS inherited, count(a) AS accounts
ORDER BY inherited, unit
