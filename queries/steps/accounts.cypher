/*
question = "Which accounts are known, and where do they stand?"
documentation = "Read once per question to understand words such as `prod`. Reference nodes, accounts that only policies name, have no state."

[columns]
id = "12 digits."
name = "The account's name."
alias = "The IAM account alias."
state = "`ACTIVE`, `SUSPENDED`, …; absent without an organization."
tags = "Its tags, as JSON text."
path = "`o-…/r-…/ou-…/`."
path_names = "Names of the units above it."
scope = "The scope that states it, or `reference`."
*/
MATCH (a:Account)
RETURN a.id AS id, a.name AS name, a.alias AS alias, a.state AS state, a.tags AS tags, a.path AS path,
       a.path_names AS path_names, a.scope AS scope
ORDER BY id
