"""Who is asking."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .permissions import OF_ALL, Permission, Role, allowed


class Means(StrEnum):
    """How a caller is known."""

    TOKEN = "token"  # noqa: S105 - a word, no secret
    """By an API token of Muniment's own."""
    OIDC = "oidc"
    """By a token of an identity provider."""
    LOCAL = "local"
    """Not at all: it is on the same machine, and the server was started with ``--no-auth``."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever makes a request. ``accounts`` are all that it sees anything of; None for one that sees everything."""

    name: str
    """The token's name, or the identity provider's subject."""
    kind: Means
    role: Role
    accounts: frozenset[str] | None = None
    token_id: str | None = None
    introspects: bool | None = None
    """Whether it may ask for the schema, where settings say otherwise than its role."""

    def may(self, permission: Permission) -> bool:
        """Whether its role allows this; never what tells of all accounts, to one that is limited to some."""
        if self.limited and permission in OF_ALL:
            return False
        if permission is Permission.INTROSPECTION and self.introspects is not None:
            return self.introspects
        return permission in allowed(self.role)

    @property
    def limited(self) -> bool:
        """Whether there are accounts that it sees nothing of."""
        return self.accounts is not None


LOCAL = Caller("local", Means.LOCAL, Role.OPERATOR)
"""Whoever asks a server that was started with ``--no-auth``."""
