"""Who stands behind each principal, as facts for the graph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...schema import Arn, Edge, Node
from ...schema.facts import Properties
from ..iam.estates.estate import Estate
from .assessment import Assessment, Evidence, Kind
from .roles import assess_roles
from .users import User, assess_user

ROOT_USER = Assessment(
    Kind.HUMAN, Evidence.ROOT, ("it is the root user: whoever holds the account's e-mail address and second factor",)
)
PERSON = Assessment(Kind.HUMAN, Evidence.IDENTITY_CENTER, ("it is a user of Identity Center",))
DIRECTORY = "identity-center"
"""Stands for the account of those who are of none: users of Identity Center."""

_WORDS = {
    Kind.HUMAN: "people",
    Kind.MACHINE: "programs outside of AWS's services",
    Kind.SERVICE: "AWS services",
    Kind.UNKNOWN: "nobody knows who",
}


def derive_identities(estate: Estate, users: Iterable[User], people: Iterable[str]) -> Iterator[Node | Edge]:
    """IdentityKind and IDENTIFIED_AS: scope ``muniment/all/global/identities``.

    ``users`` are IAM users with their credentials; ``people`` are ids of Identity Center's users.
    """
    seen: set[str] = set()
    for principal, assessment in identify(estate, users, people):
        kind = _kind(principal, assessment.kind)
        if kind.id not in seen:
            seen.add(kind.id)
            yield kind
        yield _edge(principal, assessment, kind.id)


def identify(estate: Estate, users: Iterable[User], people: Iterable[str]) -> Iterator[tuple[str, Assessment]]:
    """Who stands behind each principal, by its id."""
    known: dict[str, tuple[Kind, ...]] = {}
    for user in users:
        assessment = assess_user(user)
        if not assessment.weak and assessment.kind is not Kind.UNKNOWN:
            known[user.arn] = (assessment.kind, *assessment.also)
        yield user.arn, assessment
    yield from assess_roles(estate.roles.values(), known)
    yield from ((person, PERSON) for person in people)
    yield from ((root, ROOT_USER) for root in estate.root_users)


def _kind(principal: str, kind: Kind) -> Node:
    """The node for principals of that kind in the same account, so that none has as many as a large organization."""
    arn = Arn.maybe(principal)
    account = arn.account if arn else ""
    properties: Properties = {"name": str(kind), "account_id": account or None, "description": _WORDS[kind]}
    return Node("IdentityKind", f"identity-kind/{account or DIRECTORY}/{kind}", properties)


def _edge(principal: str, found: Assessment, kind: str) -> Edge:
    properties: Properties = {
        "derived": True,
        "evidence": str(found.evidence),
        "weak": found.weak,
        "because": list(found.because),
        "also": [str(kind) for kind in found.also] or None,
        "doubts": list(found.doubts) or None,
    }
    return Edge("IDENTIFIED_AS", principal, kind, properties)
