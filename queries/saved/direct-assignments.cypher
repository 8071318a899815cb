/*
question = "Which people are assigned permission sets directly rather than through groups?"
group = "people"
variations = [
  "(which|what|list|show|show me|find) [the] (direct assignments|people assigned directly|users assigned directly) [in {accounts}]",
  "(who|which users|which people) (is|are) assigned [permission sets] directly [in {accounts}]",
  "people [who] [are|were|have] [been] [assigned|given|granted|received|got] [a] permission set directly [(rather than|instead of) [through|via|by] [a|their] (group|groups)]",
  "permission sets assigned (directly|straight) to (people|users|persons)",
]
collectors = ["identity-center"]
severity = "low"
documentation = """
Assignments of Identity Center to a person: they stay when the person changes teams in the directory.
"""
advice = """
Assign a group that the directory fills.
"""
references = [
  "https://docs.aws.amazon.com/singlesignon/latest/userguide/useraccess.html",
  "ISO/IEC 27001:2022: A.5.18 Access rights",
]

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
person = "The person."
name = "The name."
permission_set = "The permission set's name."
account = "The account."
*/
MATCH (u:IdentityCenterUser)-[a:ASSIGNED_TO]->(s:PermissionSet)
WHERE (size($accounts) = 0 OR a.account_id IN $accounts)
RETURN u.id AS person, u.name AS name, s.name AS permission_set, a.account_id AS account
ORDER BY person, account, permission_set
