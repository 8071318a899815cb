"""The means of a technique: services that roles trust, compute that is there, and what the principal makes itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ..iam.conditions import Other
from ..iam.estate import Estate, Identity
from ..iam.evaluate import Weighed
from ..iam.formula import ALWAYS, NEVER, Holds, Unsure
from ..iam.knowledge import Known
from ..iam.patterns import glob
from ..iam.statements import Effect, Policy, Reason
from ..iam.trusts import Admitted, admitted
from .asker import Asker, Requests
from .choices import REGIONS, names, patterns, regions
from .surroundings import TEMPLATES, Compute, Surroundings
from .technique import ASSUME_ROLE, PASS_ROLE, WORDS, Technique
from .ways import OPEN, SHUT, all_ways, any_way

EC2 = "ec2.amazonaws.com"
PROFILE = "arn:{partition}:iam::{account}:instance-profile/{any}"
PROFILE_ACTIONS = ("iam:CreateInstanceProfile", "iam:AddRoleToInstanceProfile")
MOST_COMPUTE = 20
"""Once a way is sure, no more compute than this is looked at for the same role."""


@dataclass
class Trusting:
    """Roles by the services that they trust."""

    estate: Estate
    requests: Requests
    _roles: dict[str, list[tuple[Identity, Admitted]]] = field(default_factory=dict)
    _found: dict[tuple[str, tuple[str, ...]], dict[str, tuple[Identity, Weighed]]] = field(default_factory=dict)

    def of(self, account: str, services: tuple[str, ...]) -> Mapping[str, tuple[Identity, Weighed]]:
        """Roles of the account that one of the services can assume, by ARN, each with when it can."""
        if (account, services) not in self._found:
            if self.requests.partition(account) == "aws-cn":
                services = tuple(name for service in services for name in (service, f"{service}.cn"))
            self._found[account, services] = dict(self._trusting(account, services))
        return self._found[account, services]

    def _trusting(self, account: str, services: tuple[str, ...]) -> Iterator[tuple[str, tuple[Identity, Weighed]]]:
        for role, named in self._in(account):
            fitting = [service for service in services if _may_name(named, service)]
            way = any_way(self.requests.by_service(role, service) for service in fitting)
            if way.formula is not NEVER:
                yield role.arn, (role, way)

    def _in(self, account: str) -> list[tuple[Identity, Admitted]]:
        if not self._roles:
            known: dict[int, Admitted] = {}
            for role in self.estate.roles.values():
                if role.trust is not None and not role.service_linked:
                    key = id(role.trust.document)
                    if key not in known:
                        known[key] = admitted(role.trust.document, ASSUME_ROLE.lower())
                    self._roles.setdefault(role.account, []).append((role, known[key]))
        return self._roles.get(account, [])


def _may_name(named: Admitted, service: str) -> bool:
    return bool(named.everyone or named.anyone_unknown or any(glob(text)(service) for text in named.services))


@dataclass(frozen=True, slots=True)
class AtHand:
    """Whether what a technique works with is there and lets itself be used, and the compute that it is."""

    way: Weighed
    compute: tuple[str, ...] = ()


@dataclass
class Means:
    """What askers have to work with."""

    surroundings: Surroundings
    requests: Requests
    granted: dict[str, frozenset[str]] = field(default_factory=dict)
    """By account the actions that policies of its compute may allow to principals."""
    personal: set[tuple[str, str]] = field(default_factory=set)
    """Kinds of compute, each with an account, some of which have policies that name principals."""
    _compute: dict[tuple[str, str], list[Compute]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for one in self.surroundings.compute:
            self._compute.setdefault((one.kind, one.account), []).append(one)
            if actions := self._granted_by(one.policy):
                self.granted[one.account] = self.granted.get(one.account, frozenset()) | actions
                self.personal.add((one.kind, one.account))

    def _granted_by(self, policy: Policy | None) -> frozenset[str]:
        if policy is None:
            return frozenset()
        statements = [s for s in policy.document.statements if s.effect is not Effect.DENY]
        naming = (
            s for s in statements if s.principal is None or any(k in ("AWS", "*") for k, _ in s.principal.entries)
        )
        return frozenset().union(*map(self.requests.holdings.concerned, naming))

    def passing(self, who: Asker, technique: Technique, role: Identity, service: str) -> Weighed:
        """Whether it may pass the role to a service which it trusts, and the role can be passed in the first place.

        Tags of a role do not tell whether it may be passed: AWS calls that unreliable.
        https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
        """
        services = technique.passed_to or (service,)
        if who.caller.partition == "aws-cn":
            services = tuple(name for one in services for name in (one, f"{one}.cn"))
        asked = (self.requests.ask(who, PASS_ROLE, role.arn, {"iam:passedtoservice": (one,)}) for one in services)
        way = any_way(asked)
        profiled = self.surroundings.profiled
        if way.formula is NEVER or service != EC2 or profiled is None or role.arn in profiled:
            return way
        makes = [self._chosen(who, PROFILE, PROFILE_ACTIONS, None)]
        lacking = Weighed(Holds(Other(f"an instance profile holds {role.arn}, which none does")), ())
        return all_ways([way, any_way([*makes, lacking])])

    def at_hand(self, who: Asker, technique: Technique) -> AtHand:
        """Whether the asker can do all that takes no target: make new compute, or use any that is there."""
        return self._any(self._uses(who, technique, self._existing(technique, who.account)))

    def by_role(self, who: Asker, technique: Technique, trusting: Iterable[str]) -> Iterator[tuple[str, AtHand]]:
        """As ``at_hand``, by the role that the compute runs as; where compute is not known, by each that it may."""
        by_role: dict[str, list[Compute]] = {}
        for one in self._existing(technique, who.account):
            for role in one.roles:
                by_role.setdefault(role, []).append(one)
        unknown = any(self.surroundings.why_unknown(kind, who.account) for kind in technique.compute)
        for role in dict.fromkeys([*by_role, *(trusting if unknown else ())]):
            found = self._any(self._uses(who, technique, by_role.get(role, [])))
            if found.way.formula is not NEVER:
                note = tuple(Reason(one, note=f"runs as {role}") for one in found.compute[:1])
                yield role, AtHand(Weighed(found.way.formula, (*found.way.because, *note)), found.compute)

    def _existing(self, technique: Technique, account: str) -> list[Compute]:
        return [one for kind in technique.compute for one in self._compute.get((kind, account), ())]

    def _any(self, uses: Iterable[tuple[Weighed, str]]) -> AtHand:
        ways: list[Weighed] = []
        compute: list[str] = []
        sure = False
        for way, id_ in uses:
            if way.formula is NEVER:
                continue
            ways.append(way)
            compute += [id_] if id_ else []
            sure = sure or way.formula is ALWAYS
            if sure and (not id_ or len(compute) >= MOST_COMPUTE):
                break
        return AtHand(any_way(ways), tuple(compute))

    def _uses(self, who: Asker, technique: Technique, existing: Iterable[Compute]) -> Iterator[tuple[Weighed, str]]:
        """Each way to use what is there, with the id of the compute, and the way over what is not known."""
        places = self._places(technique, who.account)
        if not technique.compute:
            for region, there in places.items():
                yield all_ways([there, self._use(who, technique, region or None, None)]), ""
            return
        for one in existing:
            there = places.get("", places.get(one.region, SHUT))
            yield all_ways([there, _ready(technique, one), self._use(who, technique, one.region, one)]), one.id
        for kind in technique.compute:
            reason = self.surroundings.why_unknown(kind, who.account)
            doubt = Weighed(Unsure(reason or ""), ())
            for region, there in places.items() if reason else ():
                yield all_ways([there, doubt, self._use(who, technique, region or None, kind)]), ""

    def _places(self, technique: Technique, account: str) -> dict[str, Weighed]:
        """Regions where all is there that the technique needs besides, with when that is so; ``""`` is any region."""
        places = {"": OPEN}
        for kind in technique.needs:
            reason = self.surroundings.why_unknown(kind, account)
            if reason is not None:
                return {"": Weighed(Unsure(reason), ())}
            there = {one.region for one in self._compute.get((kind, account), ())}
            places = {region: OPEN for region in there if "" in places or region in places}
        return places

    def _use(self, who: Asker, technique: Technique, region: str | None, compute: Compute | str | None) -> Weighed:
        """What the policies say to every request that is not about the target.

        ``compute`` is something that is there, or a kind of which some may be.
        """
        chosen = dict(technique.chosen)
        ways: list[Weighed] = []
        for action, on in technique.on(*WORDS):
            if on == "*":
                ways.append(self.requests.ask(who, action, "*", _in_region(region)))
            elif on in ("compute", "compute's cluster"):
                if not isinstance(compute, Compute) or (on != "compute" and _cluster(compute.id) is None):
                    template = TEMPLATES[str(compute) if on == "compute" else "EcsCluster"]
                    chosen[template] = (*chosen.get(template, ()), action)
                elif on == "compute":
                    known = _in_region(region)
                    ways.append(self.requests.ask(who, action, compute.id, known, compute.tags, compute.policy))
                else:
                    ways.append(self.requests.ask(who, action, _cluster(compute.id) or "*", _in_region(region)))
            if ways and ways[-1].formula is NEVER:
                return SHUT
        ways += [self._chosen(who, template, actions, region) for template, actions in chosen.items()]
        return all_ways(ways)

    def _chosen(self, who: Asker, template: str, actions: tuple[str, ...], region: str | None) -> Weighed:
        """Whether some resource that the asker chooses lets all the actions be done on it."""
        return self.requests.once(
            (id(who.policies), template, actions, region), lambda: any_way(self._tries(who, template, actions, region))
        )

    def _tries(self, who: Asker, template: str, actions: tuple[str, ...], region: str | None) -> Iterator[Weighed]:
        found = tuple(dict.fromkeys(p for a in actions for p in patterns(self.requests.cut(who, a.lower()))))
        partition = who.caller.partition
        default = REGIONS.get(partition, REGIONS["aws"])
        for place in (region,) if region else regions(found, default):
            known = _in_region(place if region or place != default else None)
            for owner in ("", who.account) if "{owner}" in template else (who.account,):
                filled = template.replace("{partition}", partition).replace("{region}", place)
                filled = filled.replace("{account}", who.account).replace("{owner}", owner)
                for name in names(filled, found):
                    yield all_ways(self.requests.ask(who, action, name, known) for action in actions)


def _ready(technique: Technique, compute: Compute) -> Weighed:
    """Whether the compute is as the technique needs it."""
    if not technique.ready:
        return OPEN
    is_so = compute.ready.get(technique.ready)
    if is_so is None:
        return Weighed(Unsure(f"whether {compute.id} has {technique.ready} is not known"), ())
    return OPEN if is_so else SHUT


def _in_region(region: str | None) -> Known:
    return {"aws:requestedregion": (region,)} if region else {}


def _cluster(task: str) -> str | None:
    """The cluster in the ARN of an ECS task: ``task/CLUSTER/ID``; None in an old one, which does not tell."""
    before, _, resource = task.partition(":task/")
    name, slash, _ = resource.partition("/")
    return f"{before}:cluster/{name}" if slash else None
