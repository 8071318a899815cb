/*
question = "Which guarding features does the organization not have enabled?"
group = "organization"
variations = [
  "(which|what|list|show|show me|find) [the] (features|policy types) (does the organization lack|are not enabled|that are not enabled|are missing) [in the organization]",
  "are (scps|rcps|service control policies|all features) enabled",
  "[organization|organisation] [wide] [guarding|security|guardrail|protective] features [that] [are] (not enabled|switched off|not switched on|off|not turned on|turned off|missing) [in|by|at|of] [the] [organization|organisation]",
]
collectors = ["organizations"]
severity = "medium"
documentation = """
An organization with consolidated billing alone has no guardrails, and policies of a type that is not enabled restrict
nobody, attached or not.
"""
advice = """
Enable all features, and the policy types, for the root.
"""
references = [
  "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_org_support-all-features.html",
]

[columns]
organization = "The organization."
missing = "What is not enabled."
*/
MATCH (o:Organization)
OPTIONAL MATCH (o)-[:CONTAINS]->(r:OrganizationRoot)
WITH o, collect(r) AS roots
WITH o, CASE WHEN o.feature_set <> 'ALL' THEN ['ALL_FEATURES'] ELSE [] END
     + CASE WHEN any(r IN roots WHERE r.policy_types IS NOT NULL AND NOT 'SERVICE_CONTROL_POLICY' IN r.policy_types)
       THEN ['SERVICE_CONTROL_POLICY'] ELSE [] END
     + CASE WHEN any(r IN roots WHERE r.policy_types IS NOT NULL AND NOT 'RESOURCE_CONTROL_POLICY' IN r.policy_types)
       THEN ['RESOURCE_CONTROL_POLICY'] ELSE [] END AS missing
UNWIND missing AS one
RETURN o.id AS organization, one AS missing
ORDER BY missing
