/*
question = "Which accounts administer services for the whole organization?"
variations = [
  "(which|what|list|show|show me) [the|all] (delegated administrators|delegated admins|delegated administrator accounts)",
  "(which|what) accounts are delegated (administrators|admins)",
  "delegated (administrators|admins)",
  "(which|what|list|show|show me|find) delegated (admins|administrators)",
]
collectors = ["organizations"]
documentation = """
An account to which a service is delegated can do with that service, in every account, what the management account
can.
"""

[columns]
account = "The account."
name = "Its name."
service = "The service's principal."
since = "When it was delegated."
*/
MATCH (o:Organization)-[d:DELEGATES_TO]->(a:Account)
RETURN a.id AS account, a.name AS name, d.service AS service, d.since AS since
ORDER BY account, service
