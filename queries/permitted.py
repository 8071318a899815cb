"""The answers to "can … do … on …" and "who can …", from decisions that the permission engine made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ..errors import UsageError
from ..schema import Arn
from .access import DECISIONS, Access, Path
from .answer import Answer
from .atlas import Atlas
from .knowledge import knowledge
from .library import question, step
from .principals import a_kind
from .reach import Reach
from .requests import reading, resting_on
from .sentences import ONLY_BY_RESOURCE, decision_sentence, only_by_resource, path_sentences, reasons
from .things import Thing, anything, principal
from .words import plain

if TYPE_CHECKING:
    from ..graph.database import Database

_PROVIDERS = ("SamlProvider", "OidcProvider", "FederatedPrincipal")
_DECIDABLE = ("User", "Role", "RootUser", "Anyone", "ServicePrincipal", "Account", *_PROVIDERS)
_ANYONE = frozenset(("*", "anyone", "anybody", "everyone", "everybody", "the public", "the internet"))
_BY_ROLES = ("IdentityCenterUser", "IdentityCenterGroup")
_ORDER = {decision: rank for rank, decision in enumerate((*DECISIONS, "deny"))}


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision in words: ``allow``, ``deny``, ``conditional`` or ``unknown``, with conditions and reasons.

    ``note`` says what is not known, and is ``ONLY_BY_RESOURCE`` where nothing that is known lets it. ``kind`` is the
    principal's, where everyone is asked about.
    """

    decision: str
    conditions: Sequence[str] = ()
    because: Sequence[str] = ()
    note: str = ""
    kind: str = ""

    @property
    def sureness(self) -> tuple[int, bool]:
        """The less, the surer; whoever only the resource's policy could let is the least sure of all."""
        return _ORDER[self.decision], self.note == ONLY_BY_RESOURCE


def maker(database: Database, atlas: Atlas, text: str) -> Thing:
    """Who would make a request; UsageError for who makes none, such as a group."""
    if text.strip().casefold() in _ANYONE:
        return Thing("*", "Anyone", "anyone")
    if ":assumed-role/" in text:
        return Thing(text, "Role", text.rpartition("/")[2], text.split(":")[4])
    found = principal(database, atlas, text)
    if found.kind not in (*_DECIDABLE, *_BY_ROLES):
        raise UsageError(
            f"{text!r} is {a_kind(found.kind)}: its permissions are those of the roles it becomes",
            f'Name a user or a role; `muniment ask "which roles can {text} assume"` says which it becomes.',
        )
    return found


def acts_as_roles(asker: Thing) -> bool:
    """Whether it has no permissions but those of the roles it is assigned: a person or group of Identity Center."""
    return asker.kind in _BY_ROLES


def assigned_roles(database: Database, asker: Thing) -> list[tuple[Thing, Path]]:
    """The roles that a person or group of Identity Center becomes by assignment, and how."""
    ways = Reach.of(database, asker, onwards=False).paths()
    return [(role, path) for role, path in ways if plain(role.name) != role.name]


def mere_boundaries(database: Database) -> frozenset[str]:
    """Policies that are attached to nobody and only bound: what one of them allows, it lets nobody do."""
    return frozenset(row["policy"] for row in database.read(step("boundaries")) if not row["attached"])


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
    asked = resting_on(question("can"), action, resource)
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
        reading(action, resource),
        explanation=[sentence, *reasons(labels, made.conditions, made.because, indent="  ")] if explain else (),
        labels=labels,
    )


def can_as_roles_answer(
    database: Database,
    atlas: Atlas,
    asker: Thing,
    action: str,
    resource: str,
    context: Mapping[str, Any],
    decided: Iterable[tuple[Thing, Path, Decided]],
    *,
    explain: bool = False,
) -> Answer:
    """One request, decided for each role that the asker becomes by assignment: a row for each, the surest first."""
    asked = replace(resting_on(question("can"), action, resource), analyses=question("reachable-roles").analyses)
    who = atlas.label(asker.id, asker.name, asker.account)
    made = [(role, made if made.decision == "deny" else _weaker(path, made)) for role, path, made in decided]
    labels = {role.id: atlas.label(role.id, role.name, role.account) for role, _ in made}
    labels |= {asker.id: who, resource: atlas.label_of(resource)}
    made.sort(key=lambda way: (_ORDER[way[1].decision], labels[way[0].id], way[0].id))
    rows = [
        {
            "principal": asker.id,
            "action": action,
            "resource": resource,
            "decision": decided.decision,
            "conditions": list(decided.conditions),
            "because": [f"as {role.id}", *decided.because],
        }
        for role, decided in made
    ]
    sentences = [
        line
        for role, decided in made
        for line in (
            decision_sentence(
                f"{who}, as {labels[role.id]},", action, labels[resource], decided.decision, decided.conditions
            ),
            *reasons(labels, decided.conditions, decided.because, indent="  "),
        )
    ]
    return Answer(
        asked.id,
        {"principal": asker.id, "action": action, "resource": resource, "context": dict(context)},
        asked.columns,
        rows,
        knowledge(database, atlas, asked),
        reading(action, resource),
        explanation=sentences if explain else (),
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
    """Everyone whose policies let it, and, where ``transitive``, whoever can become one of those.

    They are searched for in the graph: it holds ``CAN_ASSUME`` already, with conditions and reasons, and who is in the
    groups of Identity Center. ``analysis.iam.chains`` answers the same, but for these, where there is no graph.
    """
    asked = resting_on(question("who-can"), action, resource)
    direct = dict(decided)
    best = dict(direct)
    access = Access()
    paths: dict[str, Path] = {}
    if transitive:
        roles = {id_: made for id_, made in direct.items() if ":role/" in id_}
        access = Access.towards(database, roles)
        for least in (False, True):
            alike = {id_: made.decision for id_, made in roles.items() if made.sureness[1] is least}
            for thing, path in access.ways(alike):
                made = replace(_weaker(path, direct[path.ids[-1]]), kind=thing.kind)
                if thing.id not in best or made.sureness < best[thing.id].sureness:
                    best[thing.id], paths[thing.id] = made, path
    labels = {id_: "anyone" if made.kind == "Anyone" else atlas.label_of(id_) for id_, made in best.items()} | {
        thing.id: atlas.label(thing.id, thing.name, thing.account) for thing in access.things.values()
    }
    ordered = [
        _row(id_, made, paths[id_].ids if id_ in paths else [id_])
        for id_, made in sorted(best.items(), key=lambda one: (_ORDER[one[1].decision], labels[one[0]], one[0]))
    ]
    told = [row for row in ordered if row["note"] != ONLY_BY_RESOURCE]
    others = [only_by_resource(len(ordered) - len(told))] if len(told) < len(ordered) else []
    return Answer(
        asked.id,
        {"action": action, "resource": resource, "transitive": transitive},
        asked.columns,
        ordered,
        knowledge(database, atlas, asked),
        reading(action, resource),
        explanation=[
            *(line for row in told for line in _sentences(row, action, resource, labels, paths, direct)),
            *others,
        ]
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
    return {
        "principal": id_,
        "kind": made.kind,
        "decision": made.decision,
        "conditions": list(made.conditions),
        "path": path,
        "note": made.note,
    }


def _weaker(path: Path, made: Decided) -> Decided:
    decision = max(path.decision, made.decision, key=DECISIONS.index)
    unsure = [hop.reason for hop in path.hops if hop.reason]
    note = made.note or "; ".join(dict.fromkeys(unsure))
    because = [*(f"not known: {reason}" for reason in dict.fromkeys(unsure)), *made.because]
    return Decided(decision, list(dict.fromkeys((*path.conditions, *made.conditions))), because, note)
