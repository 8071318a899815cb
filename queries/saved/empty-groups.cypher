/*
question = "Which groups have no members?"
group = "people"
variations = [
  "(which|what|list|show|show me|find) [the] (empty groups|groups without members|groups that have no members|groups have no members|groups with no members|groups are empty)",
  "empty groups",
  "groups [that] (contain|have|with|include) (nobody|no one|no users|no people|no members|no user)",
  "groups that are empty",
]
collectors = ["iam", "identity-center"]
severity = "info"
documentation = """
Groups of IAM and of Identity Center without anybody in them, and how much is granted to them: whoever is added gets it.
"""
advice = """
Delete it, or take its grants away until somebody needs them.
"""
references = [
  "ISO/IEC 27001:2022: A.5.18 Access rights",
]

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
group = "The group."
name = "Its name."
account = "Its account; empty for those of Identity Center."
grants = "How many policies and assignments it has."
*/
MATCH (g)
WHERE (g:Group OR g:IdentityCenterGroup) AND (size($accounts) = 0 OR coalesce(g.account_id, '') IN $accounts)
OPTIONAL MATCH (g)<-[:MEMBER_OF]-(m)
WITH g, count(m) AS members
WHERE members = 0
OPTIONAL MATCH (g)<-[:ATTACHED_TO]-(p:Policy)
WITH g, count(p) AS policies
OPTIONAL MATCH (g)-[a:ASSIGNED_TO]->(:PermissionSet)
WITH g, policies, count(a) AS assignments
RETURN g.id AS group, g.name AS name, g.account_id AS account, policies + assignments AS grants
ORDER BY group
