/*
question = "Which accounts are not kept from leaving the organization?"
group = "organization"
variations = [
  "(which|what|list|show|show me|find) accounts (can leave|could leave|may leave|are not kept from leaving|are free to leave) the (organization|org)",
  "(which|what|list|show|show me|find) accounts that (can leave|could leave|may leave) the (organization|org)",
  "(which|what|list|show|show me|find) accounts [that] (can|could|may) leave [the] (org|organization)",
  "accounts [that] (can|could|may|might) leave [the|our] (organization|org|organisation)",
  "accounts [that are] not (kept|prevented|denied|stopped|blocked|forbidden) [from|to] (leaving|leave) [the] [organization|org|organisation]",
]
collectors = ["organizations"]
severity = "medium"
documentation = """
Active member accounts in which no service control policy denies `organizations:LeaveOrganization` without conditions: an
administrator there can take the account out of every guardrail. A Deny with NotAction counts where it does not spare the
action; one with conditions does not, nor does an Allow that leaves it out.
"""
advice = """
Attach a service control policy to the root that denies `organizations:LeaveOrganization`.
"""
references = [
  "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_examples_general.html",
  "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html",
]

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
account = "12 digits."
name = "Its name."
unit = "Names of the units above it, from the root down."
*/
MATCH (a:Account)
WHERE a.scope <> 'reference' AND coalesce(a.management, false) = false AND coalesce(a.state, 'ACTIVE') = 'ACTIVE'
  AND a.path IS NOT NULL AND (size($accounts) = 0 OR a.id IN $accounts)
OPTIONAL MATCH (a)<-[:CONTAINS*0..7]-(x)<-[:ATTACHED_TO]-(p:ServiceControlPolicy)-[:HAS_STATEMENT]->(s:Statement)
WHERE s.effect = 'Deny' AND s.conditions IS NULL AND '*' IN coalesce(s.resources, [])
  AND (any(action IN coalesce(s.actions, [])
           WHERE 'organizations:leaveorganization' =~ replace(replace(toLower(action), '*', '.*'), '?', '.'))
    OR (s.not_actions IS NOT NULL AND none(action IN s.not_actions
           WHERE 'organizations:leaveorganization' =~ replace(replace(toLower(action), '*', '.*'), '?', '.'))))
WITH a, count(s) AS denials
WHERE denials = 0
RETURN a.id AS account, a.name AS name, a.path_names AS unit
ORDER BY account
