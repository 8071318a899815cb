/*
question = "Which security services does no account administer for the organization?"
group = "organization"
variations = [
  "(which|what|list|show|show me|find) [the] security (services|tooling|tools) (are|is|that are|that is) not delegated",
  "(which|what|list|show|show me|find) [the] (undelegated|not delegated) security (services|tools|tooling)",
  "(which|what) security (services|tools) (have|has) no delegated (administrator|admin)",
  "is [the] security tooling delegated",
  "security (services|tools|tooling) [that] (have|with|has) no delegated (admin|account|admin account)",
  "security (services|tools) [that are|still] (not delegated|undelegated) [to|in|by] [any|an|the] [account|organization]",
]
collectors = ["organizations"]
severity = "medium"
documentation = """
Security services that can be delegated to a member account and are not: they are not used across the organization, or
they are run from the management account, where nobody should have to work. Which of them are used is not looked at.
"""
advice = """
Delegate it to the account of security tooling: `aws organizations register-delegated-administrator`, or the service's own
command for it.
"""
references = [
  "https://docs.aws.amazon.com/prescriptive-guidance/latest/security-reference-architecture/security-tooling.html",
  "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_integrate_services_list.html",
]

[columns]
service = "Its service principal."
name = "What it is called."
*/
UNWIND [
  ['access-analyzer.amazonaws.com', 'IAM Access Analyzer'],
  ['cloudtrail.amazonaws.com', 'CloudTrail'],
  ['config.amazonaws.com', 'Config'],
  ['guardduty.amazonaws.com', 'GuardDuty'],
  ['inspector2.amazonaws.com', 'Inspector'],
  ['macie.amazonaws.com', 'Macie'],
  ['securityhub.amazonaws.com', 'Security Hub']
] AS service
MATCH (o:Organization)
OPTIONAL MATCH (o)-[d:DELEGATES_TO]->(a:Account)
WHERE coalesce(a.management, false) = false AND (d.service = service[0]
  OR (service[0] = 'config.amazonaws.com' AND d.service = 'config-multiaccountsetup.amazonaws.com'))
WITH service, count(d) AS delegations
WHERE delegations = 0
RETURN service[0] AS service, service[1] AS name
ORDER BY service
