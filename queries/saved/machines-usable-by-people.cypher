/*
question = "Which machine identities can people use?"
group = "people"
variations = [
  "(which|what|list|show|show me|find) (machine|service|non human) (identities|roles|principals) (can|could) (people|humans|persons|users) (use|assume|become|enter) [in {accounts}]",
  "(which|what|list|show|show me|find) (machine identities|machine roles|service roles) [are] usable by (people|humans) [in {accounts}]",
  "machines usable by people [in {accounts}]",
  "machine (identities|roles|accounts|users|principals) [that|which] [can be] (usable|used|assumed|taken|entered) by people",
  "machine (accounts|identities|roles) people can (use|assume|become|log in as)",
  "people [who] [can] (use|using|assume|become) machine (accounts|identities|roles)",
]
once = ["role", "person"]
collectors = ["iam", "organizations", "identity-center"]
analyses = ["identities", "can-assume"]
severity = "medium"
documentation = """
Roles of machines and services that a person's principal can assume in one hop, by name, as one of a set, or as a role
that people enter. What such a person does is logged as the machine's work. In how many hops people get anywhere is
another question: `who-can-assume`.
"""
advice = "Take people out of the role's trust, and give them a role of their own."
references = [
  "ISO/IEC 27001:2022: A.5.16 Identity management",
]

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
role = "The role."
account = "Its account."
kind = "`machine` or `service`."
person = "The person's user, or the role that people enter."
decision = "`allow`, `conditional` or `unknown`."
conditions = "What requests must fulfil."
*/
MATCH (k:IdentityKind)<-[:IDENTIFIED_AS]-(r:Role)<-[c:CAN_ASSUME]-(x)<-[:MEMBER_OF|GATHERED_IN*0..1]-(p)-[:IDENTIFIED_AS]->(:IdentityKind {name: 'human'})
WHERE k.name IN ['machine', 'service'] AND p.id <> r.id AND (size($accounts) = 0 OR r.account_id IN $accounts)
RETURN DISTINCT r.id AS role, r.account_id AS account, k.name AS kind, p.id AS person, c.decision AS decision,
       c.conditions AS conditions
ORDER BY role, person
