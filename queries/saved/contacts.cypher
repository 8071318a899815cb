/*
question = "Whom to reach about {accounts}?"
group = "organization"
variations = [
  "(who|whom) (is|are) [the] (contact|contacts) (for|of) {accounts}",
  "(list|show|show me) [the|all] contacts [of|for|in] [{accounts}]",
  "(who|whom) (to|can i|do i|should i) (call|reach|contact) about {accounts}",
  "[who is|who are|what is|show] [the] [security|operations|billing] (contact|contacts) (of|for) {accounts}",
  "(whom|who) [do|should|can|must] [i|we] (call|contact|phone|mail|reach|talk to|notify|inform|alert) (about|for|regarding) {accounts}",
  "(who is|show|what are) [the] contacts (of|for) {accounts}",
]
collectors = ["contacts"]
documentation = """
The contacts that each account gives AWS: primary, billing, operations, security.
"""

[parameters.accounts]
type = "accounts"
default = ""
description = "Accounts by name or id, or an environment; all unless given."

[columns]
account = "The account."
type = "`PRIMARY`, `BILLING`, `OPERATIONS` or `SECURITY`."
name = "The person's name."
title = "The person's title."
email = "E-mail address."
phone = "Telephone number."
*/
MATCH (a:Account)-[:HAS_CONTACT]->(c:Contact)
WHERE size($accounts) = 0 OR a.id IN $accounts
RETURN a.id AS account, c.type AS type, c.name AS name, c.title AS title, c.email AS email, c.phone AS phone
ORDER BY account, type
