/*
question = "Which statements grant all actions, or all resources, but some?"
group = "permissions"
variations = [
  "(which|what|list|show|show me|find) [the] (notaction grants|notaction allows|grants of all actions but some|statements grant all actions but some|statements allow with notaction|notresource grants) [in {accounts}]",
  "(notaction|notresource) grants [in {accounts}]",
  "(policies|statements|grants) [that] (use|with|contain|containing|using|have) (notaction|notresource|notaction or notresource|notaction and notresource) [with|in] [an|a] [allow|grants|statements]",
  "(policies|statements) [that] allow (everything|all actions) (except|but) (some|a few)",
]
collectors = ["iam"]
severity = "medium"
documentation = """
Allow statements with NotAction or NotResource, of policies that are attached to somebody: they grant whatever AWS adds
later, too.
"""
advice = "Name what is needed instead of what is not."
references = [
  "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html",
]

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
statement = "`POLICY#N`."
holder = "The user, group, role or permission set that has the policy."
account = "The holder's account."
not_actions = "Actions that are left out."
not_resources = "Resources that are left out."
conditions = "The statement's conditions."
*/
MATCH (s:Statement {effect: 'Allow'})<-[:HAS_STATEMENT]-(p:Policy)-[:ATTACHED_TO]->(h)
WHERE (s.not_actions IS NOT NULL OR s.not_resources IS NOT NULL)
  AND NOT (p:ServiceControlPolicy OR p:ResourceControlPolicy)
  AND (size($accounts) = 0 OR h.account_id IN $accounts)
RETURN s.id AS statement, h.id AS holder, h.account_id AS account, s.not_actions AS not_actions,
       s.not_resources AS not_resources, s.conditions AS conditions
ORDER BY statement, holder
