"""What a principal's own policies, boundary and organization say of one action: its profile.

Of all the statements that apply to a principal only those that concern the action are kept, with everything taken out
that is settled by who the principal is. Principals of one account whose profiles are equal get equal answers for every
resource, so each profile is evaluated once, not each principal.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import TypeAlias

from ..conditions.context import Context
from ..conditions.formula import Formula, Unsure
from ..evaluation.evaluate import Levels, Policies
from ..once import once
from ..policies.attached import Attached, AttachedByLevel, Narrowed
from ..policies.canonical import Canonical, canonical, concerning, narrowed, spelled, unrestricting
from ..policies.statements import Document, Effect, Policy, Reason, Statement
from .estate import Account, Estate, Identity, Level
from .knowledge import account_keys, is_blind, is_personal, personal_context

_Relevant: TypeAlias = Callable[[str], Policy | None]


@dataclass(frozen=True, slots=True)
class Profile:
    """Statements that concern an action, in one order whatever policies they stand in and however often.

    ``boundary`` is None where there is none. ``levels`` holds only the levels of the organization that restrict.
    """

    account: str
    identity: Canonical
    boundary: Canonical | None
    levels: tuple[Canonical, ...]
    service_linked: bool = False
    unread: tuple[tuple[str, Formula], ...] = ()

    @property
    def digest(self) -> str:
        """A short hash of what the profile says, the same from one run to the next."""
        return blake2b(repr(self._spelled()).encode(), digest_size=8).hexdigest()

    def _spelled(self) -> object:
        boundary = None if self.boundary is None else [spelled(s) for s in self.boundary]
        levels = [[spelled(s) for s in level] for level in self.levels]
        return [[spelled(s) for s in self.identity], boundary, levels, self.service_linked, self.unread]

    @property
    def blind(self) -> bool:
        """Whether it says the same of every role."""
        limits = (() if self.boundary is None else self.boundary, *self.levels)
        return all(is_blind(s) for statements in (self.identity, *limits) for s in statements)

    def policies(self, name: str) -> Policies:
        """The profile as policies, the principal's own under the given name."""
        limit = None if self.boundary is None else Policy(f"{name}/boundary", Document(self.boundary))
        levels = ((name, Attached((Policy(f"{name}/scp", Document(level)),))) for level in self.levels)
        return Policies(
            identity=Narrowed((Policy(name, Document(self.identity)),)),
            boundary=None if limit is None else Narrowed((limit,)),
            service_control=AttachedByLevel(levels),
            unread=dict(self.unread),
        )

    @property
    def unread_identity(self) -> bool:
        """Whether the principal's own policies are not known."""
        return any(stage == "identity" for stage, _ in self.unread)

    @property
    def grants(self) -> tuple[str, ...]:
        """The resources that its own policies allow, as patterns, ``not:`` before those of NotResource."""
        allowed = (s for s in self.identity if s.effect is not Effect.DENY)
        return tuple(("not:" if s.not_resources else "") + text for s in allowed for text in s.resources or ("*",))


Outcome: TypeAlias = tuple[Statement | None, ...]
"""What a principal's context makes of the statements that may say something else for each principal."""


@dataclass(eq=False)
class Ceiling:
    """The SCPs above the principals of an account, cut down to what concerns the action and the account leaves open."""

    levels: Levels = ()
    unread: Mapping[str, Formula] = field(default_factory=dict)
    _under: dict[Outcome, tuple[Levels, tuple[Canonical, ...]]] = field(default_factory=dict)

    @once
    def personal(self) -> tuple[Statement, ...]:
        """Those of its statements that may say something else for each principal."""
        return _personal(policy for _, attached in self.levels for policy in attached)

    def under(self, outcome: Outcome) -> tuple[Levels, tuple[Canonical, ...]]:
        """The levels with all taken out that a principal's context settles, and those of them that restrict."""
        known = self._under.get(outcome)
        if known is None:
            settled = dict(zip(map(id, self.personal), outcome, strict=True))
            levels = AttachedByLevel((node, Attached(_settled(attached, settled))) for node, attached in self.levels)
            spelled_out = (canonical(attached) for _, attached in levels)
            restricting = tuple(level for level in spelled_out if not unrestricting(level))
            known = self._under[outcome] = levels, restricting
        return known


NO_CEILING = Ceiling()


@dataclass(eq=False)
class Applied:
    """The policies that apply to an identity, cut down to what concerns the action and is not settled by the account.

    What a principal makes of those statements that may say something else for each decides which ``Settled`` it has.
    """

    account: str
    own: Policies
    """The policies of the principal itself, without those of the organization."""
    ceiling: Ceiling
    service_linked: bool
    _settled: dict[Outcome, Settled] = field(default_factory=dict)

    @once
    def policies(self) -> Policies:
        """All that applies, those of the organization among it."""
        return replace(self.own, service_control=self.ceiling.levels, unread={**self.own.unread, **self.ceiling.unread})

    @once
    def personal(self) -> tuple[Statement, ...]:
        """Those of its own statements that may say something else for each principal."""
        return _personal((*self.own.identity, *(self.own.boundary or ())))

    def settled(self, context: Callable[[], Context]) -> Settled:
        """With all taken out that a principal's context settles."""
        personal = (*self.personal, *self.ceiling.personal)
        outcome: Outcome = ()
        if personal:
            known = context()
            outcome = tuple(statement.under(known) for statement in personal)
        found = self._settled.get(outcome)
        if found is None:
            found = self._settled[outcome] = self._of(outcome[: len(self.personal)], outcome[len(self.personal) :])
        return found

    def _of(self, own: Outcome, above: Outcome) -> Settled:
        levels, restricting = self.ceiling.under(above)
        settled = dict(zip(map(id, self.personal), own, strict=True))
        identity = _settled(self.own.identity, settled)
        boundary = None if self.own.boundary is None else _settled(self.own.boundary, settled)
        unread = {**self.own.unread, **self.ceiling.unread}
        profile = Profile(
            self.account,
            canonical(identity),
            None if boundary is None else canonical(boundary),
            restricting,
            self.service_linked,
            tuple(sorted(unread.items(), key=lambda item: item[0])),
        )
        return Settled(Policies(Narrowed(identity), boundary, service_control=levels, unread=unread), profile)


@dataclass(frozen=True, slots=True, eq=False)
class Settled:
    """What applies to a principal: policies with their real names, and the profile that they come to."""

    policies: Policies
    profile: Profile

    def grounds(self) -> list[str]:
        """Where its own policies say what they say of the action."""
        own = self.policies.identity
        return [str(Reason(policy.id, s)) for policy in own for s in policy.document.statements]


def _personal(policies: Iterable[Policy]) -> tuple[Statement, ...]:
    return tuple(s for policy in policies for s in policy.document.statements if is_personal(s))


def _settled(policies: tuple[Policy, ...], settled: Mapping[int, Statement | None]) -> tuple[Policy, ...]:
    """The policies with those of their statements replaced that a principal's context settled, by ``id``."""
    if not settled:
        return policies
    found: list[Policy] = []
    for policy in policies:
        statements = policy.document.statements
        if not any(id(s) in settled for s in statements):
            found.append(policy)
        elif kept := tuple(left for s in statements if (left := settled.get(id(s), s)) is not None):
            found.append(Policy(policy.id, Document(kept)))
    return tuple(found)


Signature: TypeAlias = tuple[str, tuple[str, ...], tuple[str, ...] | None, bool, str | None]
"""Account, ids of own policies, of the boundary, whether service-linked, and a policy that is not known."""


@dataclass
class Profiler:
    """Makes the profiles of an estate's principals for one action, sharing whatever principals have in common."""

    estate: Estate
    action: str
    """In lower case."""
    made: int = 0
    """How many signatures, sets of policies that apply together, were looked into."""
    _documents: dict[int, tuple[Document, Document | None]] = field(default_factory=dict)
    _ceilings: dict[str, Ceiling] = field(default_factory=dict)
    _contexts: dict[str, Context] = field(default_factory=dict)
    _signed: dict[Signature, Applied] = field(default_factory=dict)
    _applied: dict[Signature, Applied] = field(default_factory=dict)

    def settled(self, identity: Identity) -> Settled:
        """What applies to the identity, and the profile that it comes to."""
        account = self.estate.accounts.get(identity.account)
        return self.applied(identity).settled(lambda: personal_context(identity, account))

    def applied(self, identity: Identity) -> Applied:
        """What applies to the identity: the same object for all of an account for whom the same statements count."""
        limit = None if identity.boundary is None else (identity.boundary,)
        signature = (identity.account, self._own(identity), limit, identity.service_linked, None)
        applied = self._signed.get(signature)
        if applied is None:
            self.made += 1
            applied = self._signed[signature] = self._apply(identity)
        return applied

    def over(self, estate: Estate, changed: str) -> Profiler:
        """The profiles of another estate, in which that policy is another one: all are kept but those that hold it."""
        fallen = set(accounts_under(estate, changed))
        return replace(
            self,
            estate=estate,
            _ceilings={id_: ceiling for id_, ceiling in self._ceilings.items() if id_ not in fallen},
            _signed=_without(self._signed, changed, fallen),
            _applied=_without(self._applied, changed, fallen),
        )

    def relevant(self, policy: str) -> Policy | None:
        """The policy cut down to the statements that concern the action; None where it has none."""
        return self._concerning(self.estate.policies[policy])

    def _concerning(self, policy: Policy) -> Policy | None:
        """As ``concerning``, once for each document."""
        document = policy.document
        found = self._documents.get(id(document))
        if found is None:
            # With the document, which keeps another from getting the same id.
            relevant = concerning(policy, self.action)
            found = self._documents[id(document)] = document, relevant.document if relevant else None
        kept = found[1]
        return Policy(policy.id, kept) if kept else None

    def held(self, identity: Identity) -> tuple[str, ...]:
        """The ids of all policies that apply to an identity but for those of its organization."""
        own = self._own(identity)
        return own if identity.boundary is None else (*own, identity.boundary)

    def _own(self, identity: Identity) -> tuple[str, ...]:
        if not identity.groups:
            return identity.policies
        inherited = (policy for group in identity.groups for policy in self.estate.groups.get(group, ()))
        return (*identity.policies, *inherited)

    def _apply(self, identity: Identity) -> Applied:
        own, missing = self._found(self._own(identity))
        limit: tuple[Policy, ...] | None = None
        if identity.boundary is not None:
            limit, unknown = self._found((identity.boundary,))
            missing += unknown
        ids = tuple(policy.id for policy in own)
        limit_ids = None if limit is None else tuple(policy.id for policy in limit)
        key = (identity.account, ids, limit_ids, identity.service_linked, missing[0] if missing else None)
        if key not in self._applied:
            self._applied[key] = self._made(identity, own, limit, missing)
        return self._applied[key]

    def _made(
        self, identity: Identity, own: tuple[Policy, ...], limit: tuple[Policy, ...] | None, missing: list[str]
    ) -> Applied:
        account = self.estate.accounts.get(identity.account)
        reason = unread_reason(account, identity.account)
        if missing and reason is None:
            reason = f"the document of {missing[0]} is not known"
        unread: dict[str, Formula] = {"identity": Unsure(reason)} if reason else {}
        context = self._context(identity.account, account)
        boundary = None if limit is None else narrowed(limit, context)
        ceiling = NO_CEILING if identity.service_linked else self._above(identity.account, account)
        policies = Policies(narrowed(own, context), boundary, unread=unread)
        return Applied(identity.account, policies, ceiling, identity.service_linked)

    def _above(self, id_: str, account: Account | None) -> Ceiling:
        if id_ not in self._ceilings:
            levels, unread = organization_levels(self.estate, account, self.relevant)
            context = self._context(id_, account)
            levels = tuple((node, narrowed(attached, context)) for node, attached in levels)
            self._ceilings[id_] = Ceiling(levels, unread)
        return self._ceilings[id_]

    def _context(self, id_: str, account: Account | None) -> Context:
        if id_ not in self._contexts:
            self._contexts[id_] = Context(account_keys(account))
        return self._contexts[id_]

    def _found(self, ids: Iterable[str]) -> tuple[tuple[Policy, ...], list[str]]:
        """The policies that have anything to say, and the ids of those whose documents are not known."""
        found: list[Policy] = []
        missing: list[str] = []
        for id_ in ids:
            policy = self.estate.policies.get(id_)
            if policy is None:
                missing.append(id_)
            elif relevant := self._concerning(policy):
                found.append(relevant)
        return tuple(found), missing


def _without(made: Mapping[Signature, Applied], policy: str, accounts: Collection[str]) -> dict[Signature, Applied]:
    """Those signatures that do not hold the policy, nor are of the accounts."""
    return {
        signature: applied
        for signature, applied in made.items()
        if signature[0] not in accounts and policy not in signature[1] and policy not in (signature[2] or ())
    }


def accounts_under(estate: Estate, policy: str) -> Iterator[str]:
    """The accounts above which that control policy is attached."""
    for id_, account in estate.accounts.items():
        if any(policy in level.resource_control or policy in level.service_control for level in account.levels):
            yield id_


def unread_reason(account: Account | None, id: str) -> str | None:  # noqa: A002
    """Why the IAM of an account is not known; None where it was read."""
    if account is None:
        return f"account {id} is not in the register"
    return account.unread


def organization_levels(
    estate: Estate, account: Account | None, relevant: _Relevant, *, resource: bool = False
) -> tuple[Levels, dict[str, Formula]]:
    """The SCPs above an account, or with ``resource`` its RCPs, level by level, and what stands in for unread ones.

    The management account is exempt from both, and so is every account of an organization without that policy type.
    """
    stage = "rcp" if resource else "scp"
    if account is None or account.external or account.management:
        return (), {}
    if account.organization_unread is not None:
        return (), {stage: Unsure(account.organization_unread)}
    organization = estate.organizations.get(account.organization or "")
    if organization is None:
        return (), {}
    enabled = organization.resource_control_enabled if resource else organization.service_control_enabled
    if not enabled:
        return (), {}
    if organization.unread is not None:
        return (), {stage: Unsure(organization.unread)}
    levels: list[tuple[str, tuple[Policy, ...]]] = []
    for level in account.levels:
        ids = _attached(level, resource=resource)
        unknown = [policy for policy in ids if policy not in estate.policies]
        if unknown or not (ids or resource):
            lacking = f"the document of {unknown[0]}" if unknown else f"which policies are attached to {level.node}"
            return (), {stage: Unsure(f"{lacking} is not known")}
        found = (relevant(policy) for policy in ids)
        if ids:
            levels.append((level.node, tuple(policy for policy in found if policy is not None)))
    return tuple(levels), {}


def _attached(level: Level, *, resource: bool) -> tuple[str, ...]:
    return level.resource_control if resource else level.service_control
