"""The answers to "can … do … on …" and "who can …", from decisions that the permission engine made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..errors import UsageError
from ..schema import Arn
from .access import DECISIONS, Access, Path
from .answer import Answer
from .atlas import Atlas
from .knowledge import knowledge
from .library import question
from .sentences import decision_sentence, path_sentences, reasons
from .things import Thing, anything, principal

if TYPE_CHECKING:
    from ..graph.database import Database

_DECIDABLE = ("User", "Role", "RootUser")


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision in words: ``allow``, ``deny``, ``conditional`` or ``unknown``, with conditions and reasons."""

    decision: str
    conditions: Sequence[str] = ()
    because: Sequence[str] = ()


def maker(database: Database, atlas: Atlas, text: str) -> Thing:
    """The user or role that would make a request; UsageError for whoever makes none of its own."""
    if ":assumed-role/" in text:
        return Thing(text, "Role", text.rpartition("/")[2], text.split(":")[4])
    found = principal(database, atlas, text)
    if found.kind not in _DECIDABLE:
        raise UsageError(
            f"{text!r} is a {found.kind}: its permissions are those of the roles it becomes",
            'Name a user or a role; `muniment ask "who can assume …"` says who becomes which.',
        )
    return found


def resource_arn(database: Database, atlas: Atlas, text: str) -> str:
    """The resource's ARN: ``s3://bucket/key`` and names of things in the graph become theirs."""
    if text.startswith("s3://"):
        return f"arn:aws:s3:::{text.removeprefix('s3://').rstrip('/')}"
    if text == "*" or text.startswith("arn:"):
        return text
    return anything(database, atlas, text).id


def can_answer(
    database: Database,
    atlas: Atlas,
    asker: Thing,
    action: str,
    resource: str,
    context: Mapping[str, Any],
    made: Decided,
    *,
    explain: bool = False,
) -> Answer:
    """One decided request as an answer."""
    asked = question("can")
    label = atlas.label(asker.id, asker.name, asker.account)
    parsed = Arn.maybe(resource)
    accounts = {asker.account, parsed.account if parsed else ""} & atlas.known
    row = {
        "principal": asker.id,
        "action": action,
        "resource": resource,
        "decision": made.decision,
        "conditions": list(made.conditions),
        "because": list(made.because),
    }
    labels = {asker.id: label, resource: atlas.label_of(resource)}
    sentence = decision_sentence(label, action, labels[resource], made.decision, made.conditions)
    return Answer(
        asked.id,
        {"principal": asker.id, "action": action, "resource": resource, "context": dict(context)},
        asked.columns,
        [row],
        knowledge(database, atlas, asked, accounts),
        explanation=[sentence, *reasons(labels, made.conditions, made.because, indent="  ")] if explain else (),
        labels=labels,
    )


def who_can_answer(
    database: Database,
    atlas: Atlas,
    action: str,
    resource: str,
    decided: Iterable[tuple[str, Decided]],
    *,
    transitive: bool = False,
    explain: bool = False,
) -> Answer:
    """Everyone whose policies let it, and, where ``transitive``, whoever can become one of those."""
    asked = question("who-can")
    direct = dict(decided)
    rows = {id_: _row(id_, made, [id_]) for id_, made in direct.items()}
    access = Access()
    paths: dict[str, Path] = {}
    if transitive:
        access = Access.towards(database, [id_ for id_ in direct if ":role/" in id_])
        for thing, path in access.ways({id_: made.decision for id_, made in direct.items() if ":role/" in id_}):
            made = _weaker(path, direct[path.ids[-1]])
            if thing.id not in direct or _sureness(made) < _sureness(direct[thing.id]):
                rows[thing.id] = _row(thing.id, made, path.ids)
                paths[thing.id] = path
    labels = {id_: atlas.label_of(id_) for id_ in rows} | {
        thing.id: atlas.label(thing.id, thing.name, thing.account) for thing in access.things.values()
    }
    ordered = sorted(
        rows.values(), key=lambda row: (DECISIONS.index(row["decision"]), len(row["path"]), labels[row["principal"]])
    )
    return Answer(
        asked.id,
        {"action": action, "resource": resource, "transitive": transitive},
        asked.columns,
        ordered,
        knowledge(database, atlas, asked),
        explanation=[line for row in ordered for line in _sentences(row, action, resource, labels, paths, direct)]
        if explain
        else (),
        labels=labels,
    )


def _sentences(
    row: Mapping[str, Any],
    action: str,
    resource: str,
    labels: Mapping[str, str],
    paths: Mapping[str, Path],
    direct: Mapping[str, Decided],
) -> list[str]:
    id_, last = row["principal"], direct[row["path"][-1]]
    way = path_sentences(labels, paths[id_]) if id_ in paths else []
    return [
        decision_sentence(labels[id_], action, resource, row["decision"], row["conditions"]),
        *(f"  {line}" for line in way),
        *reasons(labels, last.conditions, last.because, indent="  "),
    ]


def _row(id_: str, made: Decided, path: list[str]) -> dict[str, Any]:
    return {"principal": id_, "decision": made.decision, "conditions": list(made.conditions), "path": path}


def _weaker(path: Path, made: Decided) -> Decided:
    decision = DECISIONS[max(DECISIONS.index(path.decision), DECISIONS.index(made.decision))]
    return Decided(decision, list(dict.fromkeys((*path.conditions, *made.conditions))), made.because)


def _sureness(made: Decided) -> int:
    return DECISIONS.index(made.decision)
