/*
question = "Which users have policies of their own rather than through groups?"
group = "permissions"
variations = [
  "(which|what|list|show|show me|find) [iam] users [that|who] (have|with) (direct|own|inline|directly attached) policies [in {accounts}]",
  "(which|what|list|show|show me|find) policies (are attached|attached) [directly] to users [in {accounts}]",
  "(which|what|list|show|show me|find) [iam] users with (inline|direct|directly attached) policies [in {accounts}]",
  "[iam] users [with|having|who have|that have] policies [assigned|attached|granted|given] directly [to them|instead of|rather than] [via|through|by] [a] [group|groups|group membership]",
  "policies (attached|assigned) [directly] to users [(rather than|instead of) [to] groups]",
]
collectors = ["iam"]
severity = "low"
documentation = """
Inline policies of users, and managed policies that are attached to users directly: nobody sees them who reviews groups.
"""
advice = """
Give people roles through Identity Center. A user that must stay gets its rights from a group.
"""
references = [
  "CIS AWS Foundations Benchmark v3.0.0: 1.15",
]

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
user = "The user."
account = "Its account."
policy = "The policy."
name = "The policy's name."
*/
MATCH (p:Policy)-[:ATTACHED_TO]->(u:User)
WHERE (size($accounts) = 0 OR u.account_id IN $accounts)
RETURN u.id AS user, u.account_id AS account, p.id AS policy, p.name AS name
ORDER BY user, policy
