"""The answers to "who can assume …", "who can become …" and "how can … get to …"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from ..errors import UsageError
from .access import Access, Path
from .admitted import PROVIDERS, Admitted, admitted
from .answer import Answer
from .atlas import Atlas
from .knowledge import knowledge
from .library import question
from .principals import a_kind, is_of, kinds_of, note
from .sentences import path_sentences, standing_sentences
from .targets import Target, Targets, resolve
from .things import Thing, principal

if TYPE_CHECKING:
    from ..graph.database import Database
    from .question import Question

_ORDER = {"allow": 0, "conditional": 1, "unknown": 2}


def who_can_assume(
    database: Database,
    target: str,
    *,
    only: str = "",
    kinds: str = "",
    environments: Mapping[str, Any] | None = None,
    explain: bool = False,
) -> Answer:
    """Everyone who can become what ``target`` means by assuming roles; ``only`` one principal, or ``kinds`` of them.

    ``environments`` is that table of the settings file. NotFound, AmbiguousName and UsageError for names.
    """
    asked = question("who-can-assume")
    return _who(database, asked, target, only, kinds, environments, explain=explain, escalating=False)


def who_can_become(
    database: Database,
    target: str,
    *,
    only: str = "",
    kinds: str = "",
    environments: Mapping[str, Any] | None = None,
    explain: bool = False,
) -> Answer:
    """As ``who_can_assume``, by assuming roles and by escalation; and who gains an account that is administered."""
    asked = question("who-can-become")
    return _who(database, asked, target, only, kinds, environments, explain=explain, escalating=True)


def _who(
    database: Database,
    asked: Question,
    target: str,
    only: str,
    kinds: str,
    environments: Mapping[str, Any] | None,
    *,
    explain: bool,
    escalating: bool,
) -> Answer:
    atlas = Atlas.load(database, environments)
    wanted_kinds = kinds_of(kinds)
    meant = resolve(database, atlas, target)
    one = principal(database, atlas, only) if only else None
    if not escalating:
        _assumable(meant)
    aimed = _aimed(meant, atlas, escalating=escalating)
    access = Access.towards(database, [member.thing.id for member in aimed], escalating=escalating)
    access = access.of_one(database, one) if one else access
    found = [
        (thing, member, path)
        for member in aimed
        for thing, path in _ways(access, member, one, escalating=escalating)
        if is_of(thing, wanted_kinds) and not _is_said_elsewhere(member, path, meant)
    ]
    found.sort(key=lambda way: _sorting(atlas, *way))
    labels = {t.id: atlas.label(t.id, t.name, t.account) for t in _things(access, aimed, one)}
    entered = {path.hops[0].end for thing, _, path in found if path and thing.kind in PROVIDERS}
    let_in = admitted(database, entered)
    return Answer(
        asked.id,
        {"target": target, **({"principal": one.id} if one else {}), **({"kinds": kinds} if kinds else {})},
        asked.columns,
        [_row(atlas, let_in, *way) for way in found],
        knowledge(database, atlas, asked),
        "; ".join(
            [
                meant.interpretation,
                *([f"{only} = {one.id}"] if one and one.id != only else []),
                *_besides(atlas, meant, escalating=escalating),
            ]
        ),
        [line for way in found for line in _sentences(labels, let_in, *way)] if explain else (),
        labels,
    )


def path_to(
    database: Database,
    start: str,
    target: str,
    *,
    environments: Mapping[str, Any] | None = None,
    explain: bool = False,
) -> Answer:
    """The best path from one principal to each role that ``target`` means, and to accounts where administrators are.

    It goes over assuming roles and over escalation. Where it leads not to the role, but to administering its account,
    which can change any role, it ends at the account. No rows where there is none.
    """
    asked = question("path")
    atlas = Atlas.load(database, environments)
    meant = resolve(database, atlas, target)
    one = principal(database, atlas, start)
    aimed = _aimed(meant, atlas, escalating=True)
    access = Access.towards(database, [member.thing.id for member in aimed], escalating=True).of_one(database, one)
    ways = [(member, access.path(one, member.thing.id)) for member in aimed]
    paths = [path for member, path in ways if path and not _is_said_elsewhere(member, path, meant)]
    if not meant.accounts:
        shut = {member.thing.account for member, path in ways if not path and member.thing.id != one.id}
        over = Access()
        over.administered(database, shut)
        over = over.of_one(database, one)
        paths += [path for account in sorted(shut) if (path := over.path(one, account))]
        access.things |= over.things | {id_: Thing(id_, "Account", "", id_) for id_ in shut}
    paths.sort(key=lambda path: (_ORDER[path.decision], len(path.hops), path.ids))
    labels = {t.id: atlas.label(t.id, t.name, t.account) for t in _things(access, aimed, one)}
    return Answer(
        asked.id,
        {"from": one.id, "to": target},
        asked.columns,
        [{"path": [_hop(hop) for hop in path.hops], "hops": len(path.hops)} for path in paths],
        knowledge(database, atlas, asked),
        "; ".join(
            [
                meant.interpretation,
                *([f"{start} = {one.id}"] if one.id != start else []),
                *(
                    ["whoever administers an account can change any role and user of it"]
                    if _is_over(paths, meant)
                    else []
                ),
            ]
        ),
        [line for path in paths for line in path_sentences(labels, path)] if explain else (),
        labels,
    )


def _assumable(meant: Targets) -> None:
    """UsageError where a user is meant, whom nobody assumes."""
    for member in meant.members:
        if not member.is_role and member.holding is None:
            raise UsageError(
                f"{meant.text!r} is {a_kind(member.thing.kind)}, and only roles are assumed",
                f'`muniment ask "who can become {meant.text}"` tells who gets to act as it.',
            )


def _aimed(meant: Targets, atlas: Atlas, *, escalating: bool) -> list[Target]:
    """What paths may lead to: what is meant, and where escalation counts the accounts that are administered."""
    if not escalating:
        return list(meant.members)
    accounts = (Thing(id_, "Account", atlas.places[id_].name, id_) for id_ in meant.accounts)
    return [*meant.members, *(Target(account, atlas.account(account.id)) for account in accounts)]


def _ways(
    access: Access, member: Target, one: Thing | None, *, escalating: bool
) -> Iterable[tuple[Thing, Path | None]]:
    """Who becomes the target and how; the target itself, without a path, where it is no role but administers."""
    if not member.is_role and member.thing.kind != "Account":
        if member.holding is not None and (one is None or one.id == member.thing.id):
            yield member.thing, None
        if not escalating:
            return
    if one is None:
        yield from access.paths(member.thing.id)
    elif path := access.path(one, member.thing.id):
        yield one, path


def _is_said_elsewhere(member: Target, path: Path | None, meant: Targets) -> bool:
    """Whether a path to an account goes by way of one who administers it anyway: that one is a target of its own."""
    if path is None or member.thing.kind != "Account":
        return False
    return not {target.thing.id for target in meant.members if target.holding}.isdisjoint(path.ids)


def _row(atlas: Atlas, let_in: Admitted, thing: Thing, member: Target, path: Path | None) -> dict[str, Any]:
    holding = member.holding or {}
    reason = [holding["reason"]] if holding.get("reason") else []
    return {
        "principal": thing.id,
        "target": member.thing.id,
        "decision": path.decision if path else holding.get("decision") or "unknown",
        "path": path.ids if path else [thing.id],
        "hops": len(path.hops) if path else 0,
        "conditions": path.conditions if path else list(holding.get("conditions") or ()),
        "because": path.because if path else [*(holding.get("because") or ()), *reason],
        "kind": thing.kind,
        "note": (_let_in(let_in, path) or note(thing, atlas)) if path else "already administers",
    }


def _besides(atlas: Atlas, meant: Targets, *, escalating: bool) -> Iterable[str]:
    """Who is not listed: administrators may change any role of their account, whom it trusts, and any user's keys."""
    if escalating and not meant.accounts:
        accounts = sorted({atlas.account(member.thing.account) for member in meant.members})
        yield f"besides, whoever administers {', '.join(accounts)} can become it by changing it, and is not listed"


def _is_over(paths: Iterable[Path], meant: Targets) -> bool:
    """Whether a path ends at an account, although roles are meant."""
    members = {member.thing.id for member in meant.members}
    return not meant.accounts and any(path.ids[-1] not in members for path in paths)


def _let_in(let_in: Admitted, path: Path) -> str:
    """Whom the provider that the path begins with lets in; empty where it begins with none."""
    return let_in.get((path.hops[0].start, path.hops[0].end), "")


def _sentences(
    labels: Mapping[str, str], let_in: Admitted, thing: Thing, member: Target, path: Path | None
) -> list[str]:
    if path:
        first, *others = path_sentences(labels, path)
        said = _let_in(let_in, path)
        return [first, *([f"  it lets in {said}"] if said else []), *others]
    return standing_sentences(labels, thing, member.holding or {})


def _sorting(atlas: Atlas, thing: Thing, member: Target, path: Path | None) -> tuple[Any, ...]:
    decision = path.decision if path else (member.holding or {}).get("decision") or "unknown"
    return (
        member.label,
        member.thing.id,
        _ORDER.get(decision, 2),
        len(path.hops) if path else 0,
        atlas.label(thing.id, thing.name, thing.account),
        thing.id,
    )


def _hop(hop: Any) -> dict[str, Any]:
    return {
        "from": hop.start,
        "to": hop.end,
        "relationship": hop.relationship,
        "decision": hop.decision,
        "conditions": list(hop.conditions),
        "because": [*hop.because, *([hop.reason] if hop.reason else [])],
        **({"technique": hop.technique} if hop.technique else {}),
    }


def _things(access: Access, aimed: Iterable[Target], one: Thing | None) -> Iterable[Thing]:
    yield from access.things.values()
    yield from (member.thing for member in aimed)
    if one:
        yield one
