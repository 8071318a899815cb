/*
question = "Which disabled people still have assignments?"
group = "people"
variations = [
  "(which|what|list|show|show me|find) (disabled|deactivated|inactive|former) (people|users|identity center users|employees) [that|who] [still] have (assignments|access) [in {accounts}]",
  "(which|what|list|show|show me|find) disabled (users|people) [who|that] [still] (with access|have access|with assignments) [in {accounts}]",
  "(disabled|deactivated|former) (people|users|employees) [who|that] [still] (have|with|hold|keep) (access|assignments|permission sets)",
  "people [who|that] [are|have|were] (disabled|deactivated|former) [but|and|or] [still] [hold|have|with] (access|assignments)",
  "(leavers|ex-employees|ex employees) with access",
]
collectors = ["identity-center"]
severity = "medium"
documentation = """
People whom Identity Center says are disabled and who, or whose groups, are still assigned permission sets: they get it all
back at the moment that somebody enables them again.
"""
advice = """
Take them out of the groups, and delete their own assignments.
"""
references = [
  "ISO/IEC 27001:2022: A.5.18 Access rights",
  "ISO/IEC 27001:2022: A.5.16 Identity management",
]

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
person = "The person."
name = "The name."
by = "The group that has the assignment; empty where it is their own."
permission_set = "The permission set's name."
account = "The account."
*/
MATCH (u:IdentityCenterUser {active: false})-[:MEMBER_OF*0..1]->(h)-[a:ASSIGNED_TO]->(s:PermissionSet)
WHERE (size($accounts) = 0 OR a.account_id IN $accounts)
RETURN u.id AS person, u.name AS name, CASE WHEN h.id = u.id THEN null ELSE h.id END AS by, s.name AS permission_set,
       a.account_id AS account
ORDER BY person, account, permission_set
