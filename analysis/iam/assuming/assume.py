"""Who can assume which role: ``CAN_ASSUME``, and the sets of principals that share it.

It starts from each role's trust policy. Those whom it names are evaluated one by one. Where it leaves the choice to an
account (its root ARN), the account's principals are evaluated by profile: principals whose policies say the same of
assuming roles get one ``PrincipalSet``, and one relationship from the set instead of one from each of them. Where it
leaves the choice to everyone, so do principals of all accounts by what they grant.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_terms-and-concepts.html
https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ....schema import Edge, Node
from ..collector import at_rest
from ..conditions.formula import ALWAYS
from ..estates.estate import Account, Assignment, Estate, Identity
from ..estates.knowledge import (
    Known,
    account_keys,
    caller_of,
    closed_prefixes,
    context_of,
    personal_keys,
    role_keys,
)
from ..estates.profiles import Outcome, Profiler, Settled, accounts_under
from ..estates.strangers import NO_ACCOUNT, is_read, stand_in
from ..evaluation.decisions import Decision, Deny, Unknown, rank
from ..evaluation.evaluate import Policies
from ..once import once
from ..policies.principals import SESSION_ARN, Caller, CallerKind
from ..policies.statements import Effect, Policy, Reason
from .becoming import (
    Target,
    Together,
    anyone,
    can_assume,
    can_assume_edge,
    set_facts,
)
from .crowds import Crowds, Part, Telling
from .gatherings import Gathering, Gatherings, Members, gather
from .guards import Guard, Guards
from .rulings import Asker, Rulings
from .trusts import ASSUME_ROLE, NOBODY, WITH_SAML, WITH_WEB_IDENTITY, Admissions, Admitted

SAML_AUDIENCE = "https://signin.aws.amazon.com/saml"
SMALLEST_SET = 2
"""A set of fewer principals is not made: they get relationships of their own."""


@dataclass(frozen=True, slots=True)
class Work:
    """How much was done: sets of policies that were looked into, and decisions that were made."""

    signatures: int
    decisions: int


class Assumptions:
    """Works out CAN_ASSUME for an estate; never changes.

    With ``remember`` every decision is kept, and ``replace`` and ``replace_trust`` give what follows of a changed
    policy without making those again in which the change does not count.
    """

    def __init__(self, estate: Estate, *, remember: bool = False) -> None:
        self.estate = estate
        self._profiler = Profiler(estate, ASSUME_ROLE.lower())
        self._rulings = Rulings(Guards(estate), remember)
        self._known: dict[str, Known] = {}
        self._admissions = Admissions()
        self._gatherings: dict[str, Gatherings] = {}
        self._used: dict[str, Together] = {}

    @property
    def work(self) -> Work:
        """What was done for this and for those that it came of."""
        return Work(self._profiler.made, self._rulings.made)

    @once
    def _identities(self) -> dict[str, list[Identity]]:
        """All users and roles by account."""
        found: dict[str, list[Identity]] = defaultdict(list)
        for identity in (*self.estate.users.values(), *self.estate.roles.values()):
            found[identity.account].append(identity)
        return dict(found)

    def _gathered(self, account: str) -> Gatherings:
        """The users and roles of an account by profile."""
        if account not in self._gatherings:
            self._gatherings[account] = gather(self._identities.get(account, ()), self._profiler)
        return self._gatherings[account]

    @once
    def _crowds(self) -> Crowds:
        """All users and roles by grant."""
        gatherings = {account: self._gathered(account) for account in self._identities}
        return Crowds(gatherings, self._account_known)

    @once
    def _by_name_of_role(self) -> dict[tuple[str, str], Identity]:
        return {(role.account, role.name): role for role in self.estate.roles.values()}

    def replace(self, policy: Policy) -> Assumptions:
        """What follows where the policy is this one: only what it counts in is evaluated again."""
        estate = replace(self.estate, policies={**self.estate.policies, policy.id: policy})
        everyone = (identity for found in self._identities.values() for identity in found)
        holders = {identity.account for identity in everyone if policy.id in self._profiler.held(identity)}
        return self._over(estate, policy.id, holders | set(accounts_under(estate, policy.id)))

    def replace_trust(self, role: str, trust: Policy) -> Assumptions:
        """What follows where a role has that trust policy: it is evaluated as a target, and little else."""
        changed = replace(self.estate.roles[role], trust=trust)
        estate = replace(self.estate, roles={**self.estate.roles, role: changed})
        return self._over(estate, trust.id, {changed.account})

    def _over(self, estate: Estate, changed: str, accounts: set[str]) -> Assumptions:
        """What follows of another estate, which differs in what that id stands for, in those accounts."""
        other = Assumptions(estate)
        other._profiler = self._profiler.over(estate, changed)
        other._rulings = self._rulings.over(self._rulings.guards.over(estate, changed))
        other._known, other._admissions = self._known, self._admissions
        other._gatherings = {a: found for a, found in self._gatherings.items() if a not in accounts}
        return other

    def facts(self) -> Iterator[Node | Edge]:
        """Every CAN_ASSUME of the estate, then the sets that start some of them and who is gathered in each.

        The collector of cycles is at rest until all are read, or the iterator is closed.
        """
        with at_rest():
            yield from self._facts()

    def _facts(self) -> Iterator[Node | Edge]:
        for roles in self._by_source().values():
            for role in roles:
                yield from self.of_role(role)
            self._rulings.forget()
        yield from self.of_assignments(self.estate.assignments)
        grounds: dict[Settled, list[str]] = {}
        for together in self._used.values():
            yield from set_facts(together, grounds)

    def _by_source(self) -> Mapping[str, list[Identity]]:
        """The roles by the account whose principals they admit by its root: what is worked out of these is soon used.

        Those that admit no other account's stand with their own account, and those that admit everyone come last.
        """
        found: dict[str, list[Identity]] = {account: [] for account in self._identities}
        everyone: list[Identity] = []
        for role in self.estate.roles.values():
            named = self._whom(role, role.trust)[ASSUME_ROLE] if role.trust else NOBODY
            if named.everyone:
                everyone.append(role)
            else:
                found[next((id_ for id_ in named.accounts if id_ in found), role.account)].append(role)
        return {**found, "*": everyone}

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
        target = self._target(role, role.trust)
        whom = self._whom(role, role.trust)
        named = whom[ASSUME_ROLE]
        if named.anyone_unknown is not None:
            yield anyone()
            yield can_assume_edge("*", target, ASSUME_ROLE, "unknown", (), (), f"trust policy: {named.anyone_unknown}")
        elif named.everyone:
            yield from self._by_everyone(target, named)
        for text in named.arns:
            yield from self._by_name(target, text)
        for id_ in named.accounts:
            if not (named.everyone and is_read(self.estate, id_)):
                yield from self._by_account(target, id_, named)
        for service in named.services:
            if service == "*":
                yield anyone()
            yield from self._by_service(target, service)
        for action in (WITH_SAML, WITH_WEB_IDENTITY):
            yield from self._signed_in(target, action, whom[action])

    def _signed_in(self, target: Target, action: str, named: Admitted) -> Iterator[Node | Edge]:
        """Those whom an identity provider signs in: by the provider, where the trust policy names one."""
        for provider in named.federated:
            if provider != "*" and (action == WITH_SAML) is (":saml-provider/" in provider):
                yield from can_assume(provider, target, action, self._federated(target, provider, action))
        if named.everyone or "*" in named.federated:
            decision = self._federated(target, "*", action)
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
            target = self._target(role, role.trust)
            note = Reason(assignment.permission_set, note=f"assigned to {assignment.holder} in {assignment.account}")
            known: Known = {"saml:aud": (SAML_AUDIENCE,)}
            providers = self._whom(role, role.trust)[WITH_SAML].federated
            decisions = [self._federated(target, provider, WITH_SAML, known) for provider in providers]
            if decisions:
                # Nothing tells which of several is Identity Center's: the surest way in counts.
                yield from can_assume(assignment.holder, target, WITH_SAML, min(decisions, key=rank), (note,))

    def _target(self, role: Identity, trust: Policy) -> Target:
        above = self._rulings.guards.above(role, ASSUME_ROLE)
        return Target(role, trust, role_keys(self.estate, role), self._partition(role), above.statements)

    def _partition(self, role: Identity) -> str:
        account = self.estate.accounts.get(role.account)
        return account.partition if account else "aws"

    def _whom(self, role: Identity, trust: Policy) -> Mapping[str, Admitted]:
        """Whom its trust policy may admit, by each action that assumes a role."""
        return self._admissions.of(trust, self._partition(role))

    def _by_everyone(self, target: Target, named: Admitted) -> Iterator[Node | Edge]:
        """``*``: anyone with an account; of accounts that are read, everyone in the role's, and those let elsewhere."""
        whoever = Caller(CallerKind.ACCOUNT, "*", "*", partition=target.partition)
        yield anyone()
        asker = Asker("*", whoever, Policies(unread={"identity": ALWAYS}), {})
        yield from can_assume("*", target, ASSUME_ROLE, self._rulings.of(asker, target))
        own = target.role.account
        for gathering in self._gathered(own).all:
            yield from self._by_gathering(target, gathering, named)
        telling = Telling.of(s for s in target.statements if s.concerns(ASSUME_ROLE.lower()))
        for crowd in self._crowds.granting.that_may_assume(target.role.arn):
            if crowd.accounts != {own}:
                for part in self._crowds.parts(crowd, telling):
                    yield from self._by_part(target, part)

    def _by_part(self, target: Target, part: Part) -> Iterator[Edge]:
        """A relationship from the set, or one from each of few; those of the role's own account have theirs already."""
        own = target.role.account
        example = next((identity for identity, _ in part.members if identity.account != own), None)
        if example is None:
            return
        if len(part.members) < SMALLEST_SET:
            yield from self._by_members(target, part.members)
            return
        known = self._account_known(example.account)
        if part.told_apart:
            known = {**known, **personal_keys(example)}
        prefixes = closed_prefixes(example) if part.told_apart else ()
        caller = Caller(CallerKind.USER, part.id, example.account, None, part.profile.service_linked, target.partition)
        asker = Asker(part.id, caller, part.crowd.policies, known, prefixes, part.crowd.blind)
        yield from self._together(target, part, self._rulings.of(asker, target))

    def _by_account(self, target: Target, account: str, named: Admitted) -> Iterator[Edge]:
        if is_read(self.estate, account):
            for gathering in self._gathered(account).granting.that_may_assume(target.role.arn):
                yield from self._by_gathering(target, gathering, named)
            return
        arn = f"arn:{target.partition}:iam::{account}:root"
        caller = Caller(CallerKind.ACCOUNT, arn, account, partition=target.partition)
        own = stand_in(self.estate, account, "assume the role")
        asker = Asker(account, caller, own, self._account_known(account), blind=True)
        yield from can_assume(account, target, ASSUME_ROLE, self._rulings.of(asker, target))

    def _by_gathering(self, target: Target, gathering: Gathering, named: Admitted) -> Iterator[Edge]:
        """A relationship from the set, where the role does not tell its members apart; else one from each that can."""
        account, linked = gathering.profile.account, gathering.profile.service_linked
        known = self._account_known(account)
        if named.personal or self._guard(target, known).personal or len(gathering.members) < SMALLEST_SET:
            yield from self._by_members(target, gathering.members)
            return
        # Not one of the members: what names that one in the trust policy would count for all.
        caller = Caller(CallerKind.USER, gathering.id, account, None, linked, target.partition)
        asker = Asker(gathering.id, caller, gathering.policies, known, blind=gathering.blind)
        yield from self._together(target, gathering, self._rulings.of(asker, target))

    def _together(self, target: Target, together: Together, decision: Decision) -> Iterator[Edge]:
        if not isinstance(decision, Deny):
            self._used[together.id] = together
            yield from can_assume(together.id, target, ASSUME_ROLE, decision)

    def _by_members(self, target: Target, members: Members) -> Iterator[Edge]:
        """A relationship from each that can. Those of whom the role's side makes the same are decided once."""
        personal, names = target.personal, target.names
        decisions: dict[object, Decision] = {}
        for member, settled in members:
            if member.arn == target.role.arn:
                continue
            outcome: Outcome = ()
            if personal:
                context = context_of(member, self._account_known(member.account))
                outcome = tuple(statement.under(context) for statement in personal)
            if not target.impersonal and all(s is None or s.effect is Effect.DENY for s in outcome):
                continue  # No statement of the trust policy lets it in.
            key = (member.arn if names.lists(member) else member.kind, settled, outcome)
            if key not in decisions:
                decisions[key] = self._of_identity(target, member, settled)
            yield from can_assume(member.arn, target, ASSUME_ROLE, decisions[key])

    def _of_identity(self, target: Target, identity: Identity, settled: Settled) -> Decision:
        context = context_of(identity, self._account_known(identity.account))
        caller, prefixes = caller_of(identity, target.partition), context.closed_prefixes
        asker = Asker((identity.arn, settled, prefixes), caller, settled.policies, context.known, prefixes)
        return self._rulings.of(asker, target)

    def _by_name(self, target: Target, text: str) -> Iterator[Edge]:
        """A user, role or session that the trust policy names."""
        session = SESSION_ARN.fullmatch(text)
        identity = self.estate.identity(text) or (
            self._by_name_of_role.get((session[1], session[2])) if session else None
        )
        if identity is not None:
            if identity.arn != target.role.arn:
                decision = self._of_identity(target, identity, self._profiler.settled(identity))
                yield from can_assume(identity.arn, target, ASSUME_ROLE, decision)
            return
        try:
            caller = Caller.of_arn(text)
        except ValueError:
            return
        account = caller.account or ""
        if is_read(self.estate, account) or caller.partition != target.partition:
            return
        known = {**self._account_known(account), "aws:principalarn": (caller.arn,)}
        asker = Asker(text, caller, stand_in(self.estate, account, "assume the role"), known, blind=True)
        yield from can_assume(text, target, ASSUME_ROLE, self._rulings.of(asker, target))

    def _by_service(self, target: Target, service: str) -> Iterator[Edge]:
        known: Known = {
            "aws:principalisawsservice": ("true",),
            "aws:principalservicename": (service,),
            **NO_ACCOUNT,
        }
        asker = Asker(service, Caller(CallerKind.SERVICE, service), Policies(), known, blind=True)
        yield from can_assume(service, target, ASSUME_ROLE, self._rulings.of(asker, target))

    def _federated(self, target: Target, provider: str, action: str, extra: Known | None = None) -> Decision:
        known: Known = {
            "aws:federatedprovider": (provider,),
            "aws:principalisawsservice": ("false",),
            **NO_ACCOUNT,
            **(extra or {}),
        }
        who = (provider, bool(extra))
        asker = Asker(who, Caller(CallerKind.FEDERATED, provider), Policies(), known, blind=True)
        return self._rulings.of(asker, target, action)

    def _account_known(self, account: str) -> Known:
        if account not in self._known:
            found = self.estate.accounts.get(account) or Account(account, external=True)
            self._known[account] = account_keys(found)
        return self._known[account]

    def _guard(self, target: Target, known: Known) -> Guard:
        return self._rulings.guards.of(target.role, ASSUME_ROLE, known)
