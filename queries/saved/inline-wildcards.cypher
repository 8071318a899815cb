/*
question = "Which inline policies have a * as action or resource?"
group = "permissions"
variations = [
  "(which|what|list|show|show me|find) inline policies [that|which] (have|with|contain) (a|an|) (*|star|wildcard|wildcards|asterisk) [in {accounts}]",
  "inline (wildcards|policies with wildcards) [in {accounts}]",
  "(which|what|list|show|show me|find) inline policies (with|with a) (wildcards|wildcard|star|*) [in {accounts}]",
  "inline policies (with|having|containing|using|have|use|that grant|granting|that contain) [a] (*|star|stars|wildcards) [actions|resources|in] [action|resource|actions|resources]",
]
collectors = ["iam"]
severity = "medium"
documentation = """
Allow statements of inline policies with the action `*`, or any action on the resource `*`. Inline policies are easily
overlooked: they are in no list of policies.
"""
advice = "Replace the policy by a managed one that names what is used."
references = [
  "CIS AWS Foundations Benchmark v3.0.0: 1.16",
]

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
statement = "`HOLDER/inline-policy/NAME#N`."
holder = "Whose policy it is."
account = "The holder's account."
actions = "The statement's actions."
resources = "Its resources."
conditions = "Its conditions."
*/
MATCH (s:Statement {effect: 'Allow'})<-[:HAS_STATEMENT]-(p:InlinePolicy)-[:ATTACHED_TO]->(h)
WHERE ('*' IN coalesce(s.actions, []) OR '*' IN coalesce(s.resources, []))
  AND (size($accounts) = 0 OR h.account_id IN $accounts)
RETURN s.id AS statement, h.id AS holder, h.account_id AS account, s.actions AS actions, s.resources AS resources,
       s.conditions AS conditions
ORDER BY statement
