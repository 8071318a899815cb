/*
question = "Which accounts administer services for the whole organization?"
group = "organization"
variations = [
  "(which|what|list|show|show me) [the|all] (delegated administrators|delegated admins|delegated administrator accounts)",
  "(which|what) accounts are delegated (administrators|admins)",
  "delegated (administrators|admins)",
  "(which|what|list|show|show me|find) delegated (admins|administrators)",
  "[accounts that are|list] delegated admins [of|for|in] [the] [organization|org|services]",
  "(which|what) accounts (are|act as|have been made) delegated admins [for|of] [services|the organization]",
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
