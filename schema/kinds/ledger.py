"""What the register knows of its own knowledge: runs, scopes, changes."""

from __future__ import annotations

from ..model import Field, Kind, Relationship, Type

RECORD = Kind("Record", "Bookkeeping of the register itself.", abstract=True, identifier="See the kind.")

INGEST_RUN = Kind(
    "IngestRun",
    "One run of ingestion.",
    extends="Record",
    identifier="A time-ordered random id.",
    fields=(
        Field("source", Type.STRING, "`aws`, `files`, …"),
        Field("trigger", Type.STRING, "Who asked for it: `manual`, or `schedule NAME`."),
        Field(
            "status",
            Type.STRING,
            "`running`, `complete`, `incomplete` or `failed`; `killed` once it was found that nothing runs it.",
        ),
        Field("started_at", Type.TIMESTAMP, "When it began."),
        Field("finished_at", Type.TIMESTAMP, "When it ended."),
        Field("settings", Type.JSON, "What it was asked to read: accounts, regions, collectors."),
        Field("calls", Type.INTEGER, "API calls made."),
        Field("seconds", Type.INTEGER, "How long it took."),
        Field("scopes", Type.INTEGER, "Scopes that it read."),
        Field("incomplete", Type.INTEGER, "Those of them that it could not read completely."),
        Field("changes", Type.INTEGER, "Nodes and relationships that it created, changed or removed, conclusions too."),
        Field("error", Type.STRING, "What ended it, where it failed."),
    ),
)

SCHEDULE = Kind(
    "Schedule",
    "What the schedulers of this register know of one schedule of the settings file.",
    extends="Record",
    identifier="The schedule's name.",
    fields=(
        Field("definition", Type.STRING, "When it runs, as a hash: another definition begins anew."),
        Field("since_at", Type.TIMESTAMP, "When a scheduler first met this definition: no run before it was missed."),
        Field(
            "claims", Type.INTEGER, "Attempts so far. Of two schedulers that begin the same one, one finds it raised."
        ),
        Field("fired_at", Type.TIMESTAMP, "The latest of its times that is done with."),
        Field(
            "status",
            Type.STRING,
            "How the last attempt ended, as of a run; `interrupted` where its scheduler was told to stop.",
        ),
        Field("started_at", Type.TIMESTAMP, "When the last attempt began."),
        Field("finished_at", Type.TIMESTAMP, "When it ended; absent while it runs and where it was killed."),
        Field("run", Type.STRING, "Its run."),
        Field("failures", Type.INTEGER, "Attempts that failed since the last one that did not."),
        Field("error", Type.STRING, "What made the last attempt fail."),
        Field("touched", Type.INTEGER, "Attempts to claim so far: each writes here, so that two of them conflict."),
    ),
)

SCOPE = Kind(
    "Scope",
    "What was read as one whole, and how completely. Its completion is when its facts were last seen.",
    extends="Record",
    identifier="`SOURCE/ACCOUNT/REGION/COLLECTOR`.",
    fields=(
        Field("source", Type.STRING, "First part of the id."),
        Field("account_id", Type.STRING, "Second part of the id."),
        Field("region", Type.STRING, "Third part of the id; `global` where it is not regional."),
        Field("collector", Type.STRING, "Last part of the id."),
        Field(
            "status",
            Type.STRING,
            "How the last attempt went: `complete`, `partial`, `denied` or `failed`; `interrupted` while a large one "
            "is being written, and after a run that was killed meanwhile; `never read` while no run has come to it.",
        ),
        Field("attempted_at", Type.TIMESTAMP, "When the last attempt ended."),
        Field("completed_at", Type.TIMESTAMP, "When it was last read completely; absent if never."),
        Field("refusals", Type.STRINGS, "Calls of the last attempt that were refused, each with the reason."),
        Field("calls", Type.INTEGER, "API calls of the last attempt."),
        Field("nodes", Type.INTEGER, "Nodes that it states."),
        Field("relationships", Type.INTEGER, "Relationships that it states."),
        Field("run", Type.STRING, "The run of the last attempt."),
    ),
)

CHANGE = Kind(
    "Change",
    "One difference that a run found. All that is created in a scope before it was ever read completely is one record "
    "of kind `Scope`, whose `after` counts it.",
    extends="Record",
    identifier="`RUN/NUMBER`.",
    fields=(
        Field("run", Type.STRING, "The run that found it.", indexed=True),
        Field("at", Type.TIMESTAMP, "When it was written.", indexed=True),
        Field("operation", Type.STRING, "`created`, `changed` or `removed`."),
        Field("kind", Type.STRING, "The kind of node, or the type of relationship; `Scope` for a first reading."),
        Field("subject", Type.STRING, "The node's id; for a relationship `START -TYPE-> END`.", indexed=True),
        Field("scope", Type.STRING, "The scope that it belongs to."),
        Field("before", Type.JSON, "The fields that differ, as they were."),
        Field("after", Type.JSON, "The fields that differ, as they are."),
    ),
)

LEASE = Kind(
    "Lease",
    "Who may write: one run at a time. A run that was overtaken finds a higher token here and stops.",
    extends="Record",
    identifier="`writer`.",
    fields=(
        Field("holder", Type.STRING, "The run that holds it; absent when free."),
        Field("token", Type.INTEGER, "Counts the holders; the fence."),
        Field("expires_at", Type.TIMESTAMP, "When another may take it."),
        Field("touched", Type.INTEGER, "Writing transactions so far: each writes here, so that two of them conflict."),
        Field("graph", Type.STRING, "A name that no other graph has, given when the lease is first taken."),
    ),
)

REGISTER = Kind(
    "Register",
    "The database as a whole.",
    extends="Record",
    identifier="`register`.",
    fields=(
        Field("schema_version", Type.INTEGER, "The version of these declarations that it was written with."),
        Field("schema_fingerprint", Type.STRING, "Hash of the declarations as last applied to this database."),
        Field("learned", Type.INTEGER, "Writing transactions so far that changed facts."),
        Field(
            "concluded_from",
            Type.STRING,
            "Hash of all that the conclusions were drawn from; a run that finds it unchanged need not draw them again.",
        ),
        Field(
            "history_since",
            Type.TIMESTAMP,
            "Since when all runs and changes are kept; absent where none was ever deleted.",
        ),
    ),
)

OWNS = Relationship("OWNS", "The run made the scope's last attempt.", ends=(("IngestRun", "Scope"),))
