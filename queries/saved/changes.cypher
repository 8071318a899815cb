/*
question = "What changed in the last {days} days?"
group = "register"
variations = [
  "what (changed|has changed|is new) [in|during|over|within] [the] (last|past) {days} days",
  "(list|show|show me) [the|all|recent] changes [of|in|during|over] [the] [last|past] {days} days",
  "(what changed|what has changed|what is new|show changes|list changes|recent changes)",
  "[list|show|show me] [the] changes (in|of|during|over) [the] last {days} days",
  "(what|which things) [has|have|was|were] changed (in|during|over|since|within) [the] [last] {days} days",
  "changes [since|from|of] [the] [last] {days} days",
]
collectors = []
documentation = """
Differences that runs found: created, changed and removed nodes and relationships, newest first, without what analysis
concluded.
"""

[parameters.days]
type = "days"
default = "7"
description = "How far back, in days."

[columns]
at = "When it was written."
operation = "`created`, `changed` or `removed`."
kind = "The kind of node, or the type of relationship."
subject = "The node's id, or `START -TYPE-> END`."
scope = "The scope that it belongs to."
*/
MATCH (c:Change)
WHERE c.at >= $days AND NOT c.scope STARTS WITH 'muniment/'
RETURN c.at AS at, c.operation AS operation, c.kind AS kind, c.subject AS subject, c.scope AS scope
ORDER BY at DESC, subject
