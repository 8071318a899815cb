"""From a question and words for its parameters to its answer: the one place that knows how each is answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ..queries.answer import Answer

if TYPE_CHECKING:
    from ..graph.database import Database
    from ..settings import Settings

Answerer = Callable[["Database", "Settings", Mapping[str, str], bool], Answer]


def answer(
    database: Database, settings: Settings, question: str, given: Mapping[str, str], *, explain: bool = False
) -> Answer:
    """Answer the question of that id. NotFound, AmbiguousName and UsageError for what the words do not tell."""
    if question in _ANSWERERS:
        return _ANSWERERS[question](database, settings, given, explain)
    from ..queries.library import SavedQuery
    from ..queries.library import question as find
    from ..queries.running import run

    found = find(question)
    assert isinstance(found, SavedQuery), "every other question has an answerer"
    return run(database, found, given, now=datetime.now(UTC), environments=settings.table("environments"))


def _who_can_assume(database: Database, settings: Settings, given: Mapping[str, str], explain: bool) -> Answer:
    from ..queries.becoming import who_can_assume

    return who_can_assume(
        database,
        given["target"],
        only=given.get("principal", ""),
        kinds=given.get("kinds", ""),
        environments=settings.table("environments"),
        explain=explain,
    )


def _path(database: Database, settings: Settings, given: Mapping[str, str], explain: bool) -> Answer:
    from ..queries.becoming import path_to

    environments = settings.table("environments")
    return path_to(database, given["from"], given["to"], environments=environments, explain=explain)


def _status(database: Database, _settings: Settings, _given: Mapping[str, str], _explain: bool) -> Answer:
    from ..queries.status import status

    return status(database, now=datetime.now(UTC))


_ANSWERERS: Mapping[str, Answerer] = {
    "who-can-assume": _who_can_assume,
    "path": _path,
    "status": _status,
}
