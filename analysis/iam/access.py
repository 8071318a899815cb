"""Who has access to which resource, at which level: ``HAS_ACCESS``.

Principals with the same policies are one ``AccessSet``, resources of an account that say the same of access are one
``ResourceSet``: administrators times resources are one relationship, not as many as both multiplied. Each pair of sets
is decided once. Whoever a policy or a resource tells apart gets relationships of its own.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_identity-vs-resource.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b

from ...schema import Edge, Node, Ownership
from ...schema.facts import Properties
from ...schema.identifiers import ACCOUNT_ID, Arn
from .canonical import concerning
from .conditions import Other
from .context import Context
from .decisions import Conditional, Decision, Deny, Unknown
from .estate import Account, Estate, Identity
from .evaluate import Policies, decide
from .formula import ALWAYS, Formula, Holds, Unsure, all_of
from .knowledge import (
    RESOURCE_TAG_PREFIXES,
    account_keys,
    caller_of,
    is_blind,
    is_personal,
    personal_context,
    resource_keys,
)
from .patterns import arn_glob, is_literal
from .principals import Caller, CallerKind, account_of
from .profiles import Profiler, organization_levels
from .public import public_statements
from .request import Request
from .resources import NOT_ASKED, Resource, holder
from .statements import Effect, Policy, Statement
from .telling import OF_OBJECTS, TELLING, level_of, telling
from .trusts import names_of

SMALLEST_SET = 2
ANY_OBJECT = "any-object-whatever-its-name"
_ORDER = ("allow", "conditional", "unknown")


@dataclass(eq=False)
class Holders:
    """Users and roles of one account with the same policies, boundary and groups' policies."""

    id: str
    account: str
    linked: bool
    members: list[Identity] = field(default_factory=list)


@dataclass(eq=False)
class Alike:
    """Resources of one kind in one account that say the same of access, each of itself."""

    id: str
    kind: str
    account: str
    members: list[Resource] = field(default_factory=list)


@dataclass
class Found:
    """What was decided of one start and one end at one level, action by action."""

    external: bool
    decisions: dict[str, Decision] = field(default_factory=dict)


class Accesses:
    """Works out HAS_ACCESS for an estate with its resources. Make one, then read ``facts()`` once."""

    def __init__(self, estate: Estate) -> None:
        self.estate = estate
        self._holders: dict[str, list[Holders]] = {}
        self._alike: dict[tuple[str, str], list[Alike]] = {}
        self._found: dict[tuple[str, str, str], Found] = {}
        self._nodes: dict[str, Node] = {}
        self._used_holders: dict[str, Holders] = {}
        self._used_alike: dict[str, Alike] = {}
        self._matching: dict[tuple[str, str, str], list[Resource]] = {}

    def facts(self) -> Iterator[Node | Edge]:
        """Every HAS_ACCESS, the sets at its ends, and who or what is in each."""
        self._gather()
        for kind in sorted(TELLING):
            for action in TELLING[kind]:
                _Action(self, kind, action).work_out()
        yield from self._nodes.values()
        for holders in self._used_holders.values():
            yield from _holders_facts(holders)
        for alike in self._used_alike.values():
            yield from _alike_facts(alike)
        for (start, end, level), found in self._found.items():
            yield _edge(start, end, level, found)

    def note(self, start: str, end: str, action: str, decision: Decision, *, external: bool) -> None:
        """Keep what was decided, if it is not a denial."""
        if not isinstance(decision, Deny):
            found = self._found.setdefault((start, end, str(level_of(action))), Found(external))
            found.decisions[action] = decision

    def named(self, node: Node) -> str:
        """The id of a principal that only a policy names; its node is made if it is not there."""
        self._nodes.setdefault(node.id, node)
        return node.id

    def use(self, holders: Holders | None, alike: Alike | None) -> None:
        """Remember which sets are ends of something."""
        if holders is not None:
            self._used_holders[holders.id] = holders
        if alike is not None:
            self._used_alike[alike.id] = alike

    def holders(self, account: str) -> Sequence[Holders]:
        """The principals of an account, by their policies."""
        return self._holders.get(account, ())

    def alike(self, kind: str, account: str) -> Sequence[Alike]:
        """The resources of a kind in an account, by what they say."""
        return self._alike.get((kind, account), ())

    def accounts(self, kind: str) -> list[str]:
        """Accounts with resources of the kind."""
        return [account for found, account in self._alike if found == kind]

    def matching(self, kind: str, account: str, pattern: str) -> list[Resource]:
        """The resources of an account that a pattern, or a part of what is in them, can match."""
        key = (kind, account, pattern)
        if key not in self._matching:
            outer = holder(pattern)
            matches = arn_glob(pattern), arn_glob(outer)
            everything = (resource for alike in self.alike(kind, account) for resource in alike.members)
            self._matching[key] = [r for r in everything if any(test(r.arn) for test in matches) or _inside(pattern, r)]
        return self._matching[key]

    def _gather(self) -> None:
        signed: dict[object, Holders] = {}
        for identity in (*self.estate.users.values(), *self.estate.roles.values()):
            inherited = (policy for group in identity.groups for policy in self.estate.groups.get(group, ()))
            own = tuple(sorted({*identity.policies, *inherited}))
            key = (identity.account, own, identity.boundary, identity.service_linked)
            if key not in signed:
                made = Holders(f"access-set/{identity.account}/{_hash(key)}", identity.account, identity.service_linked)
                signed[key] = made
                self._holders.setdefault(identity.account, []).append(made)
            signed[key].members.append(identity)
        classes: dict[object, Alike] = {}
        for resource in self.estate.resources.values():
            if resource.kind in TELLING and resource.unread != NOT_ASKED:
                said = _said(resource)
                place = (resource.kind, resource.account)
                if (place, said) not in classes:
                    id_ = f"resource-set/{resource.account}/{resource.kind}/{_hash(said)}"
                    classes[place, said] = Alike(id_, resource.kind, resource.account)
                    self._alike.setdefault(place, []).append(classes[place, said])
                classes[place, said].members.append(resource)


class _Action:
    """One action on all resources of one kind."""

    def __init__(self, accesses: Accesses, kind: str, action: str) -> None:
        self._all = accesses
        self._estate = accesses.estate
        self._kind = kind
        self._action = action
        self._profiler = Profiler(self._estate, action.lower())
        self._limits: dict[str, Policies] = {}

    def work_out(self) -> None:
        for account in self._all.accounts(self._kind):
            for holders in self._all.holders(account):
                self._of_own(holders)
            for alike in self._all.alike(self._kind, account):
                for resource in alike.members:
                    if self._action in telling(self._kind, resource.arn):
                        self._of_named(resource)

    def _of_own(self, holders: Holders) -> None:
        """Access of principals by their own policies to resources of their own account."""
        applied = self._profiler.applied(holders.members[0])
        statements = [s for policy in applied.policies.identity for s in policy.document.statements]
        grants = [s for s in statements if s.effect is not Effect.DENY]
        if "identity" in applied.policies.unread or any(map(_grants_anything, grants)):
            blind = not applied.personal and not applied.ceiling.personal and all(map(_is_even, _all(applied.policies)))
            for alike in self._all.alike(self._kind, holders.account):
                self._of_alike(holders, alike, together=blind)
            return
        patterns = dict.fromkeys(pattern for s in grants for pattern in s.resources or ())
        resources = {r.arn: r for pattern in patterns for r in self._all.matching(self._kind, holders.account, pattern)}
        for resource in resources.values():
            self._of_holders(holders, resource, resource.arn)

    def _of_alike(self, holders: Holders, alike: Alike, *, together: bool) -> None:
        if together and len(alike.members) >= SMALLEST_SET and not self._limit(alike.members[0]).resource_control:
            self._of_holders(holders, alike.members[0], alike.id, alike)
            return
        for resource in alike.members:
            self._of_holders(holders, resource, resource.arn)

    def _of_holders(self, holders: Holders, resource: Resource, end: str, alike: Alike | None = None) -> None:
        """Decide for all of the holders at once, where nothing tells them apart."""
        if self._action not in telling(self._kind, resource.arn):
            return
        applied = self._profiler.applied(holders.members[0])
        side = [*_on_side(self._side(resource))]
        told = any(is_personal(s) or (s.principal is not None and s.principal.negated) for s in side)
        personal = bool(told or applied.personal or applied.ceiling.personal)
        apart = personal or any(map(names_of(side).lists, holders.members))
        external = holders.account != resource.account
        if apart or len(holders.members) < SMALLEST_SET:
            for member in holders.members:
                decision = self._of_identity(member, resource)
                if not isinstance(decision, Deny):
                    self._all.use(None, alike)
                self._all.note(member.arn, end, self._action, decision, external=external)
            return
        found = self._estate.accounts.get(holders.account)
        caller = Caller(CallerKind.USER, holders.id, holders.account, None, holders.linked, resource.partition)
        decision = self._decide(caller, applied.policies, Context(account_keys(found)), resource)
        if not isinstance(decision, Deny):
            self._all.use(holders, alike)
            self._all.note(holders.id, end, self._action, decision, external=external)

    def _of_identity(self, identity: Identity, resource: Resource) -> Decision:
        account = self._estate.accounts.get(identity.account)
        policies = self._profiler.applied(identity).policies
        context = personal_context(identity, account)
        return self._decide(caller_of(identity, resource.partition), policies, context, resource)

    def _of_named(self, resource: Resource) -> None:
        """Access of those whom the resource itself names, one by one."""
        if resource.unread and not resource.policy:
            whoever = Caller(CallerKind.ACCOUNT, "*", "*", partition=resource.partition)
            unread = Policies(unread={"identity": ALWAYS})
            self._outside("Anyone", "*", "anyone", self._decide(whoever, unread, Context(), resource), resource)
            return
        entries = dict.fromkeys(
            entry
            for policy in resource.attached()
            for s in policy.document.statements
            if s.effect is not Effect.DENY and s.concerns(self._action.lower()) and s.principal
            for entry in ([("*", "*")] if s.principal.negated else s.principal.entries)
        )
        for kind, text in entries:
            self._by_entry(kind, text, resource)

    def _by_entry(self, kind: str, text: str, resource: Resource) -> None:
        if text == "*":
            if not _restricted(resource):
                whoever = Caller(CallerKind.ACCOUNT, "*", "*", partition=resource.partition)
                policies = Policies(unread={"identity": ALWAYS})
                self._outside("Anyone", "*", "anyone", self._decide(whoever, policies, Context(), resource), resource)
        elif kind == "Service":
            known: dict[str, tuple[str, ...] | None] = {
                "aws:principalisawsservice": ("true",),
                "aws:principalservicename": (text,),
                **dict.fromkeys(("aws:principalarn", "aws:principalaccount", "aws:principalorgid")),
            }
            decision = self._decide(Caller(CallerKind.SERVICE, text), Policies(), Context(known), resource)
            self._outside("ServicePrincipal", text, text, decision, resource)
        elif kind == "CanonicalUser":
            unsure: Decision = Unknown("which account the canonical user is of is not known")
            self._outside("OtherPrincipal", f"principal:{text}", text, unsure, resource)
        elif kind == "AWS":
            self._by_aws(text, resource)

    def _by_aws(self, text: str, resource: Resource) -> None:
        account = text if ACCOUNT_ID.fullmatch(text) else account_of(text, resource.partition)
        identity = self._estate.identity(text)
        if identity is not None:
            external = identity.account != resource.account
            decision = self._of_identity(identity, resource)
            self._all.note(identity.arn, resource.arn, self._action, decision, external=external)
        elif account is not None:
            self._by_account(account, resource)
        else:
            self._by_stranger(text, resource)

    def _by_account(self, account: str, resource: Resource) -> None:
        found = self._estate.accounts.get(account)
        if account == resource.account:
            return  # what its own policies let is worked out from them
        if found is not None and found.unread is None and not found.external:
            for holders in self._all.holders(account):
                policies = self._profiler.applied(holders.members[0]).policies
                if any(s.effect is not Effect.DENY for p in policies.identity for s in p.document.statements):
                    self._of_holders(holders, resource, resource.arn)
            return
        caller = Caller(CallerKind.ACCOUNT, f"arn:{resource.partition}:iam::{account}:root", account)
        known = account_keys(found or Account(account, external=True))
        own = Policies(unread={"identity": _stand_in(account, found)})
        decision = self._decide(caller, own, Context(known), resource)
        self._outside("Account", account, account, decision, resource)

    def _by_stranger(self, text: str, resource: Resource) -> None:
        """A user, role or session that is not in the register."""
        try:
            caller = Caller.of_arn(text)
        except ValueError:
            return
        account = caller.account or ""
        found = self._estate.accounts.get(account)
        session = caller.session and self._estate.identity(caller.arn)
        if session:
            external = session.account != resource.account
            decision = self._of_identity(session, resource)
            self._all.note(session.arn, resource.arn, self._action, decision, external=external)
            return
        if found is not None and found.unread is None and not found.external:
            return  # there is none of that name
        known = {**account_keys(found or Account(account, external=True)), "aws:principalarn": (caller.arn,)}
        own = Policies(unread={"identity": _stand_in(account, found)})
        decision = self._decide(caller, own, Context(known), resource)
        kind = {"role": "Role", "user": "User"}.get(caller.kind.value if not caller.session else "", "OtherPrincipal")
        id_ = text if kind != "OtherPrincipal" else f"principal:{text}"
        self._outside(kind, id_, caller.name, decision, resource, account)

    def _outside(
        self, kind: str, id_: str, name: str, decision: Decision, resource: Resource, account: str | None = None
    ) -> None:
        if isinstance(decision, Deny):
            return
        account = account or (id_ if kind == "Account" else None)
        stated = {"name": name, "provider": "aws", "account_id": account}
        start = self._all.named(Node(kind, id_, stated, Ownership.REFERENCE))
        self._all.note(start, resource.arn, self._action, decision, external=account != resource.account)

    def _limit(self, resource: Resource) -> Policies:
        """The resource control policies above a resource."""
        if resource.account not in self._limits:
            account = self._estate.accounts.get(resource.account)
            lowered = self._action.lower()

            def relevant(policy: str) -> Policy | None:
                return concerning(self._estate.policies[policy], lowered)

            levels, unread = organization_levels(self._estate, account, relevant, resource=True)
            # Those that are known refuse by Deny only: what merely allows says nothing.
            levels = tuple(
                (node, refusing) for node, attached in levels if (refusing := tuple(filter(_refuses, attached)))
            )
            self._limits[resource.account] = Policies(resource_control=levels, unread=unread)
        return self._limits[resource.account]

    def _side(self, resource: Resource) -> Policies:
        limit, own = self._limit(resource), resource.policies()
        return replace(own, resource_control=limit.resource_control, unread={**limit.unread, **own.unread})

    def _decide(self, caller: Caller, own: Policies, context: Context, resource: Resource) -> Decision:
        """The decision; for an action on objects, that on any object, else the best on some."""
        side = self._side(resource)
        policies = replace(
            own,
            resource=side.resource,
            resource_control=side.resource_control,
            guarded=side.guarded,
            unread={**own.unread, **side.unread},
        )
        tags = resource.tags_in_requests
        known = resource_keys(self._estate.accounts.get(resource.account), tags)
        context = context.over(Context(known, closed_prefixes=() if tags is None else RESOURCE_TAG_PREFIXES))
        best: Decision | None = None
        for pattern, sample in self._samples(policies, resource):
            decision = decide(Request(caller, self._action, sample, resource.account, context), policies)
            decision = decision if pattern is None else _only_on(decision, pattern)
            if best is None or _rank(decision) < _rank(best):
                best = decision
            if best.word == "allow":
                break
        assert best is not None
        return best

    def _samples(self, policies: Policies, resource: Resource) -> Iterator[tuple[str | None, str]]:
        if self._action not in OF_OBJECTS:
            yield None, resource.arn
            return
        yield None, f"{resource.arn}/{ANY_OBJECT}"
        patterns = dict.fromkeys(p for s in _all(policies) if s.effect is not Effect.DENY for p in s.resources or ())
        for pattern in patterns:
            if _inside(pattern, resource) and not arn_glob(pattern)(f"{resource.arn}/{ANY_OBJECT}"):
                inner = pattern.partition("/")[2].replace("*", "x").replace("?", "x")
                yield pattern, f"{resource.arn}/{inner}"


def _only_on(decision: Decision, pattern: str) -> Decision:
    """The decision on objects that a pattern takes in: it depends on which object it is."""
    part: Formula = Holds(Other(f"the object is one of {pattern}"))
    if isinstance(decision, Deny | Unknown):
        return decision
    if isinstance(decision, Conditional):
        return replace(decision, formula=all_of((part, decision.formula)))
    return Conditional(part, decision.because)


def _rank(decision: Decision) -> int:
    return _ORDER.index(decision.word) if decision.word in _ORDER else len(_ORDER)


def _inside(pattern: str, resource: Resource) -> bool:
    """Whether the pattern is one of things in the bucket."""
    outer, slash, inner = pattern.partition("/")
    return bool(slash and inner and resource.kind == "Bucket" and arn_glob(outer)(resource.arn))


def _grants_anything(statement: Statement) -> bool:
    if statement.resources is None or statement.not_resources or "*" in statement.resources:
        return True
    return statement.resource_matchers is None or any(_is_wide(pattern) for pattern in statement.resources)


def _is_wide(pattern: str) -> bool:
    """Whether a pattern takes in all of some service: nothing but wildcards stands for the resource."""
    parsed = Arn.maybe(pattern)
    return parsed is None or (not is_literal(parsed.resource) and not parsed.resource.strip("*?/"))


def _is_even(statement: Statement) -> bool:
    """Whether the statement says the same of all resources of an account."""
    if is_blind(statement):
        return True
    wide = statement.resources is not None and all(map(_is_wide, statement.resources))
    regions = {parsed.region for pattern in statement.resources or () if (parsed := Arn.maybe(pattern))}
    return wide and regions <= {"", "*"} and is_blind(replace(statement, resources=("*",), not_resources=False))


def _restricted(resource: Resource) -> bool:
    """Whether its policy is public, and RestrictPublicBuckets keeps it to its own account."""
    blocked = resource.policy is not None and resource.blocks.restrict_public_buckets
    return bool(blocked and resource.policy and any(public_statements(resource.policy.document)))


def _on_side(policies: Policies) -> Iterator[Statement]:
    limits = (policy for _, attached in policies.resource_control for policy in attached)
    return (statement for policy in (*policies.resource, *limits) for statement in policy.document.statements)


def _refuses(policy: Policy) -> bool:
    return any(statement.effect is not Effect.ALLOW for statement in policy.document.statements)


def _all(policies: Policies) -> Iterator[Statement]:
    limits = (attached for _, attached in policies.service_control)
    for group in (policies.identity, policies.boundary or (), policies.resource, *limits):
        yield from (statement for policy in group for statement in policy.document.statements)


def _stand_in(account: str, found: Account | None) -> Formula:
    if found is None or found.external:
        return Holds(Other(f"account {account}, which is not in this register, lets the caller do it"))
    return Unsure(found.unread or f"IAM of account {account} was not read")


def _said(resource: Resource) -> str:
    """All that a resource says of access, in terms of itself."""
    statements = [[repr(s) for s in policy.document.statements] for policy in resource.attached()]
    said = f"{statements} {resource.unread} {resource.blocks}"
    tags = sorted((resource.tags or {}).items()) if "resourcetag" in said.lower() else ()
    return f"{said} {tags}".replace(resource.arn, "{itself}")


def _hash(value: object) -> str:
    return blake2b(repr(value).encode(), digest_size=8).hexdigest()


def _holders_facts(holders: Holders) -> Iterable[Node | Edge]:
    count = len(holders.members)
    name = f"{count} principals of {holders.account} with the same policies"
    stated: Properties = {"name": name, "provider": "aws", "account_id": holders.account, "members": count}
    yield Node("AccessSet", holders.id, stated)
    for member in holders.members:
        yield Edge("SHARES_ACCESS", member.arn, holders.id, {"derived": True})


def _alike_facts(alike: Alike) -> Iterable[Node | Edge]:
    count = len(alike.members)
    name = f"{count} of {alike.account}, kind {alike.kind}, that say the same of access"
    stated: Properties = {"name": name, "provider": "aws", "account_id": alike.account, "members": count}
    yield Node("ResourceSet", alike.id, {**stated, "kind": alike.kind})
    for member in alike.members:
        yield Edge("ALIKE_IN", member.arn, alike.id, {"derived": True})


def _edge(start: str, end: str, level: str, found: Found) -> Edge:
    """The surest of what was decided of the level's actions, and which they are."""
    best = min(found.decisions.values(), key=_rank)
    alike = {action: decision for action, decision in found.decisions.items() if decision.word == best.word}
    properties: Properties = {
        "derived": True,
        "decision": best.word,
        "conditions": list(best.sentences),
        "because": list(dict.fromkeys(str(reason) for decision in alike.values() for reason in decision.because)),
        "level": level,
        "actions": sorted(alike),
        "external": found.external,
        "reason": best.reason if isinstance(best, Unknown) else None,
    }
    return Edge("HAS_ACCESS", start, end, properties, level)
