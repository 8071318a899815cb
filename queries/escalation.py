"""The answer to "who can escalate": each single hop by which someone acts as another, or gains an account."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from .access import DECISIONS, on_own
from .answer import Answer
from .atlas import Atlas
from .knowledge import knowledge
from .library import question, step
from .sentences import reasons, technique_sentence
from .targets import resolve
from .things import Thing, kind_of, principal
from .words import ADMIN_WORDS

if TYPE_CHECKING:
    from ..graph.database import Database

ASSUMING = "sts-001"
"""The technique that CAN_ASSUME says itself."""
_SET = "PrincipalSet"
_STARTS = frozenset({"User", "Role", _SET})


@dataclass(frozen=True, slots=True)
class Escalation:
    """One hop: who, to whom, and what the relationship says."""

    start: Thing
    target: Thing
    technique: str
    decision: str
    conditions: tuple[str, ...] = ()
    because: tuple[str, ...] = ()
    reason: str | None = None
    compute: tuple[str, ...] = ()
    through: tuple[str, ...] = ()

    @property
    def rank(self) -> int:
        """0 for ``allow``, and more the less sure it is."""
        return DECISIONS.index(self.decision) if self.decision in DECISIONS else len(DECISIONS)


def escalations(
    database: Database,
    *,
    start: str = "",
    to: str = "",
    environments: Mapping[str, Any] | None = None,
    explain: bool = False,
) -> Answer:
    """Who can escalate to whom: from one principal, to what words mean, or all of it.

    ``to`` is ``admin`` for any account and whoever administers one, or names roles as everywhere. ``environments`` is
    that table of the settings file. NotFound, AmbiguousName and UsageError for names.
    """
    asked = question("escalations")
    atlas = Atlas.load(database, environments)
    one = principal(database, atlas, start) if start.strip() else None
    wanted, meaning = _wanted(database, atlas, to) if to.strip() else (None, "")
    found = _apart(database, [*_escalations(database, one), *_assumptions(database, one, wanted)], one)
    kept = [each for each in found if wanted is None or each.target.id in wanted]
    labels = {t.id: atlas.label(t.id, t.name, t.account) for each in kept for t in (each.start, each.target)}
    labels |= {id_: atlas.label_of(id_) for each in kept for id_ in each.through if id_ not in labels}
    kept.sort(key=lambda each: _sorting(labels, each))
    meanings = [f"{start} = {one.id}" if one and one.id != start else "", meaning]
    return Answer(
        asked.id,
        {**({"from": one.id} if one else {}), **({"to": to} if to.strip() else {})},
        asked.columns,
        [_row(each) for each in kept],
        knowledge(database, atlas, asked),
        "; ".join(filter(None, meanings)),
        [line for each in kept for line in _sentences(labels, each)] if explain else (),
        labels,
    )


def _wanted(database: Database, atlas: Atlas, words: str) -> tuple[set[str], str]:
    """Ids of the targets that words mean, and how they were understood."""
    if words.strip().casefold() in ADMIN_WORDS:
        accounts = sorted(atlas.known)
        holders = {row["id"] for row in database.read(step("administrators"), accounts=accounts)}
        return {*accounts, *holders}, f"{words} = any account, and whoever administers one"
    meant = resolve(database, atlas, words)
    return {*(member.thing.id for member in meant.members), *meant.accounts}, meant.interpretation


def _escalations(database: Database, one: Thing | None) -> Iterator[Escalation]:
    """What CAN_ESCALATE_TO says: all of it, or of one principal and the sets that it is in."""
    if one is None:
        rows = database.read(step("escalations"))
    else:
        rows = database.read(step("escalable"), principals=list(_as(database, one)))
    for row in rows:
        yield Escalation(
            Thing(row["principal"], kind_of(row["labels"]), row["name"] or "", row["account_id"] or ""),
            Thing(
                row["target"], kind_of(row["target_labels"]), row["target_name"] or "", row["target_account_id"] or ""
            ),
            row["technique"],
            row["decision"],
            tuple(row["conditions"] or ()),
            tuple(row["because"] or ()),
            row["reason"] or None,
            tuple(row["compute"] or ()),
            tuple(row["through"] or ()),
        )


def _assumptions(database: Database, one: Thing | None, wanted: Collection[str] | None) -> Iterator[Escalation]:
    """Roles that users and roles can assume: those of one principal, or those that are wanted."""
    if one is not None:
        for row in database.read(step("assumable"), principals=list(_as(database, one))):
            start = one if row["principal"] == one.id else Thing(row["principal"], _SET, "", one.account)
            yield from (
                _assuming(start, _thing(found), found) for found in row["roles"] if found[7] == "sts:AssumeRole"
            )
    elif wanted is not None:
        for row in database.read(step("assumers"), roles=sorted(wanted)):
            target = Thing(row["role"], "Role", row["role"].rpartition("/")[2], row["role"].split(":")[4])
            starts = ((_thing(found), found) for found in row["assumers"] if found[7] == "sts:AssumeRole")
            yield from (_assuming(start, target, found) for start, found in starts if start.kind in _STARTS)


def _thing(found: Sequence[Any]) -> Thing:
    id_, name, account, labels = found[:4]
    return Thing(id_, kind_of(labels), name or "", account or "")


def _assuming(start: Thing, target: Thing, found: Sequence[Any]) -> Escalation:
    decision, conditions, because, _, reason = found[4:9]
    return Escalation(start, target, ASSUMING, decision, tuple(conditions or ()), tuple(because or ()), reason or None)


def _as(database: Database, one: Thing) -> dict[str, tuple[str, ...]]:
    """The principal's id, and those of the groups and sets that it belongs to, each with why it does."""
    rows = database.read(step("belongings"), principals=[one.id])
    groups = sorted((group for row in rows for group in row["groups"]), key=lambda group: str(group[0]))
    return {one.id: (), **{group[0]: tuple(group[4] or ()) for group in groups}}


def _apart(database: Database, found: Iterable[Escalation], one: Thing | None) -> Iterator[Escalation]:
    """Sets taken apart into their members; of those only ``one``, where there is one.

    Each of the same start, target and technique once, the surest: a principal may be in several sets.
    """
    found = list(found)
    sets = sorted({each.start.id for each in found if each.start.kind == _SET})
    members: Mapping[str, list[tuple[Thing, tuple[str, ...]]]]
    if one is not None:
        members = {set_: [(one, own)] for set_, own in _as(database, one).items() if set_ != one.id}
    else:
        rows = database.read(step("members"), groups=sets) if sets else []
        members = {
            row["group"]: [(_thing(member), tuple(member[4] or ())) for member in row["members"]] for row in rows
        }
    surest: dict[tuple[str, str, str], Escalation] = {}
    for each in found:
        for who, own in members.get(each.start.id, [(each.start, ())]):
            its = replace(each, start=who, because=on_own(each.because, each.start.id, own))
            key = (who.id, each.target.id, each.technique)
            if who.id != each.target.id and (key not in surest or its.rank < surest[key].rank):
                surest[key] = its
    yield from surest.values()


def _row(each: Escalation) -> dict[str, Any]:
    return {
        "principal": each.start.id,
        "target": each.target.id,
        "technique": each.technique,
        "decision": each.decision,
        "because": [*each.because, *([each.reason] if each.reason else [])],
        "conditions": list(each.conditions),
        "compute": list(each.compute),
        "through": list(each.through),
    }


def _sorting(labels: Mapping[str, str], each: Escalation) -> tuple[Any, ...]:
    return labels[each.start.id], each.start.id, each.rank, labels[each.target.id], each.target.id, each.technique


def _sentences(labels: Mapping[str, str], each: Escalation) -> list[str]:
    said = technique_sentence(each.technique, labels[each.start.id], labels[each.target.id])
    over = [f"  over {labels.get(id_, id_)}" for id_ in (*each.compute, *each.through)]
    return [said, *over, *reasons(labels, each.conditions, each.because, each.reason, "  ")]
