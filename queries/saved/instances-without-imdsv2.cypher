/*
question = "Which instances hand out their role without IMDSv2?"
group = "compute"
variations = [
  "(which|what|list|show|show me|find) [the|ec2] (instances|machines|servers) (without|that do not require|do not require|with no|that do not enforce|do not enforce) (imdsv2|imds v2) [in {accounts}]",
  "(which|what|list|show|show me|find) [ec2] (instances|machines|servers) (allow|that allow|use|with|that use) (imdsv1|imds v1) [in {accounts}]",
  "(which|what|list|show|show me|find) [ec2] instances {without} imdsv2 [in {accounts}]",
  "(which|what|list|show|show me|find) [ec2] instances with imdsv1 [in {accounts}]",
  "(which|what|list|show|show me|find) imdsv1 instances [in {accounts}]",
  "[ec2] instances (where|on which|that|still|whose) [do|have|has|with] [the] imdsv2 [is] (not enforced|not required|not enabled|optional and not required|not mandatory)",
  "instances [still] [using|on|with|allowing|that use|that allow] imdsv1 [enabled|allowed]",
  "imdsv2 not (enforced|required|enabled)",
]
collectors = ["ec2"]
analyses = ["administers"]
severity = "high"
documentation = """
Instances with a role whose metadata service answers without a session token: a server that can be made to fetch a URL
gives the role's credentials away.
"""
advice = """
`aws ec2 modify-instance-metadata-options --http-tokens required`, and the same as the account's default.
"""
references = [
  "CIS AWS Foundations Benchmark v3.0.0: 5.6",
  "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html",
]

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
instance = "The instance."
name = "Its name."
account = "Its account."
region = "Its region."
role = "The role."
public = "Whether it has a public address."
administers = "Whether the role administers its account; empty if it does not."
*/
MATCH (i:Instance)-[:RUNS_AS]->(r:Role)
WHERE i.imds_required = false AND (size($accounts) = 0 OR i.account_id IN $accounts)
OPTIONAL MATCH (r)-[d:ADMINISTERS]->(:Account)
RETURN DISTINCT i.id AS instance, i.name AS name, i.account_id AS account, i.region AS region, r.id AS role, i.public AS public,
       d.decision AS administers
ORDER BY instance
