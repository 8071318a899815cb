"""Access of those whom a resource names: users and roles, other accounts, services, anyone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ...schema import Node, Ownership
from ..iam.administering.holdings import Holding
from ..iam.conditions.context import Context
from ..iam.estates.estate import Identity
from ..iam.estates.knowledge import account_keys
from ..iam.estates.profiles import organization_levels
from ..iam.estates.strangers import ANYONE, Stranger, anyone, is_read, let_in, stranger
from ..iam.evaluation.decisions import Deny
from ..iam.evaluation.evaluate import Policies
from ..iam.evaluation.services import WITHIN_ACCOUNT
from ..iam.policies.principals import SESSION_ARN, Caller, CallerKind, account_of
from .deciding import Asker, Deciding
from .families import Mask
from .found import Findings
from .sides import Side

ANYONE_KINDS = ("*", "AWS")
"""Kinds of entries of a Principal element of which ``*`` is anyone."""


@dataclass
class Outsiders:
    """Works out, for the resources of one shelf, the access of those whom each names."""

    deciding: Deciding
    findings: Findings
    holdings: Mapping[str, Sequence[Holding]]
    named: dict[str, Node] = field(default_factory=dict)
    """Principals that only policies name, by id."""

    def work_out(self) -> None:
        """Note the access of each whom a resource names."""
        for number, side in enumerate(self.findings.shelf.sides):
            if side.resource.unread and not side.resource.policy:
                left = self._by_stranger(anyone(side.resource.partition), side, self.deciding.family.all)
                levels = (mask for _, _, mask in self.deciding.family.levels())
                self._by_its_own(side, sum(mask for mask in levels if not mask & ~left))
                continue
            for (kind, text), actions in self._entries(side).items():
                self._by_entry(kind, text, side, 1 << number, actions)

    def _entries(self, side: Side) -> dict[tuple[str, str], Mask]:
        """Whom statements of its policies may let in, each with the actions that those concern."""
        found: dict[tuple[str, str], Mask] = {}
        own = (s for policy in side.policies.resource for s in policy.document.statements)
        for s in (*own, *side.behind):
            concerned = self.deciding.family.concerned(s)
            for entry in let_in(s) if concerned else ():
                found[entry] = found.get(entry, 0) | concerned
        if any("resource_policy" in way.side.unread for way in side.ways):
            found[ANYONE] = self.deciding.family.all
        return found

    def _by_entry(self, kind: str, text: str, side: Side, number: int, actions: Mask) -> None:
        estate, partition = self.deciding.estate, side.resource.partition
        account = account_of(text, partition) if kind == "AWS" else None
        if text == "*" and kind in ANYONE_KINDS:
            self._by_anyone(side, actions)
        elif (identity := self._identity(text)) is not None and kind == "AWS":
            self._by_identity(identity, side, actions)
        elif account is not None and is_read(estate, account):
            self._by_account(account, side, number, actions)
        elif account != side.resource.account and (named := stranger(estate, kind, text, partition)) is not None:
            self._by_stranger(named, side, actions)

    def _by_anyone(self, side: Side, actions: Mask) -> None:
        """Anyone at all, or anyone of the resource's account: RestrictPublicBuckets keeps to it what a policy lets
        everyone do, AWS what no other account can do, and a bucket may let in no others than those who come through an
        access point open to everyone."""
        kept = side.resource.is_restricted
        left = actions if kept else self._by_stranger(anyone(side.resource.partition), side, actions)
        within = self.deciding.family.mask(WITHIN_ACCOUNT)
        self._by_its_own(side, left if kept or side.ways else left & within)

    def _by_its_own(self, side: Side, actions: Mask) -> None:
        if actions:
            self._by_stranger(self._anyone_of(side.resource.account, side.resource.partition), side, actions)

    def _anyone_of(self, account: str, partition: str) -> Stranger:
        estate = self.deciding.estate
        found = estate.accounts.get(account)
        levels, unread = organization_levels(estate, found, estate.policies.get)
        caller = Caller(CallerKind.ACCOUNT, f"arn:{partition}:iam::{account}:root", account, partition=partition)
        above = Policies(service_control=levels, unread=unread)
        return Stranger("Account", account, account, caller, above, Context(account_keys(found)), account)

    def _identity(self, arn: str) -> Identity | None:
        """The user or role of the register that has the ARN, or whose session has."""
        estate = self.deciding.estate
        return estate.identity(Caller.of_arn(arn).arn if SESSION_ARN.fullmatch(arn) else arn)

    def _by_identity(self, identity: Identity, side: Side, actions: Mask) -> None:
        external = identity.account != side.resource.account
        for each, decision in self.deciding.of(self.deciding.identity(identity), side, actions):
            self.findings.note(identity.arn, side.resource.arn, each, decision, external=external)

    def _by_account(self, account: str, side: Side, number: int, actions: Mask) -> None:
        """Those of an account that was read; of its own, what their policies let is worked out from them."""
        if account != side.resource.account:
            for holding in self.holdings.get(account, ()):
                self.deciding.of_holding(self.findings, holding, number, actions)

    def _by_stranger(self, named: Stranger, side: Side, actions: Mask) -> Mask:
        """Note its access; the actions that it may not take."""
        asker = Asker(named.caller, named.policies, named.context)
        left: Mask = 0
        for each, decision in self.deciding.of(asker, side, actions):
            if isinstance(decision, Deny):
                left |= each
            else:
                stated = {"name": named.name, "provider": "aws", "account_id": named.account}
                self.named.setdefault(named.id, Node(named.kind, named.id, stated, Ownership.REFERENCE))
                external = named.account != side.resource.account
                self.findings.note(named.id, side.resource.arn, each, decision, external=external)
        return left
