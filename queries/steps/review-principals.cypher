/*
question = "Who is there, who stands behind each, and when was it last used?"
documentation = "One row for each principal."

[columns]
id = "The principal."
name = "Its name."
account_id = "Its account."
labels = "Its labels."
tags = "Its tags, as JSON text."
kind = "Who uses it."
user_name = "The name to sign in with."
console_access = "Whether it has a password."
password_changed_at = "When the password was last set."
password_last_used = "When the password was last used."
last_used_at = "When a role was last used."
scope = "The scope that states it."
*/
MATCH (p:Principal)
OPTIONAL MATCH (p)-[:IDENTIFIED_AS]->(k:IdentityKind)
RETURN p.id AS id, p.name AS name, p.account_id AS account_id, labels(p) AS labels, p.tags AS tags, k.name AS kind,
       p.user_name AS user_name, p.console_access AS console_access, p.password_changed_at AS password_changed_at,
       p.password_last_used AS password_last_used, p.last_used_at AS last_used_at, p.scope AS scope
