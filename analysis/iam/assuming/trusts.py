"""Whom a trust policy may admit, read off its statements before anything is evaluated.

An analysis starts from the target: a role's trust policy names few, and only they, or those of an account that it
names, are looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ....schema.identifiers import Arn
from ..estates.estate import Identity
from ..estates.knowledge import is_personal
from ..once import once
from ..policies.principals import UNIQUE_ID, account_of
from ..policies.statements import Document, Effect, Policy, Statement

ASSUME_ROLE = "sts:AssumeRole"
WITH_SAML = "sts:AssumeRoleWithSAML"
WITH_WEB_IDENTITY = "sts:AssumeRoleWithWebIdentity"
ACTIONS = (ASSUME_ROLE, WITH_SAML, WITH_WEB_IDENTITY)


@dataclass(frozen=True, slots=True)
class Admitted:
    """Those that statements of a trust policy other than Deny may admit for an action, by kind of principal.

    ``everyone`` where ``*`` or NotPrincipal does; ``anyone_unknown`` why where the policy cannot be understood.
    ``personal`` tells that members of one account may be told apart by their ARN, tags or name.
    """

    arns: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    federated: tuple[str, ...] = ()
    everyone: bool = False
    anyone_unknown: str | None = None
    personal: bool = False


NOBODY = Admitted()


def admitted(document: Document, action: str, partition: str = "aws") -> Admitted:
    """Whom the document may admit for the action, given in lower case. Deleted principals, whom nobody can be, go."""
    concerned = [statement for statement in document.statements if statement.concerns(action)]
    if not concerned:
        return NOBODY
    entries = dict.fromkeys(entry for statement in concerned for entry in _entries(statement))
    arns = dict.fromkeys(text for kind, text in entries if kind == "AWS" and text != "*")
    accounts = {text: account_of(text, partition) for text in arns}
    flaws = [s.flaw for s in concerned if s.flaw and s.effect is not Effect.DENY and s.principal is None]
    return Admitted(
        arns=tuple(text for text in arns if accounts[text] is None and not UNIQUE_ID.fullmatch(text)),
        accounts=tuple(dict.fromkeys(account for account in accounts.values() if account)),
        services=tuple(text for kind, text in entries if kind == "Service"),
        federated=tuple(text for kind, text in entries if kind == "Federated"),
        everyone=any(text == "*" and kind in ("*", "AWS") for kind, text in entries) or any(map(_negated, concerned)),
        anyone_unknown=flaws[0] if flaws else None,
        personal=any(map(_tells_apart, concerned)),
    )


class Admissions:
    """Whom trust policies may admit, read off each document once."""

    def __init__(self) -> None:
        self._read: dict[tuple[int, str], tuple[Mapping[str, Admitted], Document]] = {}
        """By ``id``, with the document, which keeps another from getting the same one."""

    def of(self, trust: Policy, partition: str) -> Mapping[str, Admitted]:
        """By each action that assumes a role."""
        document = trust.document
        found = self._read.get((id(document), partition))
        if found is None:
            whom = {action: admitted(document, action.lower(), partition) for action in ACTIONS}
            found = self._read[id(document), partition] = whom, document
        return found[0]


@dataclass(frozen=True)
class Names:
    """Whom Principal elements on the side of a resource name, one way or the other."""

    listed: frozenset[str] = frozenset()
    """Users, roles, sessions and unique ids, and accounts; not ``*``."""

    def __bool__(self) -> bool:
        return bool(self.listed)

    def lists(self, identity: Identity) -> bool:
        """Whether anything may be said of the identity by name that is not said of others of its account."""
        if not self.listed:
            return False
        return (
            identity.arn in self.listed
            or identity.unique_id in self.listed
            or (identity.account, identity.name) in self._sessions
        )

    def name_for(self, identity: Identity) -> str | None:
        """By what name it may be told from those of other accounts: its own ARN, or the id of its account."""
        if self.lists(identity):
            return identity.arn
        return identity.account if identity.account in self._accounts else None

    @once
    def _sessions(self) -> frozenset[tuple[str, str]]:
        """The account and the name of each role whose sessions are named."""
        found = (text.split(":", 5)[4:] for text in self.listed if ":assumed-role/" in text)
        return frozenset((account, name.split("/")[1]) for account, name in found)

    @once
    def _accounts(self) -> frozenset[str]:
        arns = (Arn.maybe(text) for text in self.listed)
        return frozenset((*self.listed, *(arn.account for arn in arns if arn)))


def names_of(statements: Iterable[Statement]) -> Names:
    """Whom the statements name."""
    entries = (entry for s in statements if s.principal for entry in s.principal.entries)
    return Names(frozenset(text for _, text in entries if text != "*"))


def _entries(statement: Statement) -> Iterator[tuple[str, str]]:
    if statement.effect is not Effect.DENY and statement.principal and not statement.principal.negated:
        yield from statement.principal.entries


def _negated(statement: Statement) -> bool:
    return statement.effect is not Effect.DENY and bool(statement.principal and statement.principal.negated)


def _tells_apart(statement: Statement) -> bool:
    principal = statement.principal
    if principal and principal.negated:
        return True
    if statement.effect is not Effect.ALLOW and principal:
        return any(kind == "AWS" and text != "*" for kind, text in principal.entries)
    return is_personal(statement)
