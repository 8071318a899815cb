/*
question = "Which grants of everything are not used?"
group = "administrators"
variations = [
  "(which|what|list|show|show me|find) (admin grants|administrators|admin rights|admin permissions|grants of everything) [that] (are not used|are unused|are not needed|is not used) [in {accounts}]",
  "(who|which principals) (has|have) (unused|idle) (admin|administrator|administrative) (access|rights|grants|permissions|privileges) [in {accounts}]",
  "(unused|idle) (admin access|administrator access|admin grants|admin rights|administrators) [in {accounts}]",
  "grants of (everything|*|star|full access|all actions) [that] (nobody uses|are not used|are unused|no one uses|never used)",
  "(admin rights|full access|admins) [that] (nobody uses|are unused|never used|go unused|not used)",
]
collectors = ["iam", "last-accessed"]
documentation = """
Users and roles with a statement that allows every action on every resource, of their own or by a group, and the services
that they did use in the 400 days that AWS tracks: whoever used neither IAM nor Organizations needs no administrator's
rights. Where there is no report, or none on IAM, that is `unknown`, and comes last.
"""

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
principal = "The user's or role's ARN."
account = "Its account."
statement = "The statement that allows everything."
conditions = "The statement's conditions."
standing = "`unused`, or `unknown` where there is no report."
reported = "How many services its report is about; empty without one."
used = "How many of them it used."
last_used_at = "When a role was last used."
*/
MATCH (s:Statement {effect: 'Allow'})<-[:HAS_STATEMENT]-(:Policy)-[:ATTACHED_TO]->(h)
WHERE any(action IN coalesce(s.actions, []) WHERE action IN ['*', '*:*']) AND '*' IN coalesce(s.resources, [])
MATCH (h)<-[:MEMBER_OF*0..1]-(p:Principal)
WHERE (p:User OR p:Role) AND (size($accounts) = 0 OR p.account_id IN $accounts)
OPTIONAL MATCH (p)-[:HAS_LAST_ACCESSED]->(l:LastAccessed)
WITH p, s, l
WHERE l IS NULL OR NOT 'iam' IN l.services OR ('iam' IN l.unused_services AND NOT ('organizations' IN l.services AND NOT 'organizations' IN l.unused_services))
RETURN p.id AS principal, p.account_id AS account, s.id AS statement, s.conditions AS conditions,
       CASE WHEN l IS NULL OR NOT 'iam' IN l.services THEN 'unknown' ELSE 'unused' END AS standing, size(l.services) AS reported,
       size(l.services) - size(l.unused_services) AS used, p.last_used_at AS last_used_at
ORDER BY standing DESC, principal, statement
