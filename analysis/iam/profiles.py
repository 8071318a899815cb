"""What a principal's own policies, boundary and organization say of one action: its profile.

Of all the statements that apply to a principal only those that concern the action are kept, with everything taken out
that is settled by who the principal is. Principals of one account whose profiles are equal get equal answers for every
resource, so each profile is evaluated once, not each principal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import TypeAlias

from .canonical import Canonical, canonical, concerning, narrowed, spelled, unrestricting
from .context import Context
from .estate import Account, Estate, Identity, Level
from .evaluate import Levels, Policies
from .formula import Formula, Unsure
from .knowledge import account_keys, is_personal, personal_context
from .statements import Document, Effect, Policy

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

    def policies(self, name: str) -> Policies:
        """The profile as policies, the principal's own under the given name."""
        return Policies(
            identity=(Policy(name, Document(self.identity)),),
            boundary=None if self.boundary is None else (Policy(f"{name}/boundary", Document(self.boundary)),),
            service_control=tuple((name, (Policy(f"{name}/scp", Document(level)),)) for level in self.levels),
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


@dataclass(frozen=True, slots=True)
class Applied:
    """The policies that apply to an identity, cut down to the statements that concern the action."""

    policies: Policies
    personal: bool

    def under(self, context: Context) -> Policies:
        """With all taken out that the context settles."""
        levels = tuple((node, narrowed(attached, context)) for node, attached in self.policies.service_control)
        own = self.policies
        return replace(
            own,
            identity=narrowed(own.identity, context),
            boundary=None if own.boundary is None else narrowed(own.boundary, context),
            service_control=levels,
        )


@dataclass
class Profiler:
    """Makes the profiles of an estate's principals for one action, sharing whatever principals have in common."""

    estate: Estate
    action: str
    """In lower case."""
    _policies: dict[str, Policy | None] = field(default_factory=dict)
    _applied: dict[object, Applied] = field(default_factory=dict)
    _settled: dict[object, tuple[Policies, Profile]] = field(default_factory=dict)

    def profile(self, identity: Identity) -> tuple[Policies, Profile]:
        """What applies to the identity, as policies with their real names, and as a profile."""
        signature, applied = self._signed(identity)
        account = self.estate.accounts.get(identity.account)
        if applied.personal:
            return self._settle(applied.under(personal_context(identity, account)), identity)
        known = self._settled.get(signature)
        if known is None:
            known = self._settle(applied.under(Context(account_keys(account))), identity)
            self._settled[signature] = known
        return known

    def applied(self, identity: Identity) -> Applied:
        """What applies to the identity; the same object for all that share their policies, boundary and account."""
        return self._signed(identity)[1]

    def _signed(self, identity: Identity) -> tuple[object, Applied]:
        signature = (identity.account, self._own(identity), identity.boundary, identity.service_linked)
        applied = self._applied.get(signature)
        if applied is None:
            applied = self._applied[signature] = self._apply(identity)
        return signature, applied

    def relevant(self, policy: str) -> Policy | None:
        """The policy cut down to the statements that concern the action; None where it has none."""
        if policy not in self._policies:
            self._policies[policy] = concerning(self.estate.policies[policy], self.action)
        return self._policies[policy]

    def _own(self, identity: Identity) -> tuple[str, ...]:
        if not identity.groups:
            return identity.policies
        inherited = (policy for group in identity.groups for policy in self.estate.groups.get(group, ()))
        return (*identity.policies, *inherited)

    def _apply(self, identity: Identity) -> Applied:
        own, missing = self._found(self._own(identity))
        limit: tuple[Policy, ...] | None = None
        unread: dict[str, Formula] = {}
        if identity.boundary is not None:
            limit, unknown = self._found((identity.boundary,))
            missing += unknown
        account = self.estate.accounts.get(identity.account)
        reason = unread_reason(account, identity.account)
        if reason or missing:
            unread["identity"] = Unsure(reason or f"the document of {missing[0]} is not known")
        levels, limits_unread = organization_levels(self.estate, account, self.relevant)
        if not identity.service_linked:
            unread |= limits_unread
        policies = Policies(own, limit, service_control=() if identity.service_linked else levels, unread=unread)
        texts = (*own, *(limit or ()), *(policy for _, level in policies.service_control for policy in level))
        return Applied(policies, any(is_personal(s) for policy in texts for s in policy.document.statements))

    def _found(self, ids: Iterable[str]) -> tuple[tuple[Policy, ...], list[str]]:
        """The policies that have anything to say, and the ids of those whose documents are not known."""
        ids = tuple(ids)
        missing = [policy for policy in ids if policy not in self.estate.policies]
        known = (self.relevant(policy) for policy in ids if policy in self.estate.policies)
        return tuple(policy for policy in known if policy is not None), missing

    def _settle(self, policies: Policies, identity: Identity) -> tuple[Policies, Profile]:
        levels = tuple(canonical(attached) for _, attached in policies.service_control)
        return policies, Profile(
            identity.account,
            canonical(policies.identity),
            None if policies.boundary is None else canonical(policies.boundary),
            tuple(level for level in levels if not unrestricting(level)),
            identity.service_linked,
            tuple(sorted(policies.unread.items(), key=lambda item: item[0])),
        )


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
