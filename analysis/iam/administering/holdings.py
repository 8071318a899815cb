"""Principals gathered by what their policies say of some actions: who holds the same can do the same.

Of all the statements that apply to a principal only those that concern one of the actions are kept, with everything
taken out that is settled by who the principal is. Principals of one account of whom the same is left share
one ``Holding``, whatever policies it stands in: it is evaluated once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import blake2b

from ..conditions.context import Context
from ..conditions.formula import Formula, Unsure
from ..estates.estate import Estate, Identity
from ..estates.knowledge import account_keys, is_personal, personal_context, resource_keys
from ..estates.profiles import organization_levels, unread_reason
from ..evaluation.evaluate import Levels, Policies, Weighed
from ..evaluation.services import under_rcps
from ..once import once
from ..policies.canonical import narrowed, spelled
from ..policies.statements import Document, Effect, Policy, Statement
from .administrators import everything

Key = tuple[object, ...]
"""What tells one holding from another."""


@dataclass(eq=False)
class Holding:
    """What principals of one account hold alike, and who they are, with the policies of each under their own names."""

    account: str
    key: Key
    policies: Policies
    allowed: frozenset[str]
    """Actions, in lower case, that some statement may allow. What no statement does stays out of reach."""
    members: list[tuple[Identity, Policies]] = field(default_factory=list)
    _by_action: dict[str, Policies] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """A short hash of what is held, the same from one run to the next."""
        return blake2b(repr(self.key).encode(), digest_size=8).hexdigest()

    @property
    def id(self) -> str:
        """The id of its set of principals."""
        return f"principal-set/{self.account}/{self.digest}"

    @property
    def alike(self) -> bool:
        """Whether its members hold it by the very same policies."""
        names = {tuple(policy.id for policy in own.identity) for _, own in self.members}
        return len(names) == 1

    @once
    def together(self) -> Policies:
        """The policies of all members: under the name of their set, unless all hold it by the same ones."""
        if self.alike:
            return self.policies
        said = {s: None for policy in self.policies.identity for s in policy.document.statements}
        statements = tuple(replace(statement, number=n) for n, statement in enumerate(said, 1))
        return replace(self.policies, identity=(Policy(self.id, Document(statements)),))


@dataclass
class Holdings:
    """Makes the holdings of an estate for some actions (in lower case), sharing whatever principals have in common."""

    estate: Estate
    actions: frozenset[str]
    _cut: dict[str, Policy | None] = field(default_factory=dict)
    _concerned: dict[object, frozenset[str]] = field(default_factory=dict)
    _spelled: dict[int, tuple[Statement, str]] = field(default_factory=dict)
    _levels: dict[str, tuple[Levels, dict[str, Formula], bool]] = field(default_factory=dict)
    _resource_levels: dict[tuple[str, str], tuple[Levels, dict[str, Formula]]] = field(default_factory=dict)

    def gather(
        self,
        identities: Iterable[Identity],
        worth: frozenset[frozenset[str]],
        beside: Mapping[str, frozenset[str]],
    ) -> list[Holding]:
        """The holdings of those who may be allowed all actions of one of ``worth``. Others are left out.

        ``beside`` are actions that others' policies may allow to principals of an account.
        """
        found: dict[Key, Holding] = {}
        signed: dict[Key, tuple[Holding, Policies] | None] = {}
        for identity in identities:
            ids = self._ids(identity)
            signature = identity.account, identity.kind, ids, identity.boundary, identity.service_linked
            if signature in signed:
                if (known := signed[signature]) is not None:
                    known[0].members.append((identity, known[1]))
                continue
            reason = self._reason(identity)
            allowed = self.actions if reason else self._allowed(ids)
            reachable = allowed | beside.get(identity.account, frozenset())
            if not any(actions <= reachable for actions in worth):
                signed[signature] = None
                continue
            policies, personal = self._policies(identity, ids, reason)
            key = self._key(identity, policies)
            if key not in found:
                found[key] = Holding(identity.account, key, policies, allowed)
            found[key].members.append((identity, policies))
            if not personal:
                signed[signature] = found[key], policies
        return list(found.values())

    def of(self, identity: Identity) -> Policies:
        """What applies to one identity, whatever it may be allowed."""
        return self._policies(identity, self._ids(identity), self._reason(identity))[0]

    def full(self, identity: Identity, policies: Policies) -> Weighed:
        """When the holder can do anything in its account already, as ``Administrators`` has it.

        Service control policies that could not be read do not count: all of the account is under the same ones.
        """
        account = self.estate.accounts.get(identity.account)
        unread = {stage: doubt for stage, doubt in policies.unread.items() if stage != "scp"}
        policies = replace(policies, unread=unread)
        return everything(policies, personal_context(identity, account).over(Context(resource_keys(account))))

    def on_action(self, holding: Holding, policies: Policies, action: str) -> Policies:
        """Only what concerns one action, in lower case, with the resource control policies that apply to it."""
        shared = policies is holding.policies
        if shared and action in holding._by_action:
            return holding._by_action[action]
        levels, unread = self.above_resource(holding.account, action) if under_rcps(action) else ((), {})
        made = replace(
            policies,
            identity=self.about(policies.identity, action),
            boundary=None if policies.boundary is None else self.about(policies.boundary, action),
            service_control=tuple((node, self.about(held, action)) for node, held in policies.service_control),
            resource_control=levels,
            unread={**policies.unread, **unread},
        )
        if shared:
            holding._by_action[action] = made
        return made

    def about(self, policies: Iterable[Policy], action: str) -> tuple[Policy, ...]:
        """The policies cut down to the statements that concern the action."""
        return tuple(self._about(policies, action))

    def _about(self, policies: Iterable[Policy], action: str) -> Iterator[Policy]:
        for policy in policies:
            kept = tuple(s for s in policy.document.statements if action in self.concerned(s))
            if len(kept) == len(policy.document.statements):
                yield policy
            elif kept:
                yield Policy(policy.id, Document(kept))

    def concerned(self, statement: Statement) -> frozenset[str]:
        """The actions that a statement concerns."""
        key = (statement.actions, statement.not_actions, statement.actions is None and statement.flaw)
        if key not in self._concerned:
            self._concerned[key] = frozenset(action for action in self.actions if statement.concerns(action))
        return self._concerned[key]

    def granted(self, policy: Policy) -> frozenset[str]:
        """The actions that some statement of the policy may allow."""
        allows = (s for s in policy.document.statements if s.effect is not Effect.DENY)
        return frozenset().union(*map(self.concerned, allows))

    def _allowed(self, ids: Iterable[str]) -> frozenset[str]:
        cut = (self._relevant(policy) for policy in ids)
        return frozenset().union(*(self.granted(policy) for policy in cut if policy))

    def _relevant(self, policy: str) -> Policy | None:
        """The policy cut down to the statements that concern any of the actions; None where it has none."""
        if policy not in self._cut:
            found = self.estate.policies[policy]
            kept = tuple(s for s in found.document.statements if self.concerned(s))
            self._cut[policy] = Policy(policy, Document(kept)) if kept else None
        return self._cut[policy]

    def _ids(self, identity: Identity) -> tuple[str, ...]:
        inherited = (policy for group in identity.groups for policy in self.estate.groups.get(group, ()))
        return tuple(dict.fromkeys((*identity.policies, *inherited)))

    def _reason(self, identity: Identity) -> str | None:
        """Why not all of the identity's own policies are known."""
        reason = unread_reason(self.estate.accounts.get(identity.account), identity.account)
        held = (*self._ids(identity), *([identity.boundary] if identity.boundary else []))
        missing = next((policy for policy in held if policy not in self.estate.policies), None)
        return reason or (f"the document of {missing} is not known" if missing else None)

    def _policies(self, identity: Identity, ids: Iterable[str], reason: str | None) -> tuple[Policies, bool]:
        """What applies to the identity, with all taken out that its account and it itself settle; whether it did."""
        account = self.estate.accounts.get(identity.account)
        known = Context(account_keys(account))
        own = narrowed(self._known(ids), known)
        limit = None if identity.boundary is None else narrowed(self._known((identity.boundary,)), known)
        levels, unread, personal = ((), {}, False) if identity.service_linked else self._above(identity.account)
        texts = (policy.document.statements for policy in (*own, *(limit or ())))
        personal = personal or any(is_personal(s) for statements in texts for s in statements)
        if personal:
            context = personal_context(identity, account)
            own, limit = narrowed(own, context), None if limit is None else narrowed(limit, context)
            levels = tuple((node, narrowed(held, context)) for node, held in levels)
        doubt: dict[str, Formula] = {"identity": Unsure(reason)} if reason else {}
        return Policies(own, limit, service_control=levels, unread={**doubt, **unread}), personal

    def _known(self, ids: Iterable[str]) -> tuple[Policy, ...]:
        cut = (self._relevant(policy) for policy in ids if policy in self.estate.policies)
        return tuple(policy for policy in cut if policy is not None)

    def _above(self, id_: str) -> tuple[Levels, dict[str, Formula], bool]:
        """The SCPs above an account, without what the account settles, and whether they tell its members apart."""
        if id_ not in self._levels:
            account = self.estate.accounts.get(id_)
            levels, unread = organization_levels(self.estate, account, self._relevant)
            known = Context(account_keys(account))
            levels = tuple((node, narrowed(held, known)) for node, held in levels)
            statements = (s for _, held in levels for policy in held for s in policy.document.statements)
            self._levels[id_] = levels, unread, any(map(is_personal, statements))
        return self._levels[id_]

    def above_resource(self, id_: str, action: str) -> tuple[Levels, dict[str, Formula]]:
        if (id_, action) not in self._resource_levels:
            account = self.estate.accounts.get(id_)
            levels, unread = organization_levels(self.estate, account, self._relevant, resource=True)
            self._resource_levels[id_, action] = tuple((n, self.about(held, action)) for n, held in levels), unread
        return self._resource_levels[id_, action]

    def _key(self, identity: Identity, policies: Policies) -> Key:
        boundary = None if policies.boundary is None else self._said(policies.boundary)
        levels = tuple(self._said(held) for _, held in policies.service_control)
        doubts = tuple(sorted(policies.unread.items(), key=lambda item: item[0]))
        linked = identity.service_linked
        return identity.account, identity.kind, linked, self._said(policies.identity), boundary, levels, doubts

    def _said(self, policies: Iterable[Policy]) -> tuple[str, ...]:
        return tuple(sorted({self._spelling(s) for policy in policies for s in policy.document.statements}))

    def _spelling(self, statement: Statement) -> str:
        known = self._spelled.get(id(statement))
        if known is None or known[0] is not statement:
            actions = sorted(self.concerned(statement))
            known = self._spelled[id(statement)] = statement, repr((spelled(statement), actions))
        return known[1]
