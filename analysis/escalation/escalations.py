"""Who can escalate to whom, and how: ``CAN_ESCALATE_TO``, by every technique.

Principals that hold the same share one evaluation of a technique and one relationship from their set, except where the
answer depends on who they are: what they can do to themselves, and which roles let them in.

Whoever can do anything in an account already escalates to nothing there, and is left out. Service-linked roles neither
start anything, since only their service has them, nor can anyone change or pass them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from ...schema import Edge, Node
from ..iam.administering.administrators import UNBOUND_ROLE, UNBOUND_USER, Administrators
from ..iam.administering.granting import CHANGE, CREATE, MAKE_ROOM, is_customer_managed
from ..iam.administering.holdings import Holding, Holdings
from ..iam.administering.undoing import REMOVALS, SET_DEFAULT
from ..iam.administering.ways import OPEN, SHUT, all_ways, any_way
from ..iam.collector import at_rest
from ..iam.conditions.conditions import Other
from ..iam.conditions.formula import ALWAYS, NEVER, Formula, Holds, doubts
from ..iam.estates.estate import NO_TAGS, Estate, Identity
from ..iam.evaluation.evaluate import Weighed, conclude
from .asker import LET_IN, Asker, Requests
from .assigning import ASSIGN, DELETE_FACTOR, LIFTS, PROVISION, SIGNED_IN, WRITES_ROLES, Assigning
from .changing import Changes
from .creating import Creating
from .credentials import MAKING_WAY, Credentials
from .facts import Found, account_edge, edge, set_facts
from .federating import DELETE as DELETE_PROVIDER
from .federating import SIGNED, Federating
from .means import PROFILE_ACTIONS, Means
from .regaining import Regaining
from .requesting import formula_of, has_already
from .rooting import Rooting
from .surroundings import Surroundings
from .technique import ABROAD, ASSUME_ROLE, PASS_ROLE, REWRITE_TRUST, Gain, Target, Technique, techniques
from .trusting import Trusting

MOST_LISTED = 20
"""Where the account itself is gained for certain, or but for service control policies that could not be read, a
technique names no more targets than this one by one."""


@dataclass
class Escalations:
    """Works out CAN_ESCALATE_TO for an estate in its surroundings. Make one, then read ``facts()`` once."""

    estate: Estate
    surroundings: Surroundings = field(default_factory=Surroundings)
    known: Mapping[str, Technique] = field(default_factory=techniques)

    def __post_init__(self) -> None:
        self.techniques = [t for t in self.known.values() if t.relationship == "CAN_ESCALATE_TO"]
        actions = {action for technique in self.techniques for choice in technique.choices for action in choice}
        self.holdings = Holdings(self.estate, frozenset(actions) | _BESIDE)
        self.requests = Requests(self.estate, self.holdings)
        self.trusting = Trusting(self.estate, self.requests)
        self.federating = Federating(self.estate, self.requests, self.surroundings)
        self.means = Means(self.surroundings, self.requests)
        self.changes = Changes(self.requests)
        self.credentials = Credentials(self.surroundings, self.changes)
        self.assigning = Assigning(self.requests, self.changes.granting, self.surroundings.centers)
        self.administrators = Administrators(self.estate)
        self.rooting = Rooting(self.requests, self.administrators, self.surroundings.root_access)
        self.creating = Creating(self.changes, self.administrators)
        self.regaining = Regaining(self.changes, self.administrators)
        self._roles: dict[str, list[Identity]] = {}
        self._users: dict[str, list[Identity]] = {}
        self._groups: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        self._passed: dict[tuple[object, ...], list[tuple[Identity, Weighed]]] = {}
        self._place()

    def facts(self) -> Iterator[Node | Edge]:
        """Every CAN_ESCALATE_TO, then the sets that start some of them and who is gathered in each.

        The collector of cycles is at rest until all are read, or the iterator is closed.
        """
        with at_rest():
            yield from self._facts()

    def _facts(self) -> Iterator[Node | Edge]:
        everyone = (i for i in (*self.estate.users.values(), *self.estate.roles.values()) if not i.service_linked)
        worth = frozenset(choice - _BY_TRUST for t in self.techniques for choice in t.choices)
        for holding in self.holdings.gather(everyone, worth, self.means.granted):
            yield from self._of_holding(holding)

    def _of_holding(self, holding: Holding) -> Iterator[Node | Edge]:
        full = self.holdings.full(*holding.members[0]).formula
        abroad = self.assigning.reaches(holding.account) or self.rooting.reaches(holding.account)
        if full is ALWAYS and not abroad:
            return
        members = [self.requests.asker(holding, member) for member in holding.members]
        together = members[0] if len(members) == 1 else self.requests.asker(holding)
        allowed = holding.allowed | self.means.granted.get(holding.account, frozenset()) | _BY_TRUST
        worthwhile = (t for t in self.techniques if (abroad if t.target.abroad else full is not ALWAYS))
        kinds = ("", str(together.kind))
        possible = [t for t in worthwhile if t.only in kinds and any(map(allowed.issuperset, t.choices))]
        gained: dict[str, list[Found]] = {}
        for technique in possible:
            apart = len(members) > 1 and self._tells_apart(technique, holding)
            for who in members if apart else [together]:
                gained.setdefault(who.id, []).extend(self._try(who, technique, full))
        certain = (ALWAYS, holding.policies.unread.get("scp", ALWAYS), SIGNED_IN.formula)
        sure = {
            who: {f.target for f in found if f.administers and f.formula in certain} for who, found in gained.items()
        }
        of_all = set[str].intersection(*(sure.get(member.id, set()) for member in members))
        sure[together.id] = sure.get(together.id, set()) | of_all
        for start, found in gained.items():
            if full is ALWAYS:
                everywhere = self.assigning.reach(holding.account) <= sure[start] | {holding.account}
                found = list(_least(found, sure[start], certain, everywhere=everywhere))
            yield from _edges(start, found, sure[start])
        if len(members) > 1 and gained.get(together.id):
            yield from set_facts(holding, together)

    def _tells_apart(self, technique: Technique, holding: Holding) -> bool:
        """Whether the technique comes to something else for each principal, whatever their policies say."""
        if technique.target.abroad:
            return self.assigning.tells_apart(member.arn for member, _ in holding.members)
        if technique.target in (Target.SELF, Target.GROUP) or ASSUME_ROLE in technique.allowed:
            return True
        return self.means.tells_apart(technique, holding.account)

    def _try(self, who: Asker, technique: Technique, full: Formula) -> Iterator[Found]:
        """What the asker gains by the technique, beyond what it has."""
        found = _joined([*_WAYS[technique.target](self, who, technique), *self._in_its_place(who, technique)])
        for one in found:
            elsewhere = technique.target.abroad and _account_of(one.target) != who.account
            if one.formula is not NEVER and (elsewhere or not has_already(one.formula, full)):
                yield one

    def _by_passing(self, who: Asker, technique: Technique) -> Iterator[Found]:
        """To each role that trusts the service and can be passed to it."""
        trusting = self.trusting.of(who.account, technique.trusts) if technique.made_ready else {}
        cuts = ((self.requests.cut(who, action.lower()), key.lower()) for action, key in technique.role_keys.items())
        keys = [key for cut, key in cuts if self.requests.speaks_of(cut, key)]
        means = self.means.at_hand(who, technique, trusting)
        if means.way.formula is NEVER:
            return
        for role, passed in self._passable(who, technique):
            if role.arn != who.id:
                if keys:
                    means = self.means.at_hand(who, technique, trusting, dict.fromkeys(keys, (role.arn,)))
                yield Found(technique, role.arn, all_ways([passed, means.way]), means.compute)

    def _passable(self, who: Asker, technique: Technique) -> list[tuple[Identity, Weighed]]:
        """The roles that trust a service of the technique and can be passed to it, each with when."""
        key = (id(who.policies), technique.trusts, technique.passed_to)
        if key not in self._passed:
            found: dict[str, tuple[Identity, list[Weighed]]] = {}
            for service in technique.trusts:
                for arn, (role, trusted) in self.trusting.of(who.account, (service,)).items():
                    way = all_ways([self.means.passing(who, technique, role, service), trusted])
                    found.setdefault(arn, (role, []))[1].append(way)
            ways = ((role, any_way(several)) for role, several in found.values())
            self._passed[key] = [(role, way) for role, way in ways if way.formula is not NEVER]
        return self._passed[key]

    def _by_compute(self, who: Asker, technique: Technique) -> Iterator[Found]:
        """To each role that existing compute runs as, or may run as where compute is not known."""
        roles = self.trusting.of(who.account, technique.trusts)
        for arn, means in self.means.by_role(who, technique, roles):
            role = self.estate.roles.get(arn)
            there = self.trusting.of(role.account, technique.trusts) if role else roles
            trusted = there[arn][1] if arn in there else SHUT if role else OPEN
            ways = [means.way, trusted]
            if role is not None and PASS_ROLE in technique.allowed:
                ways.append(any_way(self.means.passing(who, technique, role, service) for service in technique.trusts))
            if arn != who.id:
                yield Found(technique, arn, all_ways(ways), means.compute)

    def _in_its_place(self, who: Asker, technique: Technique) -> Iterator[Found]:
        """To each role that existing compute can be given in place of its own."""
        if technique.passing is not None:
            yield from self._by_passing(who, technique.passing)
        if not technique.or_unchecked:
            return
        means = self.means.at_hand(who, technique)
        if means.way.formula is NEVER:
            return
        if_so = Weighed(Holds(Other(technique.or_unchecked)), ())
        for role, trusted in self.trusting.of(who.account, technique.trusts).values():
            if role.arn != who.id and self.means.may_be_profiled(role):
                yield Found(technique, role.arn, all_ways([means.way, trusted, if_so]), means.compute)

    def _by_role(self, who: Asker, technique: Technique) -> Iterator[Found]:
        return self._by_identity(who, technique, self.regaining.those(technique, self._roles.get(who.account, ())))

    def _by_provider(self, who: Asker, technique: Technique) -> Iterator[Found]:
        """To each role that trusts a SAML provider which the asker can make its own."""
        (action,) = technique.allowed
        for provider, roles in self.federating.trusted(who.account).items():
            taken = self.federating.taken(who, action, provider)
            for role in roles if taken.formula is not NEVER else ():
                if role.arn != who.id:
                    way = all_ways([taken, self.federating.signed(role, provider)])
                    yield Found(technique, role.arn, way, through=(provider,))

    def _by_creating(self, who: Asker, technique: Technique) -> Iterator[Found]:
        """To the account, by a user or a role of its own making."""
        groups = [group for group, policies in self._groups.get(who.account, ()) if policies]
        way, through = self.creating.administers(who, technique, groups)
        yield Found(technique, who.account, way, (), through, administers=True)

    def _by_center(self, who: Asker, technique: Technique) -> Iterator[Found]:
        return self.assigning.gained(who, technique)

    def _by_root(self, who: Asker, technique: Technique) -> Iterator[Found]:
        return self.rooting.gained(who, technique)

    def _by_user(self, who: Asker, technique: Technique) -> Iterator[Found]:
        return self._by_identity(who, technique, self.regaining.those(technique, self._users.get(who.account, ())))

    def _by_identity(self, who: Asker, technique: Technique, targets: Iterable[Identity]) -> Iterator[Found]:
        """To each of the targets that can be taken over; and to the account, where it can be granted anything."""
        through: list[Found] = []
        for target in targets:
            if target.arn == who.id:
                continue
            way = all_ways(self._steps(who, technique, target))
            if way.formula is NEVER:
                continue
            yield Found(technique, target.arn, way)
            if technique.gain is Gain.ANYTHING:
                unbound = way if technique.undoes else all_ways([way, self.changes.unbound(who, target)])
                if unbound.formula is not NEVER:
                    through.append(Found(technique, target.arn, unbound))
        if through:
            ways = tuple(found.target for found in through)
            yield Found(technique, who.account, any_way(f.way for f in through), (), ways, administers=True)

    def _by_itself(self, who: Asker, technique: Technique) -> Iterator[Found]:
        """To the account, by granting itself anything; once it has lifted its own boundary, where that held it."""
        assert who.identity is not None
        if technique.undoes:
            yield Found(technique, who.account, self.regaining.by_itself(who, technique), administers=True)
            return
        ways = [all_ways([*self._steps(who, technique, who.identity), self.changes.unbound(who, who.identity)])]
        for free, lifted in self.changes.freed(who):
            assert free.identity is not None
            ways.append(all_ways([lifted, *self._steps(free, technique, free.identity)]))
        yield Found(technique, who.account, any_way(ways), administers=True)

    def _by_group(self, who: Asker, technique: Technique) -> Iterator[Found]:
        """To each group that it is not in and that has policies; to the account, where it administers that way."""
        assert who.identity is not None
        room = self.credentials.room(who, who.identity)
        for group, policies in self._groups.get(who.account, ()):
            if group in who.identity.groups:
                continue
            asked = (self.requests.ask(who, action, group, {}, NO_TAGS) for action in technique.allowed)
            way = all_ways([room, *asked])
            if way.formula is NEVER:
                continue
            if policies:
                yield Found(technique, group, way)
            joined = all_ways([way, self._administers_in(who.identity, group)])
            if joined.formula is not NEVER:
                yield Found(technique, who.account, joined, (), (group,), administers=True)

    def _administers_in(self, identity: Identity, group: str) -> Weighed:
        """When the identity administers its account once it is in the group."""
        decision = self.administrators.of(replace(identity, groups=(*identity.groups, group)))
        return Weighed(formula_of(decision), decision.because)

    def _steps(self, who: Asker, technique: Technique, target: Identity) -> Iterator[Weighed]:
        """What the policies say to each request on the target; and of its credentials, where those stand in the way."""
        for action, resources in technique.allowed.items():
            for on in resources:
                if action == ASSUME_ROLE:
                    yield self.requests.assume(who, target)
                elif action == SET_DEFAULT:
                    continue
                elif on in ("target", "self"):
                    yield self.changes.change(who, action, target)
                elif on == "own group":
                    yield any_way(self.changes.change(who, action, target, group) for group in target.groups)
                else:
                    yield any_way(self.changes.rewritten(who, one) for one in self._written(target))
        yield self.credentials.of(who, technique, target)
        if REWRITE_TRUST in technique.allowed:
            yield self.requests.assume(who, target, LET_IN)
        if technique.undoes:
            yield self.regaining.of(who, technique, target)

    def _written(self, target: Identity) -> Iterator[str]:
        """The customer managed policies that apply to the target."""
        inherited = (policy for group in target.groups for policy in self.estate.groups.get(group, ()))
        yield from (p for p in (*target.policies, *inherited) if is_customer_managed(p))

    def _place(self) -> None:
        """Put roles, users and groups into their accounts; those that only AWS can change are left out."""
        for role in self.estate.roles.values():
            if not role.service_linked:
                self._roles.setdefault(role.account, []).append(role)
        for user in self.estate.users.values():
            self._users.setdefault(user.account, []).append(user)
        for group, policies in self.estate.groups.items():
            self._groups.setdefault(group.split(":")[4] if ":" in group else "", []).append((group, policies))


_BY_TRUST = frozenset({ASSUME_ROLE.lower()})
"""What a resource's policy may allow all by itself."""

_BESIDE = frozenset(
    action.lower()
    for actions in (
        UNBOUND_USER,
        UNBOUND_ROLE,
        (*REMOVALS, SET_DEFAULT),
        PROFILE_ACTIONS,
        MAKING_WAY,
        (CREATE, CHANGE, MAKE_ROOM),
        (DELETE_PROVIDER, SIGNED),
        (ASSIGN, PROVISION, DELETE_FACTOR),
        LIFTS,
        WRITES_ROLES,
    )
    for action in actions
)
"""What some techniques take besides, depending on the target."""

_WAYS = {
    Target.PASSED_ROLE: Escalations._by_passing,
    Target.COMPUTE_ROLE: Escalations._by_compute,
    Target.ROLE: Escalations._by_role,
    Target.USER: Escalations._by_user,
    Target.GROUP: Escalations._by_group,
    Target.SELF: Escalations._by_itself,
    Target.NEW_USER: Escalations._by_creating,
    Target.NEW_ROLE: Escalations._by_creating,
    Target.FEDERATED_ROLE: Escalations._by_provider,
    **dict.fromkeys(ABROAD, Escalations._by_center),
    Target.ROOT_USER: Escalations._by_root,
}


def _joined(found: Iterable[Found]) -> list[Found]:
    """One for each target, where several ways of a technique lead to it."""
    by_target: dict[tuple[str, bool], list[Found]] = {}
    for one in found:
        by_target.setdefault((one.target, one.administers), []).append(one)
    return [each[0] if len(each) == 1 else _any_of(each) for each in by_target.values()]


def _any_of(several: list[Found]) -> Found:
    compute = tuple(dict.fromkeys(one for each in several for one in each.compute))
    through = tuple(dict.fromkeys(one for each in several for one in each.through))
    return replace(several[0], way=any_way(each.way for each in several), compute=compute, through=through)


def _account_of(target: str) -> str:
    """The account of a target; none of people and groups of Identity Center."""
    return target.split(":")[4] if ":" in target else target


def _least(
    found: Iterable[Found], sure: Collection[str], certain: Collection[Formula], *, everywhere: bool
) -> Iterator[Found]:
    """Of one who can do anything at home: one way to each account that is gained for certain, and all to others.

    Where that is ``everywhere``, people and groups hold nothing that is not gained.
    """
    done: set[str] = set()
    for one in found:
        account = _account_of(one.target)
        if account not in sure:
            if account or not everywhere:
                yield one
        elif one.administers and one.formula in certain and account not in done:
            done.add(account)
            yield one


def _edges(who: str, found: Iterable[Found], certain: Collection[str]) -> Iterator[Edge]:
    """The relationships of one asker, those to an account joined into one for each technique.

    ``certain`` are the accounts that are gained anyway: elsewhere than at home, what is not known does not matter then.
    """
    listed: dict[str, int] = {}
    account: dict[tuple[str, str], list[Found]] = {}
    for one in found:
        if one.administers:
            account.setdefault((one.technique.id, one.target), []).append(one)
            continue
        gained = _account_of(one.target) in certain
        listed[one.technique.id] = listed.get(one.technique.id, 0) + gained
        if not gained or listed[one.technique.id] <= MOST_LISTED:
            yield from edge(who, one, conclude(one.formula, one.way.because))
    for several in account.values():
        way = any_way(f.way for f in several)
        if several[0].technique.target.abroad and several[0].target in certain and any(doubts(way.formula)):
            continue
        yield from account_edge(who, several, conclude(way.formula, way.because))
