"""Access of those whom a resource names: users and roles, other accounts, services, anyone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ...schema import Node, Ownership
from ...schema.identifiers import ACCOUNT_ID
from ..iam.conditions import Other
from ..iam.context import Context
from ..iam.decisions import Decision, Deny, Unknown
from ..iam.estate import Account, Identity
from ..iam.evaluate import Policies
from ..iam.formula import ALWAYS, Formula, Holds, Unsure
from ..iam.holdings import Holding
from ..iam.knowledge import account_keys
from ..iam.principals import Caller, CallerKind, account_of
from ..iam.public import public_statements
from ..iam.resources import Resource
from ..iam.statements import Effect
from .deciding import Asker, Deciding
from .families import Mask
from .found import Findings
from .sides import Side

ANYONE = ("*", "*")


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
                self._anyone(side, self.deciding.family.all)
                continue
            for (kind, text), actions in self._entries(side).items():
                self._by_entry(kind, text, side, 1 << number, actions)

    def _entries(self, side: Side) -> dict[tuple[str, str], Mask]:
        """Whom statements of its policies may let in, each with the actions that those concern."""
        found: dict[tuple[str, str], Mask] = {}
        for policy in side.policies.resource:
            for s in policy.document.statements:
                concerned = self.deciding.family.concerned(s)
                if s.effect is not Effect.DENY and concerned and s.principal:
                    for entry in [ANYONE] if s.principal.negated else s.principal.entries:
                        found[entry] = found.get(entry, 0) | concerned
        return found

    def _by_entry(self, kind: str, text: str, side: Side, number: int, actions: Mask) -> None:
        if text == "*":
            if not _restricted(side.resource):
                self._anyone(side, actions)
        elif kind == "Service":
            known: dict[str, tuple[str, ...] | None] = {
                "aws:principalisawsservice": ("true",),
                "aws:principalservicename": (text,),
                **dict.fromkeys(("aws:principalarn", "aws:principalaccount", "aws:principalorgid")),
            }
            asker = Asker(Caller(CallerKind.SERVICE, text), context=Context(known))
            self._outside("ServicePrincipal", text, text, asker, side, actions)
        elif kind == "CanonicalUser":
            unsure: Decision = Unknown("which account the canonical user is of is not known")
            self._note("OtherPrincipal", f"principal:{text}", text, [(actions, unsure)], side)
        elif kind == "AWS":
            self._by_aws(text, side, number, actions)

    def _by_aws(self, text: str, side: Side, number: int, actions: Mask) -> None:
        partition = side.resource.partition
        account = text if ACCOUNT_ID.fullmatch(text) else account_of(text, partition)
        identity = self.deciding.estate.identity(text)
        if identity is not None:
            self._identity(identity, side, actions)
        elif account is not None:
            self._by_account(account, side, number, actions)
        else:
            self._by_stranger(text, side, actions)

    def _identity(self, identity: Identity, side: Side, actions: Mask) -> None:
        external = identity.account != side.resource.account
        for each, decision in self.deciding.of(self.deciding.identity(identity), side, actions):
            self.findings.note(identity.arn, side.resource.arn, each, decision, external=external)

    def _by_account(self, account: str, side: Side, number: int, actions: Mask) -> None:
        if account == side.resource.account:
            return  # what its own policies let is worked out from them
        found = self.deciding.estate.accounts.get(account)
        if found is not None and found.unread is None and not found.external:
            for holding in self.holdings.get(account, ()):
                self.deciding.of_holding(self.findings, holding, number, actions)
            return
        caller = Caller(CallerKind.ACCOUNT, f"arn:{side.resource.partition}:iam::{account}:root", account)
        own = Policies(unread={"identity": _stand_in(account, found)})
        known = account_keys(found or Account(account, external=True))
        self._outside("Account", account, account, Asker(caller, own, Context(known)), side, actions)

    def _by_stranger(self, text: str, side: Side, actions: Mask) -> None:
        """A user, role or session that is not in the register."""
        try:
            caller = Caller.of_arn(text)
        except ValueError:
            return
        account = caller.account or ""
        found = self.deciding.estate.accounts.get(account)
        session = caller.session and self.deciding.estate.identity(caller.arn)
        if session:
            self._identity(session, side, actions)
            return
        if found is not None and found.unread is None and not found.external:
            return  # there is none of that name
        known = {**account_keys(found or Account(account, external=True)), "aws:principalarn": (caller.arn,)}
        own = Policies(unread={"identity": _stand_in(account, found)})
        kind = {"role": "Role", "user": "User"}.get(caller.kind.value if not caller.session else "", "OtherPrincipal")
        id_ = text if kind != "OtherPrincipal" else f"principal:{text}"
        self._outside(kind, id_, caller.name, Asker(caller, own, Context(known)), side, actions, account)

    def _anyone(self, side: Side, actions: Mask) -> None:
        whoever = Caller(CallerKind.ACCOUNT, "*", "*", partition=side.resource.partition)
        self._outside("Anyone", "*", "anyone", Asker(whoever, Policies(unread={"identity": ALWAYS})), side, actions)

    def _outside(
        self, kind: str, id_: str, name: str, asker: Asker, side: Side, actions: Mask, account: str | None = None
    ) -> None:
        self._note(kind, id_, name, list(self.deciding.of(asker, side, actions)), side, account)

    def _note(
        self,
        kind: str,
        id_: str,
        name: str,
        decisions: Sequence[tuple[Mask, Decision]],
        side: Side,
        account: str | None = None,
    ) -> None:
        account = account or (id_ if kind == "Account" else None)
        for actions, decision in decisions:
            if not isinstance(decision, Deny):
                stated = {"name": name, "provider": "aws", "account_id": account}
                self.named.setdefault(id_, Node(kind, id_, stated, Ownership.REFERENCE))
                external = account != side.resource.account
                self.findings.note(id_, side.resource.arn, actions, decision, external=external)


def _restricted(resource: Resource) -> bool:
    """Whether its policy is public, and RestrictPublicBuckets keeps it to its own account."""
    blocked = resource.policy is not None and resource.blocks.restrict_public_buckets
    return bool(blocked and resource.policy and any(public_statements(resource.policy.document)))


def _stand_in(account: str, found: Account | None) -> Formula:
    if found is None or found.external:
        return Holds(Other(f"account {account}, which is not in this register, lets the caller do it"))
    return Unsure(found.unread or f"IAM of account {account} was not read")
