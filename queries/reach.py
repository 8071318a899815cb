"""Which roles a principal can become, in however many hops: the search of ``access``, forwards.

It goes by what the principal itself, its groups, its sets and, as one of those that ``*`` or its account stands for,
these can assume; then on from each role that it found. ``*`` stands for those whose policies were not read. Sureness
and length of paths are as in ``access``.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..errors import UsageError
from .access import DECISIONS, Hop, Path, is_decided, of_member, standing, stands_for_decided
from .answer import Answer
from .atlas import Atlas
from .knowledge import knowledge
from .library import question, step
from .places import accounts_meant
from .sentences import path_sentences
from .things import Thing, kind_of, principal

if TYPE_CHECKING:
    from ..graph.database import Database

_STANDS_IN = "STANDS_IN"
"""Not in the graph: a principal is one of those that ``*`` or its account stands for."""
_FREE = frozenset({"GATHERED_IN", _STANDS_IN})
"""Passed through without counting as a hop: whoever is behind takes the next one itself."""


@dataclass
class Reach:
    """Everything that one principal leads to: the nodes by id, and the hops from each."""

    start: Thing
    things: dict[str, Thing] = field(default_factory=dict)
    onward: dict[str, list[Hop]] = field(default_factory=lambda: defaultdict(list))
    decided: bool = False
    """Whether what lets everyone in was decided for the start by itself."""

    @classmethod
    def of(cls, database: Database, start: Thing, *, onwards: bool = True) -> Reach:
        """Search forwards until nothing new is found; only the roles of the first hop where not ``onwards``."""
        reach = cls(start, {start.id: start}, decided=is_decided(database, start))
        frontier = [start.id]
        while frontier:
            before = reach.things.keys() | set()
            for row in database.read(step("assumable"), principals=frontier):
                reach._assumable(row)
            for row in database.read(step("belongings"), principals=frontier):
                reach._belongings(row)
            for id_ in frontier:
                reach._stand_in(reach.things[id_])
            found = reach.things.keys() - before
            frontier = sorted(id_ for id_ in found if onwards or reach.things[id_].kind != "Role")
        return reach

    def paths(self) -> Iterator[tuple[Thing, Path]]:
        """Each role with the best path to it: the surest, then the shortest."""
        done = {self.start.id}
        for rank in range(len(DECISIONS)):
            came = self._came(rank)
            for id_ in came:
                if id_ not in done and self.things[id_].kind == "Role":
                    yield self.things[id_], self._path(id_, came)
            done |= came.keys()

    def _came(self, rank: int) -> dict[str, Hop]:
        """The last hop of the shortest way to every node that has one no weaker than ``rank``."""
        came: dict[str, Hop] = {}
        distances = {self.start.id: 0}
        queue = deque(distances.items())
        while queue:
            node, distance = queue.popleft()
            if distance > distances[node]:
                continue
            for hop in self.onward.get(node, ()):
                free = hop.relationship in _FREE
                away = distance + (not free)
                if hop.rank <= rank and away < distances.get(hop.end, away + 1):
                    distances[hop.end], came[hop.end] = away, hop
                    (queue.appendleft if free else queue.append)((hop.end, away))
        return came

    def _path(self, end: str, came: Mapping[str, Hop]) -> Path:
        hops = [came[end]]
        while hops[0].start != self.start.id:
            hops.insert(0, came[hops[0].start])
        kept: list[Hop] = []
        behind: list[Hop] = []
        for hop in hops:
            if hop.relationship in _FREE:
                behind.append(hop)
                continue
            if behind:
                hop = self._as_its_own(hop, behind)
                behind = []
            kept.append(hop)
        return Path(tuple(kept))

    def _as_its_own(self, hop: Hop, behind: Sequence[Hop]) -> Hop:
        """The hop of a set, account or ``*``, as it is for the principal behind."""
        one = self.things[behind[0].start]
        if any(through.relationship == _STANDS_IN for through in behind):
            return standing(hop, one)
        return of_member(hop, behind[0])

    def _assumable(self, row: Mapping[str, Any]) -> None:
        strongest: dict[str, Hop] = {}
        for id_, name, account, labels, decision, conditions, because, _action, reason in row["roles"]:
            self._note(id_, name, account, labels)
            hop = Hop(
                row["principal"],
                id_,
                "CAN_ASSUME",
                decision,
                tuple(conditions or ()),
                tuple(because or ()),
                reason or None,
            )
            said = not self.decided or stands_for_decided(hop)
            if said and (id_ not in strongest or hop.rank < strongest[id_].rank):
                strongest[id_] = hop
        self.onward[row["principal"]] += [strongest[id_] for id_ in sorted(strongest)]

    def _belongings(self, row: Mapping[str, Any]) -> None:
        for id_, name, account, labels, because in sorted(row["groups"], key=lambda group: str(group[0])):
            self._note(id_, name, account, labels)
            relationship = "GATHERED_IN" if self.things[id_].kind == "PrincipalSet" else "MEMBER_OF"
            hop = Hop(row["principal"], id_, relationship, because=tuple(because or ()))
            self.onward[row["principal"]].append(hop)

    def _stand_in(self, one: Thing) -> None:
        """Let whoever has an account stand behind it, and the first of all behind ``*``, too."""
        if one.id == "*" or not (one.kind == "Role" or one.id == self.start.id):
            return
        for id_, kind in ((one.account, "Account"), ("*", "Anyone")):
            if id_ and id_ != one.id and (kind == "Account" or one.id == self.start.id):
                self.things.setdefault(id_, Thing(id_, kind, id_))
                self.onward[one.id].append(Hop(one.id, id_, _STANDS_IN, "conditional"))

    def _note(self, id_: str, name: str | None, account: str | None, labels: Sequence[str]) -> None:
        if id_ not in self.things:
            self.things[id_] = Thing(id_, kind_of(labels), name or "", account or "")


def reachable_roles(
    database: Database,
    start: str,
    *,
    accounts: str = "",
    environments: Mapping[str, Any] | None = None,
    explain: bool = False,
) -> Answer:
    """Every role that a principal can become; ``accounts`` narrows them to an environment or to accounts.

    ``environments`` is that table of the settings file. NotFound, AmbiguousName and UsageError for names.
    """
    asked = question("reachable-roles")
    atlas = Atlas.load(database, environments)
    one = principal(database, atlas, start)
    within = accounts_meant(atlas, accounts) if accounts.strip() else None
    reach = Reach.of(database, one)
    found = [way for way in reach.paths() if within is None or way[0].account in within]
    if not found and one.kind == "Account" and one.id in atlas.known:
        raise UsageError(
            f"{start!r} is an account, and accounts assume no roles themselves",
            'Name one of its users or roles; `muniment ask "who can assume …"` says who becomes a role.',
        )
    labels = {t.id: atlas.label(t.id, t.name, t.account) for t in reach.things.values()}
    found.sort(key=lambda way: (DECISIONS.index(way[1].decision), len(way[1].hops), labels[way[0].id], way[0].id))
    return Answer(
        asked.id,
        {"principal": one.id, **({"accounts": sorted(within)} if within is not None else {})},
        asked.columns,
        [_row(one, role, path) for role, path in found],
        knowledge(database, atlas, asked),
        "; ".join(_meanings(atlas, one, start, accounts, within)),
        [line for _, path in found for line in path_sentences(labels, path)] if explain else (),
        labels,
    )


def _meanings(atlas: Atlas, one: Thing, start: str, accounts: str, within: Mapping[str, str] | None) -> Iterable[str]:
    if one.id != start:
        yield f"{start} = {one.id}"
    if within is not None:
        yield f"{accounts} = {_listed(atlas, within)}"


def _listed(atlas: Atlas, within: Collection[str]) -> str:
    names = ", ".join(atlas.account(account) for account in within)
    return f"{len(within)} account{'' if len(within) == 1 else 's'} ({names})"


def _row(one: Thing, role: Thing, path: Path) -> dict[str, Any]:
    return {
        "principal": one.id,
        "target": role.id,
        "decision": path.decision,
        "path": path.ids,
        "hops": len(path.hops),
        "conditions": path.conditions,
        "because": path.because,
    }
