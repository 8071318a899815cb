/*
question = "What was read, and how completely?"
documentation = "Every answer rests on scopes; this is all that is known of them."

[columns]
id = "`SOURCE/ACCOUNT/REGION/COLLECTOR`."
account_id = "The second part of it."
collector = "The last part of it."
status = "How the last attempt went."
attempted_at = "When the last attempt ended."
completed_at = "When it was last read completely."
refusals = "Calls that were refused."
nodes = "Nodes that it states."
relationships = "Relationships that it states."
calls = "API calls of the last attempt."
*/
MATCH (s:Scope)
RETURN s.id AS id, s.account_id AS account_id, s.collector AS collector, s.status AS status,
       s.attempted_at AS attempted_at, s.completed_at AS completed_at, s.refusals AS refusals, s.nodes AS nodes,
       s.relationships AS relationships, s.calls AS calls
ORDER BY id
