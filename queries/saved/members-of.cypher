/*
question = "Who is a member of {group}?"
group = "people"
variations = [
  "(who|which users) (is|are) (in|a member of|members of|member of|part of) [the group|group|the] {group}",
  "(list|show|show me) [the|all] members of [the group|group|the] {group}",
  "members of [the group|group|the] {group}",
  "members of [the group] {group}",
  "who is in [the] group {group}",
]
collectors = ["iam", "identity-center"]
documentation = """
Members of an IAM group or of a group of Identity Center.
"""

[parameters.group]
type = "thing"
kind = "Group|IdentityCenterGroup"
description = "The group."

[columns]
member = "The member's id."
name = "Its name."
account = "Its account, for IAM users."
user_name = "The name to sign in with, for people of Identity Center."
*/
MATCH (g:Asset {id: $group})<-[:MEMBER_OF]-(u)
RETURN u.id AS member, u.name AS name, u.account_id AS account, u.user_name AS user_name
ORDER BY member
