"""Why a call was not answered, and what that says about what is there."""

from __future__ import annotations

DENIALS = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "AccessDeniedFault",
        "AuthorizationError",
        "AuthorizationErrorException",
        "Client.UnauthorizedOperation",
        "ForbiddenException",
        "NotAuthorized",
        "OrganizationAccessDeniedException",
        "UnauthorizedException",
        "UnauthorizedOperation",
    }
)
"""Error codes by which services say that the caller lacks the right."""

INVALID_CREDENTIALS = frozenset(
    {
        "AuthFailure",
        "ExpiredToken",
        "ExpiredTokenException",
        "IncompleteSignature",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "InvalidToken",
        "MissingAuthenticationToken",
        "RequestExpired",
        "SignatureDoesNotMatch",
        "TokenRefreshRequired",
        "UnrecognizedClientException",
    }
)
"""Error codes by which services say that the credentials are wrong or over."""

REGION_NOT_ENABLED = frozenset({"OptInRequired", "RegionDisabledException"})
"""Error codes by which services say that the account has not enabled the region."""

NOT_RECORDED = "NotRecorded"
"""The code of a call that a recording or a folder of files does not hold: not known, which is not "none"."""

CONNECTION = "ConnectionError"
"""The code of a call that ended without an answer: no connection, a timeout, a response cut short."""

MALFORMED = "MalformedResponse"
"""The code of an answer that is none: what came back could not be parsed."""


class CallRefused(Exception):
    """A call was not answered. ``action`` names what was refused, where it was not the call itself."""

    def __init__(self, code: str, message: str = "", action: str = "") -> None:
        super().__init__(f"{code}: {message}" if message else code)
        self.code = code
        self.message = message
        self.action = action


def is_denial(code: str) -> bool:
    """Whether the code means that the caller lacks the right, and nothing else went wrong."""
    return code in DENIALS
