/*
question = "Whom does {role} trust?"
group = "trust"
variations = [
  "(who|whom|what|which principals) (does|do) {role} trust",
  "(who|what) is trusted by {role}",
  "(show|show me|list) [the] trust policy of {role}",
  "(what|which) is the trust policy of {role}",
  "[show|show me|print|what is] [the] trust policy (of|for) {role}",
  "(whom|who|what) does {role} trust",
  "(whom|who|what) [does|do|is] [the] [role] {role} trust [trusted] [by]",
  "(who|what) is [named] in the trust policy of {role}",
]
collectors = ["iam"]
documentation = """
Everyone whom the role's trust policy names, as it stands. Whether they can assume it is another question: who can
assume it.
"""

[parameters.role]
type = "thing"
kind = "Role"
description = "The role."

[columns]
principal = "Id of the one named."
effect = "`Allow` or `Deny`."
negated = "Whether it is named in NotPrincipal."
actions = "The statement's actions."
conditions = "The statement's conditions."
statement_id = "`ROLE#trust/N`."
*/
MATCH (r:Role {id: $role})-[t:TRUSTS]->(p)
RETURN p.id AS principal, t.effect AS effect, t.negated AS negated, t.actions AS actions,
       t.conditions AS conditions, t.statement_id AS statement_id
ORDER BY statement_id, principal
