/*
question = "Whom do trusts in identity providers let in, by breadth?"
group = "trust"
variations = [
  "(whom|who|what) do [the] (federated|oidc) trusts (let in|admit|allow) [in {accounts}]",
  "(which|what|list|show|show me|find) [the|all] (federated trusts|oidc trusts|federated subjects) [in {accounts}]",
  "federated trusts (by breadth) [in {accounts}]",
  "how (broad|wide|open|wide open|narrow) are [our|the] (federated trusts|trusts of identity providers|trusts in identity providers|oidc trusts)",
  "(breadth|width) of [our] (federated trusts|trusts in identity providers)",
]
collectors = ["iam", "organizations"]
analyses = ["federation", "can-assume"]
documentation = """
Each subject that a trust policy admits, read off its conditions: `exact` is one place of one repository, `any-branch`
several places of one, `any-repository` several of one organization, `anyone` strangers too, `nobody` what no token can
meet. The decision is that of all policies together; empty where they let nobody in. Roles of Identity Center are left out.
"""

[parameters.breadth]
type = "text"
form = "nobody|exact|any-branch|any-repository|anyone|unknown"
default = ""
description = "`nobody`, `exact`, `any-branch`, `any-repository`, `anyone` or `unknown`; all of them unless given."

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
admits = "Who is let in, as a sentence."
breadth = "How wide that is; the widest first."
platform = "Who issues the tokens: `GitHub`, `EKS`, …"
organization = "The organization, group, workspace or cluster."
repository = "The repository, project, pipeline, stack or namespace."
role = "The role."
account = "Its account."
decision = "`allow`, `conditional` or `unknown`."
audiences = "Audiences that are asked for."
conditions = "What is asked besides."
statement_id = "`ROLE#trust/N`."
*/
MATCH (s:FederatedSubject)-[a:ADMITTED_TO]->(r:Role)
WHERE ($breadth = '' OR s.breadth = toLower($breadth)) AND (size($accounts) = 0 OR r.account_id IN $accounts)
OPTIONAL MATCH (r)<-[c:CAN_ASSUME]-(p:Principal)
WHERE p.id = a.provider AND c.action = a.action
RETURN s.name AS admits, s.breadth AS breadth, s.provider AS platform, s.organization AS organization,
       s.repository AS repository, r.id AS role, r.account_id AS account, c.decision AS decision,
       a.audiences AS audiences, a.conditions AS conditions, a.statement_id AS statement_id
ORDER BY CASE s.breadth WHEN 'unknown' THEN 0 WHEN 'anyone' THEN 1 WHEN 'any-repository' THEN 2 WHEN 'any-branch' THEN 3
         WHEN 'exact' THEN 4 ELSE 5 END, admits, statement_id
