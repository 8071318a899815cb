/*
question = "Who administers these accounts?"
documentation = "Starts from the accounts, which are few."

[parameters.accounts]
type = "accounts"
description = "Account ids."

[columns]
account = "The account administered."
id = "The administrator."
name = "Its name."
account_id = "Its own account."
labels = "Its labels."
tags = "Its tags, as JSON text."
decision = "`allow`, `conditional` or `unknown`."
conditions = "Conditions that remain."
because = "The statements that it rests on."
reason = "What is not known."
*/
UNWIND $accounts AS account
MATCH (a:Account {id: account})<-[c:ADMINISTERS]-(p)
RETURN account AS account, p.id AS id, p.name AS name, p.account_id AS account_id, labels(p) AS labels, p.tags AS tags,
       c.decision AS decision, c.conditions AS conditions, c.because AS because, c.reason AS reason
ORDER BY account, id
