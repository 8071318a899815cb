"""From what a request brings to who makes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from ..graphql.failures import Code, GraphQLError, failure
from .caller import Caller

SCHEME = "bearer"


class Verifier(Protocol):
    """One way to be known."""

    async def caller(self, credential: str) -> Caller | None:
        """Whose credential it is; None where it is nobody's, no longer anybody's, or not of this kind.

        It raises nothing else than a GraphQLError, for a caller that is known and may not come in.
        """


@dataclass(frozen=True, slots=True)
class Authentication:
    """All ways to be known. ``local`` is whoever brings nothing; without it nobody may."""

    verifiers: Sequence[Verifier] = ()
    local: Caller | None = None

    async def of_header(self, authorization: str | None) -> Caller:
        """Who makes a request with this ``Authorization`` header; UNAUTHENTICATED where it is not known."""
        if authorization is None:
            return self._nobody()
        scheme, _, credential = authorization.strip().partition(" ")
        if scheme.lower() != SCHEME or not credential.strip():
            raise unknown("the Authorization header is not of the form: Bearer TOKEN")
        return await self.of(credential.strip())

    async def of(self, credential: str | None) -> Caller:
        """Whose credential it is, as a WebSocket's first message brings it; UNAUTHENTICATED where it is nobody's."""
        if credential is None:
            return self._nobody()
        for verifier in self.verifiers:
            if found := await verifier.caller(credential):
                return found
        raise unknown("the token is not known here, has expired, or was revoked")

    def _nobody(self) -> Caller:
        if self.local is None:
            raise unknown("who is asking is not said")
        return self.local


def unknown(why: str) -> GraphQLError:
    """The error of a caller that is not known."""
    return failure(Code.UNAUTHENTICATED, why, "Send the header Authorization: Bearer TOKEN.")
