"""The means of a technique: compute that is there, and what the principal makes itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from ..iam.administering.ways import OPEN, SHUT, all_ways, any_way
from ..iam.conditions.conditions import Other
from ..iam.conditions.formula import ALWAYS, NEVER, Holds, Unsure
from ..iam.conditions.patterns import ARN_SEGMENTS, complete
from ..iam.estates.estate import Identity
from ..iam.estates.knowledge import Known
from ..iam.evaluation.evaluate import Weighed
from ..iam.policies.statements import Effect, Policy, Reason, Statement
from .asker import Asker, Requests
from .choices import ANY, patterns
from .making import NOTHING, Doing, Making, in_region
from .surroundings import TEMPLATES, Compute, Surroundings
from .technique import PASS_ROLE, WORDS, Technique

EC2 = "ec2.amazonaws.com"
CLUSTER, CLUSTER_KEY, MAKE_CLUSTER, SERVICE = "EcsCluster", "ecs:cluster", "ecs:CreateCluster", "service/"
PROFILE = "arn:{partition}:iam::{account}:instance-profile/{any}"
PROFILE_ACTIONS = ("iam:CreateInstanceProfile", "iam:AddRoleToInstanceProfile")
TWO_NAMES = Weighed(Unsure("AWS's pages differ on which resource the action is about"), ())
MOST_COMPUTE = 20
"""Once a way is sure, no more compute than this is looked at for the same role."""


@dataclass(frozen=True, slots=True)
class AtHand:
    """Whether what a technique works with is there and lets itself be used, and the compute that it is."""

    way: Weighed
    compute: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """A region, any where it is None, and there a cluster that tasks are to run in, where it matters in which."""

    region: str | None = None
    cluster: str = ""
    way: Weighed = OPEN
    role: tuple[tuple[str, tuple[str, ...] | None], ...] = ()

    @property
    def beside(self) -> Known:
        """What is known of requests to run tasks there, and of the role that they pass."""
        return {**dict(self.role), **({CLUSTER_KEY: (self.cluster,)} if self.cluster else {})}

    def fill(self, template: str) -> str:
        """The template of a resource in the cluster."""
        return template.replace("{cluster}", self.cluster.partition(":cluster/")[2] or ANY)


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
    _shared: dict[str, list[tuple[Compute, frozenset[str]]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.making = Making(self.requests)
        for one in self.surroundings.compute:
            self._compute.setdefault((one.kind, one.account), []).append(one)
            if one.policy_unread is not None:
                self._may_grant(one.account, self._of_service(one.id))
            naming = list(_naming_principals(one.policy)) if one.policy else []
            if any(map(self.requests.holdings.concerned, naming)):
                self.personal.add((one.kind, one.account))
            granting = (statement for statement in naming if statement.effect is not Effect.DENY)
            if actions := frozenset().union(*map(self.requests.holdings.concerned, granting)):
                self._may_grant(one.account, actions)
                self._shared.setdefault(one.kind, []).append((one, actions))

    def _may_grant(self, account: str, actions: frozenset[str]) -> None:
        self.granted[account] = self.granted.get(account, frozenset()) | actions

    def _of_service(self, arn: str) -> frozenset[str]:
        """The actions that a policy of such a resource, which is not known, may allow."""
        prefix = f"{arn.split(':')[2]}:"
        return frozenset(action for action in self.requests.holdings.actions if action.startswith(prefix))

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
        if way.formula is NEVER or service != EC2 or self.may_be_profiled(role):
            return way
        makes = [self.making.chosen(who, PROFILE, PROFILE_ACTIONS)]
        lacking = Weighed(Holds(Other(f"an instance profile holds {role.arn}, which none does")), ())
        return all_ways([way, any_way([*makes, lacking])])

    def may_be_profiled(self, role: Identity) -> bool:
        """Whether an instance profile holds the role, as far as is known."""
        return self.surroundings.profiled is None or role.arn in self.surroundings.profiled

    def at_hand(
        self,
        who: Asker,
        technique: Technique,
        trusting: Mapping[str, tuple[Identity, Weighed]] | None = None,
        role: Known | None = None,
    ) -> AtHand:
        """Whether the asker can do all that takes no target: make new compute, or use any that is there.

        ``role`` is what the requests tell of the role that is passed, where policies ask for that.
        """
        return self._any(self._uses(who, technique, self._existing(technique, who.account), trusting, role))

    def by_role(
        self, who: Asker, technique: Technique, trusting: Mapping[str, tuple[Identity, Weighed]]
    ) -> Iterator[tuple[str, AtHand]]:
        """As ``at_hand``, by the role that the compute runs as; where compute is not known, by each that it may."""
        by_role: dict[str, list[Compute]] = {}
        for one in self._existing(technique, who.account):
            for role in one.roles:
                by_role.setdefault(role, []).append(one)
        unknown = any(self.surroundings.why_unknown(kind, who.account) for kind in technique.compute)
        for role in dict.fromkeys([*by_role, *(trusting if unknown else ())]):
            found = self._any(self._uses(who, technique, by_role.get(role, []), trusting))
            if found.way.formula is not NEVER:
                note = tuple(Reason(one, note=f"runs as {role}") for one in found.compute[:1])
                yield role, AtHand(Weighed(found.way.formula, (*found.way.because, *note)), found.compute)

    def tells_apart(self, technique: Technique, account: str) -> bool:
        """Whether policies of compute that the technique may act upon name principals of the account."""
        own = any((kind, account) in self.personal for kind in technique.compute)
        return own or any(self._shared_with(technique, account))

    def _existing(self, technique: Technique, account: str) -> list[Compute]:
        own = (one for kind in technique.compute for one in self._compute.get((kind, account), ()))
        return [*own, *self._shared_with(technique, account)]

    def _shared_with(self, technique: Technique, account: str) -> Iterator[Compute]:
        """Compute of other accounts whose own policy may let principals act upon it in all that the technique takes."""
        if any(on != "compute" for resources in technique.allowed.values() for on in resources):
            return
        for kind in technique.compute:
            for one, actions in self._shared.get(kind, ()):
                if one.account != account and actions.issuperset(technique.actions):
                    yield one

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

    def _uses(
        self,
        who: Asker,
        technique: Technique,
        existing: Iterable[Compute],
        trusting: Mapping[str, tuple[Identity, Weighed]] | None = None,
        role: Known | None = None,
    ) -> Iterator[tuple[Weighed, str]]:
        """Each way to use what is there, with the id of the compute, and the way over what is not known."""
        places = [replace(place, role=tuple((role or {}).items())) for place in self._places(who, technique)]
        if not technique.compute:
            for place in places:
                yield all_ways([place.way, self._use(who, technique, place, None)]), ""
            return
        for one in existing:
            here = (replace(place, region=one.region) for place in places if place.region in (None, one.region))
            ways = (all_ways([place.way, self._use(who, technique, place, one)]) for place in here)
            ready = _ready(technique, one)
            if ready is SHUT and technique.made_ready:
                ready = self._made_ready(who, technique, one, trusting or {})
            yield all_ways([ready, any_way(ways)]), one.id
        for kind in technique.compute:
            reason = self.surroundings.why_unknown(kind, who.account)
            doubt = Weighed(Unsure(reason or ""), ())
            for place in places if reason else ():
                yield all_ways([place.way, doubt, self._use(who, technique, place, kind)]), ""

    def _made_ready(
        self, who: Asker, technique: Technique, one: Compute, trusting: Mapping[str, tuple[Identity, Weighed]]
    ) -> Weighed:
        """Whether a role that is passed makes the compute what it has to be, of which AWS says nothing."""
        lacking = f"whether {technique.made_ready} makes up for what {one.id} lacks is not documented"
        roles = ((role, trusted, service) for role, trusted in trusting.values() for service in technique.trusts)
        passed = (all_ways([trusted, self.passing(who, technique, role, service)]) for role, trusted, service in roles)
        return all_ways([Weighed(Unsure(lacking), ()), any_way(passed)])

    def _places(self, who: Asker, technique: Technique) -> list[Place]:
        """Where all is there that the technique needs besides; by cluster, where it matters in which one it is."""
        if not technique.needs:
            return self._new_clusters(who, technique) or [Place()]
        reason = self.surroundings.why_unknown(CLUSTER, who.account)
        if reason is not None:
            return [Place(way=Weighed(Unsure(reason), ()))]
        cuts = (self.requests.cut(who, action) for action in technique.actions)
        apart = any("{cluster}" in template for template in technique.chosen)
        apart = apart or any(self.requests.speaks_of(cut, CLUSTER_KEY) for cut in cuts)
        clusters = self._compute.get((CLUSTER, who.account), ())
        return list(dict.fromkeys(Place(one.region, one.id if apart else "") for one in clusters))

    def _new_clusters(self, who: Asker, technique: Technique) -> list[Place]:
        """The clusters to make, where names of what is put into them begin with theirs; none where it is all the same.

        Where conditions speak of the cluster, or patterns of names are not simple, what is open stays open.
        """
        putting = [
            action for template, actions in technique.chosen.items() if "{cluster}" in template for action in actions
        ]
        cuts = [self.requests.cut(who, action.lower()) for action in putting]
        found = [_of_clusters(text) for cut in cuts for text in patterns(cut)]
        if None in found or not putting or any(self.requests.speaks_of(cut, CLUSTER_KEY) for cut in cuts):
            return []
        wanted = [text for text in found if text]
        made = self.making.named(who, MAKE_CLUSTER, TEMPLATES[CLUSTER], wanted)
        return [Place(*each) for each in made if "/" not in each[1].partition(":cluster/")[2]]

    def _use(self, who: Asker, technique: Technique, place: Place, compute: Compute | str | None) -> Weighed:
        """What the policies say, on the resources that AWS names; not known, where it names others elsewhere."""
        way = self._asked(who, technique, place, compute)
        if way.formula is NEVER and technique.doubtful:
            return all_ways([TWO_NAMES, self._asked(who, technique.doubted, place, compute)])
        return way

    def _asked(self, who: Asker, technique: Technique, place: Place, compute: Compute | str | None) -> Weighed:
        """What the policies say to every request that is not about the target.

        ``compute`` is something that is there, or a kind of which some may be.
        """
        known = {**in_region(place.region), **place.beside}
        chosen = technique.chosen.items()
        wanted = {place.fill(template): tuple(map(Doing, actions)) for template, actions in chosen}
        ways: list[Weighed] = []
        for action, on in technique.on(*WORDS):
            if on == NOTHING:
                key, template = technique.told.get(action, ("", NOTHING))
                wanted[template] = (*wanted.get(template, ()), Doing(action, key.lower()))
            elif on in ("compute", "compute's cluster"):
                if not isinstance(compute, Compute) or (on != "compute" and _cluster(compute.id) is None):
                    template = TEMPLATES[str(compute) if on == "compute" else CLUSTER]
                    wanted[template] = (*wanted.get(template, ()), Doing(action))
                elif on == "compute":
                    ways.append(self.requests.ask_of(who, action, compute, known))
                else:
                    ways.append(self.requests.ask(who, action, _cluster(compute.id) or NOTHING, known))
            if ways and ways[-1].formula is NEVER:
                return SHUT
        return all_ways([*ways, self.making.together(who, wanted, place.region, place.beside)])


def _naming_principals(policy: Policy) -> Iterator[Statement]:
    """Statements of a policy that speak of users, roles, accounts or everyone, and not of services alone."""
    for statement in policy.document.statements:
        if statement.principal is None or any(kind in ("AWS", "*") for kind, _ in statement.principal.entries):
            yield statement


def _of_clusters(pattern: str) -> str | None:
    """What a pattern of names of ECS services says of their clusters; nothing, or None where that is not simple."""
    *before, resource = complete(pattern.split(":", ARN_SEGMENTS - 1))
    fixed = resource.partition("*")[0].partition("?")[0]
    if not fixed.startswith(SERVICE):
        return None if SERVICE.startswith(fixed) and resource != "*" else ""
    cluster, slash, _ = resource.removeprefix(SERVICE).partition("/")
    return ":".join([*before, "cluster/" + (cluster if slash else cluster.partition("*")[0] + "*")])


def _ready(technique: Technique, compute: Compute) -> Weighed:
    """Whether the compute is as the technique needs it."""
    if not technique.ready:
        return OPEN
    is_so = compute.ready.get(technique.ready)
    if technique.otherwise:
        return Weighed(Holds(Other(technique.otherwise)), ()) if is_so is False else OPEN
    if is_so is None:
        return Weighed(Unsure(f"whether {compute.id} has {technique.ready} is not known"), ())
    return OPEN if is_so else SHUT


def _cluster(task: str) -> str | None:
    """The cluster in the ARN of an ECS task: ``task/CLUSTER/ID``; None in an old one, which does not tell."""
    before, _, resource = task.partition(":task/")
    name, slash, _ = resource.partition("/")
    return f"{before}:cluster/{name}" if slash else None
