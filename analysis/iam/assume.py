"""Who can assume which role: ``CAN_ASSUME``, and the sets of principals that share it.

It starts from each role's trust policy. Those whom it names are evaluated one by one. Where it leaves the choice to an
account (its root ARN) or to everyone, the account's principals are evaluated by profile: principals whose policies say
the same of assuming roles get one ``PrincipalSet``, and one relationship from the set instead of one from each of them.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_terms-and-concepts.html
https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ...schema import Edge, Node
from .becoming import ASSUME_ROLE, WITH_SAML, WITH_WEB_IDENTITY, Target, anyone, can_assume, can_assume_edge, set_facts
from .canonical import concerning, narrowed
from .conditions import Other
from .context import UNKNOWN, Context
from .decisions import Decision, Deny, Unknown
from .estate import Account, Assignment, Estate, Identity
from .evaluate import Levels, Policies, decide
from .formula import ALWAYS, Formula, Holds, Unsure
from .gatherings import Gathering, Gatherings, gather
from .knowledge import (
    RESOURCE_TAG_PREFIXES,
    Known,
    account_keys,
    asks_for_account,
    caller_of,
    closed_prefixes,
    is_blind,
    is_personal,
    personal_context,
    personal_keys,
    role_keys,
)
from .principals import SESSION_ARN, Caller, CallerKind
from .profiles import Profiler, organization_levels
from .request import Request
from .statements import Effect, Policy, Reason, Statement
from .trusts import Admitted, admitted, names_of

SAML_AUDIENCE = "https://signin.aws.amazon.com/saml"
SMALLEST_SET = 2
"""A set of fewer principals is not made: they get relationships of their own."""


@dataclass(frozen=True, slots=True)
class Guard:
    """The RCPs above a role; ``personal`` tells that they may tell principals of one account apart."""

    levels: Levels = ()
    unread: Mapping[str, Formula] = field(default_factory=dict)
    personal: bool = False


UNGUARDED = Guard()


class Assumptions:
    """Works out CAN_ASSUME for an estate. Make one, then read ``facts()`` once."""

    def __init__(self, estate: Estate) -> None:
        self.estate = estate
        self.profiler = Profiler(estate, ASSUME_ROLE.lower())
        self._gatherings: dict[str, Gatherings] | None = None
        self._used: dict[str, Gathering] = {}
        self._admitted: dict[tuple[int, str, str], Admitted] = {}
        self._guards: dict[tuple[str, str, str], Guard] = {}
        self._accounts: dict[str, Known] = {}
        self._decisions: dict[tuple[object, ...], tuple[str, Decision]] = {}
        self._of_all_alike: dict[tuple[object, ...], tuple[str, Decision]] = {}
        self._asking: dict[tuple[int, int], bool] = {}

    @property
    def gatherings(self) -> dict[str, Gatherings]:
        """All users and roles by account and profile."""
        if self._gatherings is None:
            everyone = (*self.estate.users.values(), *self.estate.roles.values())
            self._gatherings = gather(everyone, self.profiler)
        return self._gatherings

    def facts(self) -> Iterator[Node | Edge]:
        """Every CAN_ASSUME of the estate, then the sets that start some of them and who is gathered in each."""
        for role in self.estate.roles.values():
            yield from self.of_role(role)
        yield from self.of_assignments(self.estate.assignments)
        for gathering in self._used.values():
            yield from set_facts(gathering)

    def of_role(self, role: Identity) -> Iterator[Node | Edge]:
        """Every CAN_ASSUME that ends in the role, but those of Identity Center. Each once.

        A principal that several statements name comes up several times; each time the whole policy decides.
        """
        seen: set[tuple[str, ...]] = set()
        for fact in self._of_role(role):
            if isinstance(fact, Node):
                yield fact
            elif fact.identity not in seen:
                seen.add(fact.identity)
                yield fact

    def _of_role(self, role: Identity) -> Iterator[Node | Edge]:
        if role.trust is None:
            return
        account = self.estate.accounts.get(role.account)
        target = Target(role, role.trust, role_keys(self.estate, role), account.partition if account else "aws")
        named = self._whom(target, ASSUME_ROLE)
        if named.anyone_unknown is not None:
            yield anyone()
            yield can_assume_edge("*", target, ASSUME_ROLE, "unknown", (), (), f"trust policy: {named.anyone_unknown}")
        elif named.everyone:
            yield from self._everyone(target, named)
        for text in named.arns:
            yield from self._by_name(target, text)
        for id_ in named.accounts:
            if not (named.everyone and self._is_read(id_)):
                yield from self._by_account(target, id_, named)
        for service in named.services:
            yield from self._by_service(target, service)
        for action in (WITH_SAML, WITH_WEB_IDENTITY):
            yield from self._signed_in(target, action)

    def _signed_in(self, target: Target, action: str) -> Iterator[Node | Edge]:
        """Those whom an identity provider signs in: by the provider, where the trust policy names one."""
        named = self._whom(target, action)
        for provider in named.federated:
            if provider != "*" and (action == WITH_SAML) is (":saml-provider/" in provider):
                yield from can_assume(provider, target, action, self._federated(target, provider, action, {}))
        if named.everyone or "*" in named.federated:
            decision = self._federated(target, "*", action, {})
            if not isinstance(decision, Deny):
                word = "unknown" if isinstance(decision, Unknown) else "conditional"
                conditions = (*decision.sentences, "an identity provider that AWS accepts signs the caller in")
                because = tuple(str(reason) for reason in decision.because)
                yield anyone()
                yield can_assume_edge("*", target, action, word, conditions, because, getattr(decision, "reason", None))

    def of_assignments(self, assignments: Sequence[Assignment]) -> Iterator[Edge]:
        """CAN_ASSUME of people and groups of Identity Center, by the reserved roles of their permission sets."""
        for assignment in assignments:
            role = self.estate.roles.get(assignment.role)
            if role is None or role.trust is None:
                continue
            partition = self._partition(role.account)
            target = Target(role, role.trust, role_keys(self.estate, role), partition)
            note = Reason(assignment.permission_set, note=f"assigned to {assignment.holder} in {assignment.account}")
            for provider in self._whom(target, WITH_SAML).federated:
                extra: Known = {"saml:aud": (SAML_AUDIENCE,)}
                decision = self._federated(target, provider, WITH_SAML, extra)
                yield from can_assume(assignment.holder, target, WITH_SAML, decision, (note,))
                break

    def _partition(self, account: str) -> str:
        found = self.estate.accounts.get(account)
        return found.partition if found else "aws"

    def _is_read(self, account: str) -> bool:
        found = self.estate.accounts.get(account)
        return found is not None and found.unread is None and not found.external

    def _whom(self, target: Target, action: str) -> Admitted:
        key = (id(target.trust.document), action, target.partition)
        if key not in self._admitted:
            self._admitted[key] = admitted(target.trust.document, action.lower(), target.partition)
        return self._admitted[key]

    def _everyone(self, target: Target, named: Admitted) -> Iterator[Node | Edge]:
        """``*``: anyone with an account of their own; and of the accounts that are read, those their policies let."""
        whoever = Caller(CallerKind.ACCOUNT, "*", "*", partition=target.partition)
        policies = self._guarded(Policies(unread={"identity": ALWAYS}), target, "*", {})
        yield anyone()
        yield from can_assume("*", target, ASSUME_ROLE, self._decide(whoever, target, policies, {}))
        for account, gatherings in self.gatherings.items():
            own = account == target.role.account
            for gathering in gatherings.all if own else gatherings.that_may_assume(target.role.arn):
                yield from self._by_gathering(target, gathering, named)

    def _by_account(self, target: Target, account: str, named: Admitted) -> Iterator[Edge]:
        if self._is_read(account):
            gatherings = self.gatherings.get(account)
            for gathering in gatherings.that_may_assume(target.role.arn) if gatherings else ():
                yield from self._by_gathering(target, gathering, named)
            return
        found = self.estate.accounts.get(account)
        caller = Caller(
            CallerKind.ACCOUNT, f"arn:{target.partition}:iam::{account}:root", account, partition=target.partition
        )
        policies = Policies(unread={"identity": _stand_in(account, found)})
        known = self._account_known(account)
        policies = self._guarded(policies, target, account, known)
        yield from can_assume(account, target, ASSUME_ROLE, self._decide(caller, target, policies, known))

    def _by_gathering(self, target: Target, gathering: Gathering, named: Admitted) -> Iterator[Edge]:
        """A relationship from the set, where the role does not tell its members apart; else one from each that can."""
        account = gathering.profile.account
        known = self._account_known(account)
        guard = self._guard(target, account, known)
        if named.personal or guard.personal or len(gathering.members) < SMALLEST_SET:
            yield from self._by_members(target, gathering, guard)
            return
        decision = self._of_gathering(target, gathering, guard, known)
        if not isinstance(decision, Deny):
            self._used[gathering.id] = gathering
            yield from can_assume(gathering.id, target, ASSUME_ROLE, decision)

    def _of_gathering(self, target: Target, gathering: Gathering, guard: Guard, known: Known) -> Decision:
        """The decision for a set; for sets of several accounts at once where the role's side asks for no account."""
        account, linked = gathering.profile.account, gathering.profile.service_linked
        # Not one of the members: what names that one in the trust policy would count for all.
        caller = Caller(CallerKind.USER, gathering.id, account, None, linked, target.partition)

        def decided() -> Decision:
            policies = self._guarded(gathering.policies, target, account, known)
            return self._once(gathering.id, target, policies, lambda: self._decide(caller, target, policies, known))

        if account == target.role.account or not self._asks_no_account(target, guard):
            return decided()
        key = (target.role.arn, known.get("aws:principalorgid", UNKNOWN), gathering.profile.elsewhere)
        found = self._of_all_alike.get(key)
        if found is None:
            found = self._of_all_alike[key] = gathering.id, decided()
        first, decision = found
        if first == gathering.id:
            return decision
        moved = (
            replace(r, where=gathering.id + r.where.removeprefix(first)) if r.where.startswith(first) else r
            for r in decision.because
        )
        return replace(decision, because=tuple(moved))

    def _asks_no_account(self, target: Target, guard: Guard) -> bool:
        """Whether neither the trust policy nor an RCP tells principals of one account from those of another."""
        key = (id(target.trust.document), id(guard))
        if key not in self._asking:
            statements = (*target.trust.document.statements, *_all(guard.levels))
            self._asking[key] = names_of(statements).listed <= {"*"} and not any(map(asks_for_account, statements))
        return self._asking[key]

    def _by_members(self, target: Target, gathering: Gathering, guard: Guard) -> Iterator[Edge]:
        """A relationship from each that can. Those of whom the role's side makes the same are decided once."""
        statements = (*target.trust.document.statements, *_all(guard.levels))
        personal = [statement for statement in statements if is_personal(statement)]
        others = any(s.effect is not Effect.DENY and not is_personal(s) for s in target.trust.document.statements)
        names = names_of(statements)
        account = self.estate.accounts.get(gathering.profile.account)
        decisions: dict[object, Decision] = {}
        for member, own in gathering.members:
            if member.arn == target.role.arn:
                continue
            context = personal_context(member, account)
            outcome = tuple(statement.under(context) for statement in personal)
            if not others and all(s is None or s.effect is Effect.DENY for s in outcome):
                continue  # No statement of the trust policy lets it in.
            if names.lists(member):
                yield from self._by_identity(target, member, own)
                continue
            key = (member.kind, id(own), outcome)
            if key not in decisions:
                decisions[key] = self._of_identity(target, member, own)
            yield from can_assume(member.arn, target, ASSUME_ROLE, decisions[key])

    def _by_identity(self, target: Target, identity: Identity, own: Policies) -> Iterator[Edge]:
        if identity.arn != target.role.arn:
            yield from can_assume(identity.arn, target, ASSUME_ROLE, self._of_identity(target, identity, own))

    def _of_identity(self, target: Target, identity: Identity, own: Policies) -> Decision:
        account = self._account_known(identity.account)
        known = {**account, **personal_keys(identity)}
        policies = self._guarded(own, target, identity.account, account)
        caller = caller_of(identity, target.partition)
        return self._decide(caller, target, policies, known, closed_prefixes(identity))

    def _by_name(self, target: Target, text: str) -> Iterator[Edge]:
        """A user, role or session that the trust policy names."""
        session = SESSION_ARN.fullmatch(text)
        identity = self.estate.identity(text) or (self._role_named(session[1], session[2]) if session else None)
        if identity is not None:
            if identity.arn != target.role.arn:
                yield from self._by_identity(target, identity, self.profiler.settled(identity).policies)
            return
        try:
            caller = Caller.of_arn(text)
        except ValueError:
            return
        account = caller.account or ""
        if self._is_read(account) or caller.partition != target.partition:
            return
        found = self.estate.accounts.get(account)
        known = {**self._account_known(account), "aws:principalarn": (caller.arn,)}
        own = Policies(unread={"identity": _stand_in(account, found)})
        policies = self._guarded(own, target, account, self._account_known(account))
        yield from can_assume(text, target, ASSUME_ROLE, self._decide(caller, target, policies, known))

    def _role_named(self, account: str, name: str) -> Identity | None:
        plain = self.estate.roles.get(f"arn:{self._partition(account)}:iam::{account}:role/{name}")
        if plain is not None:
            return plain
        return next((r for r in self.estate.roles.values() if r.account == account and r.name == name), None)

    def _by_service(self, target: Target, service: str) -> Iterator[Edge]:
        known: Known = {
            "aws:principalisawsservice": ("true",),
            "aws:principalservicename": (service,),
            "aws:principalarn": None,
            "aws:principalaccount": None,
            "aws:principalorgid": None,
            "aws:principalorgpaths": None,
        }
        caller = Caller(CallerKind.SERVICE, service)
        policies = self._guarded(Policies(), target, service, known)
        decision = self._once(service, target, policies, lambda: self._decide(caller, target, policies, known))
        yield from can_assume(service, target, ASSUME_ROLE, decision)

    def _federated(self, target: Target, provider: str, action: str, extra: Known) -> Decision:
        known: Known = {
            "aws:federatedprovider": (provider,),
            "aws:principalisawsservice": ("false",),
            "aws:principalarn": None,
            "aws:principalaccount": None,
            "aws:principalorgid": None,
            "aws:principalorgpaths": None,
            **extra,
        }
        caller = Caller(CallerKind.FEDERATED, provider)
        policies = self._guarded(Policies(), target, provider, known, action)
        return self._decide(caller, target, policies, known, action=action)

    def _account_known(self, account: str) -> Known:
        if account not in self._accounts:
            found = self.estate.accounts.get(account) or Account(account, external=True)
            self._accounts[account] = account_keys(found)
        return self._accounts[account]

    def _guarded(
        self, own: Policies, target: Target, account: str, known: Known, action: str = ASSUME_ROLE
    ) -> Policies:
        """The caller's policies with those of the role laid over: its trust policy and the RCPs above it."""
        guard = self._guard(target, account, known, action)
        return Policies(
            own.identity,
            own.boundary,
            own.session,
            (target.trust,),
            own.service_control,
            guard.levels,
            own.endpoint,
            guarded=True,
            unread={**own.unread, **guard.unread} if guard.unread else own.unread,
        )

    def _guard(self, target: Target, account: str, known: Known, action: str = ASSUME_ROLE) -> Guard:
        """The RCPs above a role, with all taken out that the caller's account settles."""
        if target.role.service_linked:
            return UNGUARDED
        key = (target.role.account, account, action)
        if key not in self._guards:
            lowered = action.lower()
            found = self.estate.accounts.get(target.role.account)

            def relevant(policy: str) -> Policy | None:
                return concerning(self.estate.policies[policy], lowered)

            levels, unread = organization_levels(self.estate, found, relevant, resource=True)
            context = Context(known)
            levels = tuple((node, narrowed(attached, context)) for node, attached in levels)
            self._guards[key] = Guard(levels, unread, any(map(is_personal, _all(levels))))
        return self._guards[key]

    def _decide(
        self,
        caller: Caller,
        target: Target,
        policies: Policies,
        known: Known,
        prefixes: tuple[str, ...] = (),
        action: str = ASSUME_ROLE,
    ) -> Decision:
        if target.role.tags is not None:
            prefixes = (*prefixes, *RESOURCE_TAG_PREFIXES)
        context = Context({**known, **target.known}, closed_prefixes=prefixes)
        return decide(Request(caller, action, target.role.arn, target.role.account, context), policies)

    def _once(self, who: str, target: Target, policies: Policies, decided: Callable[[], Decision]) -> Decision:
        """The decision for a caller, made once for all roles of an account that have the same trust policy.

        Only where nothing in the policies tells one such role from another; else it is made for this role alone.
        """
        if not all(map(is_blind, _statements(policies))):
            return decided()
        document, linked = target.trust.document, target.role.service_linked
        key = (who, id(document), target.role.account, linked)
        found = self._decisions.get(key)
        if found is None:
            found = self._decisions[key] = target.trust.id, decided()
        first, decision = found
        if first == target.trust.id:
            return decision
        moved = (replace(r, where=target.trust.id) if r.where == first else r for r in decision.because)
        return replace(decision, because=tuple(moved))


def _all(levels: Levels) -> Iterator[Statement]:
    return (s for _, attached in levels for policy in attached for s in policy.document.statements)


def _statements(policies: Policies) -> Iterator[Statement]:
    limits = (attached for _, attached in (*policies.service_control, *policies.resource_control))
    own = (policies.identity, policies.boundary or (), policies.resource, *limits)
    return (statement for group in own for policy in group for statement in policy.document.statements)


def _stand_in(account: str, found: Account | None) -> Formula:
    """What stands in for the policies of an account that was not read."""
    if found is None or found.external:
        return Holds(Other(f"account {account}, which is not in this register, lets the caller assume the role"))
    return Unsure(found.unread or f"IAM of account {account} was not read")
