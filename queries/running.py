"""Running a saved question: its parameters from words, its rows from the graph, its answer with what is missing."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from ..errors import UsageError
from ..graph.entities import WholeNode
from ..schema import SCHEMA
from .ages import aged
from .answer import Answer
from .atlas import Atlas
from .history import with_history
from .knowledge import knowledge
from .library import step
from .places import accounts_meant
from .principals import kinds_of
from .question import Parameter, Slot
from .rows import tidied
from .things import anything, principal

if TYPE_CHECKING:
    from ..graph.database import Database
    from .library import SavedQuery

_DIRECTORY = ":identitystore:"


def run(
    database: Database,
    query: SavedQuery,
    given: Mapping[str, str],
    *,
    now: datetime,
    environments: Mapping[str, Any] | None = None,
) -> Answer:
    """Answer a saved question. ``given`` are words for its parameters; UsageError where one is missing or unknown."""
    atlas = Atlas.load(database, environments)
    if unknown := given.keys() - query.parameters.keys():
        raise UsageError(
            f"{query.id} has no parameter {', '.join(sorted(unknown))}",
            f"It has {', '.join(query.parameters) or 'none'}; see `muniment queries show {query.id}`.",
        )
    values: dict[str, Any] = {}
    meanings = []
    for name, parameter in query.parameters.items():
        text = given.get(name, parameter.default)
        if text is None:
            raise UsageError(f"{query.id} needs {name}: {parameter.description}", f"Give --param {name}=….")
        values[name], meaning = _READERS[parameter.slot](database, atlas, parameter, text, now)
        if meaning:
            meanings.append(meaning)
    found = database.read(query.cypher, **values)
    if any(_private(value) for row in found for value in row.values()):
        raise UsageError(f"{query.id} returns whole nodes of a kind that is told to nobody", "Return fields by name.")
    rows = tidied(query, aged(query, found, now))
    return Answer(
        query.id,
        values,
        query.columns,
        rows,
        with_history(database, query, values, knowledge(database, atlas, query, _accounts_asked(query, values))),
        "; ".join(meanings),
        labels=_labels(database, atlas, rows),
    )


def _labels(database: Database, atlas: Atlas, rows: Collection[Mapping[str, Any]]) -> dict[str, str]:
    """Short names for what stands in the rows; people and groups of Identity Center by their names, not by ids."""
    labels = {value: atlas.label_of(value) for row in rows for value in row.values() if isinstance(value, str)}
    people = [value for value in labels if _DIRECTORY in value]
    for found in database.read(step("people-called"), ids=people) if people else ():
        labels[found["id"]] = atlas.label(found["id"], found["name"], found["account_id"])
    return labels


def _private(value: Any) -> bool:
    """Whether a value is, or holds, a whole node of a kind that is told to nobody."""
    if isinstance(value, WholeNode):
        return not value.labels <= SCHEMA.public.keys()
    if isinstance(value, Mapping):
        return any(map(_private, value.values()))
    return isinstance(value, list | tuple) and any(map(_private, value))


def _accounts_asked(query: SavedQuery, values: Mapping[str, Any]) -> Collection[str]:
    """The accounts that the answer is about; none for all of them, as where one of several parameters means all."""
    asked = [values[p.name] for p in query.parameters.values() if p.slot is Slot.ACCOUNTS]
    return set().union(*asked) if all(asked) else ()


Reader = Callable[["Database", Atlas, Parameter, str, datetime], tuple[Any, str]]


def _text(_database: Database, _atlas: Atlas, parameter: Parameter, text: str, _now: datetime) -> tuple[Any, str]:
    if parameter.form and text != parameter.default and not re.fullmatch(parameter.form, text, re.IGNORECASE):
        raise UsageError(f"{parameter.name} cannot be {text!r}", f"It is: {parameter.description}")
    return text, ""


def _integer(_database: Database, _atlas: Atlas, parameter: Parameter, text: str, _now: datetime) -> tuple[Any, str]:
    return _whole(parameter, text), ""


def _days(_database: Database, _atlas: Atlas, parameter: Parameter, text: str, now: datetime) -> tuple[Any, str]:
    try:
        before = now - timedelta(days=_whole(parameter, text))
    except OverflowError:
        raise UsageError(f"{parameter.name} is too many days: {text}") from None
    since = before.strftime("%Y-%m-%dT%H:%M:%SZ")
    return since, f"{text} days ago = {since}" if before < now else ""


def _accounts(_database: Database, atlas: Atlas, _parameter: Parameter, text: str, _now: datetime) -> tuple[Any, str]:
    if not text.strip():
        return [], ""
    found = accounts_meant(atlas, text)
    reasons = [atlas.account(account) + (f" ({reason})" if reason else "") for account, reason in found.items()]
    count = f"{len(found)} account{'' if len(found) == 1 else 's'}"
    return sorted(found), f"{text} = {count}: {'; '.join(reasons)}"


def _thing(database: Database, atlas: Atlas, parameter: Parameter, text: str, _now: datetime) -> tuple[Any, str]:
    found = anything(database, atlas, text, parameter.kind.split("|"))
    return found.id, f"{text} = {found.id}" if found.id != text else ""


def _principal(database: Database, atlas: Atlas, _parameter: Parameter, text: str, _now: datetime) -> tuple[Any, str]:
    found = principal(database, atlas, text)
    return found.id, f"{text} = {found.id}" if found.id != text else ""


def _kinds(_database: Database, _atlas: Atlas, _parameter: Parameter, text: str, _now: datetime) -> tuple[Any, str]:
    return list(kinds_of(text)), ""


_READERS: Mapping[Slot, Reader] = {
    Slot.TEXT: _text,
    Slot.ACTION: _text,
    Slot.RESOURCE: _text,
    Slot.TARGET: _thing,
    Slot.INTEGER: _integer,
    Slot.DAYS: _days,
    Slot.ACCOUNTS: _accounts,
    Slot.THING: _thing,
    Slot.PRINCIPAL: _principal,
    Slot.KINDS: _kinds,
}


def _whole(parameter: Parameter, text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        raise UsageError(f"{parameter.name} is not a whole number: {text!r}") from None
    if number < 0:
        raise UsageError(f"{parameter.name} is negative: {text}")
    return number
