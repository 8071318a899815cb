"""Who can become a role, or gain more than that, in however many hops, and by which path.

The search goes backwards from the roles, one round trip a level, and holds what it finds as a graph in memory. From
it, for each role, the best path of every principal is taken: the surest, and of those the shortest. A path is as sure
as its weakest hop: ``allow``, then ``conditional``, then ``unknown``.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from .library import step
from .things import Thing, kind_of

if TYPE_CHECKING:
    from ..graph.database import Database

DECISIONS = ("allow", "conditional", "unknown")
"""From the surest to the least sure."""
_RANK = {decision: rank for rank, decision in enumerate(DECISIONS)}
_SET = "PrincipalSet"
EVERYONE = "*"
_ESCALATED_TO = frozenset({"Role", "User", "IdentityCenterGroup", "IdentityCenterUser"})
_GATHERERS = frozenset({_SET, "IdentityCenterGroup", "Group"})


@dataclass(frozen=True, slots=True)
class Hop:
    """One relationship on a path, as the graph has it."""

    start: str
    end: str
    relationship: str
    decision: str = "allow"
    conditions: tuple[str, ...] = ()
    because: tuple[str, ...] = ()
    reason: str | None = None
    technique: str = ""
    """Of CAN_ESCALATE_TO: how."""

    @property
    def rank(self) -> int:
        """0 for ``allow``, and more the less sure it is."""
        return _RANK.get(self.decision, len(DECISIONS) - 1)


@dataclass(frozen=True, slots=True)
class Path:
    """A way from its first principal to a role, user or account. Sets are passed through without counting as a hop."""

    hops: tuple[Hop, ...]

    @property
    def ids(self) -> list[str]:
        """The nodes along it, both ends included."""
        return [self.hops[0].start, *(hop.end for hop in self.hops)]

    @property
    def decision(self) -> str:
        """That of its weakest hop."""
        return DECISIONS[max(hop.rank for hop in self.hops)]

    @property
    def conditions(self) -> list[str]:
        """The conditions of every hop, in order, each once."""
        return list(dict.fromkeys(condition for hop in self.hops for condition in hop.conditions))

    @property
    def because(self) -> list[str]:
        """What every hop rests on, in order, each once; what is not known among it."""
        said = [text for hop in self.hops for text in (*hop.because, *([hop.reason] if hop.reason else []))]
        return list(dict.fromkeys(said))


@dataclass
class Access:
    """Everything that leads to some roles: the nodes by id, and the hops into each."""

    things: dict[str, Thing] = field(default_factory=dict)
    into: dict[str, list[Hop]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def towards(cls, database: Database, targets: Iterable[str], *, escalating: bool = False) -> Access:
        """Search backwards from roles until nothing new is found.

        With ``escalating`` over escalation too, which leads to users and accounts as well.
        """
        access = cls()
        targets = set(targets)
        frontier, seen = sorted(targets), targets
        onward = _ESCALATED_TO if escalating else {"Role"}
        while frontier:
            rows = database.read(step("assumers"), roles=frontier)
            found = [hop for row in rows for hop in access._into(row["role"], row["assumers"], "CAN_ASSUME")]
            if escalating:
                for row in database.read(step("escalators"), targets=frontier):
                    found += access._into(row["target"], row["escalators"], "CAN_ESCALATE_TO")
            gatherers = sorted(
                {hop.start for hop in found if access.things[hop.start].kind in _GATHERERS} - access.into.keys()
            )
            if gatherers:
                for row in database.read(step("members"), groups=gatherers):
                    found += access._members(row)
            for hop in found:
                access.into[hop.end].append(hop)
            reached = {hop.start for hop in found if access.things[hop.start].kind in onward} - seen
            seen |= reached
            frontier = sorted(reached)
        return access

    def administered(self, database: Database, accounts: Iterable[str]) -> None:
        """Let whoever administers an account lead to it, and whatever leads to them."""
        wanted = sorted(set(accounts))
        rows = database.read(step("administrators"), accounts=wanted) if wanted else []
        further = Access.towards(database, {row["id"] for row in rows} | set(wanted), escalating=True)
        self.things |= further.things
        for end, hops in further.into.items():
            self.into[end] = hops
        for row in rows:
            self._note(row["id"], row["name"], row["account_id"], row["labels"])
            said = tuple(row["conditions"] or ()), tuple(row["because"] or ()), row["reason"] or None
            self.into[row["account"]].append(Hop(row["id"], row["account"], "ADMINISTERS", row["decision"], *said))

    def of_one(self, database: Database, one: Thing) -> Access:
        """The same for one principal: ``*`` stands for it only as far as what ``*`` may do was not decided for it."""
        if not is_decided(database, one):
            return self
        into = {end: [hop for hop in hops if stands_for_decided(hop)] for end, hops in self.into.items()}
        return Access(self.things, defaultdict(list, into))

    def paths(self, role: str) -> Iterator[tuple[Thing, Path]]:
        """The best path to the role from each principal that can become it: the surest, then the shortest.

        A group that is only a way for its members is left out.
        """
        done = {role}
        for rank in range(len(DECISIONS)):
            towards = self._towards([role], rank)
            for start in towards:
                if start not in done and not self._is_way(start):
                    yield self.things[start], _path(start, towards)
            done |= towards.keys()

    def ways(self, roles: Mapping[str, str]) -> Iterator[tuple[Thing, Path]]:
        """The best path of each principal to any of the roles, each of which counts as sure as its decision is."""
        done: set[str] = set()
        for rank in range(len(DECISIONS)):
            towards = self._towards([r for r, sure in roles.items() if _RANK[sure] <= rank], rank)
            for start in towards:
                if start not in done and not self._is_way(start):
                    yield self.things[start], _path(start, towards)
            done |= towards.keys()

    def path(self, thing: Thing, role: str) -> Path | None:
        """The best path of one principal: its own, or as one of those that ``*`` or its account stands for."""
        found = []
        for rank in range(len(DECISIONS)):
            towards = self._towards([role], rank)
            found += [_path(start, towards) for start in (thing.id, thing.account, EVERYONE) if start in towards]
            if found:
                break
        if not found or thing.id == role:
            return None
        best = found[0]
        first, *rest = best.hops
        return best if first.start == thing.id else Path((standing(first, thing), *rest))

    def _towards(self, roles: Iterable[str], rank: int) -> dict[str, Hop]:
        """The next hop towards the nearest of the roles from every node that has a path no weaker than ``rank``."""
        towards: dict[str, Hop] = {}
        distances = dict.fromkeys(roles, 0)
        queue: deque[tuple[str, int]] = deque(distances.items())
        while queue:
            node, distance = queue.popleft()
            if distance > distances[node]:
                continue
            for hop in self.into.get(node, ()):
                free = hop.relationship == "GATHERED_IN"
                away = distance + (not free)
                if hop.rank <= rank and away < distances.get(hop.start, away + 1):
                    distances[hop.start], towards[hop.start] = away, hop
                    (queue.appendleft if free else queue.append)((hop.start, away))
        return towards

    def _is_way(self, node: str) -> bool:
        """Whether the node is only a way for others: a set, or a group with members of its own."""
        kind = self.things[node].kind
        return kind == _SET or (kind in _GATHERERS and bool(self.into.get(node)))

    def _into(self, end: str, found: Iterable[Sequence[Any]], relationship: str) -> Iterator[Hop]:
        """The hops into a node, of each start the surest; ``found`` are lists of what the relationships say."""
        strongest: dict[str, Hop] = {}
        for id_, name, account, labels, decision, conditions, because, how, reason in found:
            self._note(id_, name, account, labels)
            technique = how if relationship == "CAN_ESCALATE_TO" else ""
            said = decision, tuple(conditions or ()), tuple(because or ()), reason or None
            hop = Hop(id_, end, relationship, *said, technique)
            held = strongest.get(id_)
            if id_ != end and (held is None or (hop.rank, technique) < (held.rank, held.technique)):
                strongest[id_] = hop
        yield from (strongest[id_] for id_ in sorted(strongest))

    def _members(self, row: Mapping[str, Any]) -> list[Hop]:
        relationship = "GATHERED_IN" if self.things[row["group"]].kind == _SET else "MEMBER_OF"
        members = sorted(row["members"], key=lambda member: str(member[0]))
        for id_, name, account, labels, _ in members:
            self._note(id_, name, account, labels)
        return [Hop(id_, row["group"], relationship, because=tuple(because or ())) for id_, _, _, _, because in members]

    def _note(self, id_: str, name: str | None, account: str | None, labels: Sequence[str]) -> None:
        if id_ not in self.things:
            self.things[id_] = Thing(id_, kind_of(labels), name or "", account or "")


def is_decided(database: Database, thing: Thing) -> bool:
    """Whether its own policies were read, so that what lets everyone in was decided for it by itself."""
    return bool(database.read(step("decided-themselves"), ids=[thing.id]))


def stands_for_decided(hop: Hop) -> bool:
    """Whether the hop says anything of principals that are decided by themselves: not what lets everyone in, unless
    nobody can tell whom it lets in."""
    return hop.start != EVERYONE or hop.decision == "unknown"


def standing(hop: Hop, thing: Thing) -> Hop:
    """The hop of ``*`` or an account, as it is for one principal that it stands for."""
    condition = f"the policies of {thing.name or thing.id} let it assume {hop.end}"
    decision = DECISIONS[max(hop.rank, DECISIONS.index("conditional"))]
    return replace(hop, start=thing.id, decision=decision, conditions=(*hop.conditions, condition))


def of_member(hop: Hop, gathered: Hop) -> Hop:
    """The hop of a set, as it is for one of its members."""
    return replace(hop, start=gathered.start, because=on_own(hop.because, hop.start, gathered.because))


def on_own(because: tuple[str, ...], set_: str, own: Sequence[str]) -> tuple[str, ...]:
    """What something of a set rests on, with a member's own statements in place of what the set's say together."""
    said = [text for text in because if not set_.startswith(text.partition("#")[0])]
    return (*said, *own) if own and len(said) < len(because) else because


def _path(start: str, towards: Mapping[str, Hop]) -> Path:
    """Follow the next hops to their end; a set is passed through, its member taking its hop."""
    hops = []
    node = start
    while node in towards:
        hop = towards[node]
        if hop.relationship == "GATHERED_IN":
            hop = of_member(towards[hop.end], hop)
        hops.append(hop)
        node = hop.end
    return Path(tuple(hops))
