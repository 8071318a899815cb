"""Kinds of principals in the words of questions, and what each of them stands for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..errors import UsageError

if TYPE_CHECKING:
    from .atlas import Atlas
    from .things import Thing

_PEOPLE = ("User", "IdentityCenterUser", "RootUser", "IdentityCenterGroup")
_EVERY: tuple[str, ...] = ()
KINDS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("user", "users", "people", "persons", "person", "humans", "employees", "developers"), _PEOPLE),
    **dict.fromkeys(("iam users", "iam user"), ("User", "RootUser")),
    **dict.fromkeys(("sso users", "identity center users", "federated users"), ("IdentityCenterUser",)),
    **dict.fromkeys(("group", "groups"), ("IdentityCenterGroup", "Group")),
    **dict.fromkeys(("role", "roles", "iam roles"), ("Role",)),
    **dict.fromkeys(("service", "services", "aws services"), ("ServicePrincipal",)),
    **dict.fromkeys(("account", "accounts", "other accounts"), ("Account",)),
    **dict.fromkeys(("provider", "providers", "identity providers"), ("SamlProvider", "OidcProvider")),
    **dict.fromkeys(("principal", "principals", "identities", "identity", "entities"), _EVERY),
}
"""Words for kinds of principals; no kinds means all."""

CALLED: Mapping[str, str] = {
    "IdentityCenterUser": "SSO user",
    "IdentityCenterGroup": "SSO group",
    "ServicePrincipal": "AWS service",
    "SamlProvider": "SAML provider",
    "OidcProvider": "OIDC provider",
    "RootUser": "root user",
    "User": "user",
    "Role": "role",
    "Account": "account",
    "Anyone": "anyone at all",
    "FederatedPrincipal": "identity provider",
    "DeletedPrincipal": "deleted principal",
    "OtherPrincipal": "other principal",
}
"""What people call each kind of principal."""
_AN = ("AWS", "OIDC", "SSO", "account", "identity", "other")

_STAND_INS = frozenset({"Anyone", "Account", "OtherPrincipal"})


def kinds_of(word: str) -> tuple[str, ...]:
    """The kinds that a word means, empty for all; UsageError for a word that means none."""
    found = KINDS.get(word.strip().casefold()) if word else ()
    if found is None:
        raise UsageError(f"{word!r} is no kind of principal", f"Kinds are: {', '.join(sorted(KINDS))}.")
    return found


def is_of(thing: Thing, kinds: tuple[str, ...]) -> bool:
    """Whether a principal is of the kinds asked for, or may stand for one that is."""
    return not kinds or thing.kind in kinds or thing.kind in _STAND_INS


def a_kind(kind: str) -> str:
    """A kind of principal with its article: ``an SSO user``, ``a role``."""
    called = CALLED.get(kind, kind)
    if kind == "Anyone":
        return called
    return f"an {called}" if called.startswith(_AN) else f"a {called}"


def note(thing: Thing, atlas: Atlas) -> str:
    """What to know of a principal before trusting its name; empty where there is nothing."""
    if thing.kind in _NOTES:
        return _NOTES[thing.kind]
    if thing.kind == "Account":
        return "whoever it lets" if thing.id in atlas.known else "outside the register, whoever it lets"
    if thing.account and thing.account not in atlas.known:
        return "outside the register"
    return ""


_NOTES: Mapping[str, str] = {
    "Anyone": "anyone at all",
    "ServicePrincipal": "an AWS service",
    "SamlProvider": "whoever this identity provider signs in",
    "OidcProvider": "whoever this identity provider issues a token to",
    "FederatedPrincipal": "whoever this identity provider signs in",
    "DeletedPrincipal": "a principal that no longer exists",
    "OtherPrincipal": "a principal in a form of its own",
    "IdentityCenterGroup": "no member known",
    "RootUser": "the account's root user",
}
