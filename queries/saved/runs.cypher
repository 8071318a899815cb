/*
question = "Which were the latest runs of ingestion?"
group = "register"
variations = [
  "(list|show|show me|what were|which were|what are) [the] (latest|last|recent|previous) {limit} [ingestion|ingest|collection] runs [of ingestion]",
  "(list|show|show me|what were|which were|what are) [the] (latest|last|recent) [{limit}] runs [of ingestion]",
  "(list|show|show me) [the] runs [of ingestion]",
  "(how did|how have) the (latest|last|recent) runs (end|go|gone)",
  "(latest|last|recent|previous) [ingestion|ingest|collection] runs [of] [ingestion]",
  "(history of|list) [the] ingestion runs",
]
documentation = """
The history of the register itself, newest first: when each run began, who asked for it, how it ended, what it read and what
differed. A run that was killed says `running` until a later run or a scheduler finds that nothing runs it any more.
"""

[parameters.limit]
type = "integer"
default = "20"
description = "How many."

[columns]
run = "Its id."
trigger = "Who asked for it: `manual`, or `schedule NAME`."
source = "`aws` or `files`."
status = "`running`, `complete`, `incomplete`, `failed` or `killed`."
started_at = "When it began."
seconds = "How long it took."
scopes = "Scopes that it read."
incomplete = "Those that it could not read completely."
calls = "API calls made."
changes = "What differed from before, conclusions too."
error = "What ended it, where it failed."
*/
MATCH (r:IngestRun)
RETURN r.id AS run, r.trigger AS trigger, r.source AS source, r.status AS status, r.started_at AS started_at,
       r.seconds AS seconds, r.scopes AS scopes, r.incomplete AS incomplete, r.calls AS calls, r.changes AS changes,
       r.error AS error
ORDER BY started_at DESC, run DESC
LIMIT $limit
