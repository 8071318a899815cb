/*
question = "Which roles can the repository {repository} enter?"
group = "trust"
variations = [
  "(which|what) roles can [the] [github|gitlab|bitbucket|hcp|terraform|circleci|buildkite] (repository|repo|pipeline|project|workspace) {repository} (enter|assume|become|use) [in {accounts}]",
  "(what|where) can [the] [github|gitlab|bitbucket|circleci|buildkite] (repository|repo|pipeline|project) {repository} (deploy|deploy to|reach|get into|get in to) [in {accounts}]",
]
collectors = ["iam", "organizations"]
analyses = ["federation", "can-assume"]
documentation = """
Roles whose trust admits the repository: by its name, with every other one of its organization, or with anyone's. A trust
that names repositories by a pattern is listed for every repository of the organization, one that names a repository or an
organization by its immutable id for all: read who it admits.
"""

[parameters.repository]
type = "text"
form = '\S+/\S+'
description = "ORGANIZATION/REPOSITORY, as the issuer writes it."

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
admits = "Who is let in, as a sentence."
breadth = "How wide that is."
role = "The role."
account = "Its account."
decision = "`allow`, `conditional` or `unknown`."
statement_id = "`ROLE#trust/N`."
*/
MATCH (s:FederatedSubject)-[a:ADMITTED_TO]->(r:Role)<-[c:CAN_ASSUME]-(p:Principal)
WHERE p.id = a.provider AND c.action = a.action AND (size($accounts) = 0 OR r.account_id IN $accounts)
  AND s.signs_in <> 'human' AND s.breadth <> 'nobody'
  AND (s.breadth IN ['anyone', 'unknown'] OR ((s.breadth = 'any-repository' OR s.repository IS NULL)
       AND (s.organization IS NULL OR s.organization CONTAINS '*' OR s.organization CONTAINS '?'
            OR toLower($repository) STARTS WITH toLower(s.organization) + '/'))
       OR toLower(coalesce(s.organization, '')) + '/' + toLower(coalesce(s.repository, '')) = toLower($repository))
RETURN s.name AS admits, s.breadth AS breadth, r.id AS role, r.account_id AS account, c.decision AS decision,
       a.statement_id AS statement_id
ORDER BY statement_id, admits
