"""Why a call was not answered, and what that says about what is there."""

from __future__ import annotations

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,  # noqa: A004 - botocore's name
    HTTPClientError,
    IncompleteReadError,
    PaginationError,
    ParamValidationError,
)
from botocore.parsers import ResponseParserError

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
        "OptInRequired",
        "OrganizationAccessDeniedException",
        "UnauthorizedException",
        "UnauthorizedOperation",
    }
)
"""Error codes by which services say that the caller lacks the right, or that the account has not enabled the region."""

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

NOT_RECORDED = "NotRecorded"
"""The code of a call that a recording or a folder of files does not hold: not known, which is not "none"."""

CONNECTION = "ConnectionError"
"""The code of a call that ended without an answer: no connection, a timeout, a response cut short."""

MALFORMED = "MalformedResponse"
"""The code of an answer that is none: what came back could not be parsed."""


BOTOCORE_ERRORS = (BotoCoreError, ClientError, ResponseParserError)
"""All that botocore raises for a call that was not answered."""


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


def refusal_of(error: BotoCoreError | ClientError | ResponseParserError) -> CallRefused:
    """The refusal that an error of botocore means; a request that botocore itself finds wrong is raised as it is."""
    if isinstance(error, ClientError):
        said = error.response.get("Error", {})
        code, message = str(said.get("Code", "Unknown")), str(said.get("Message", ""))
        return CallRefused(code, message[:500], "sts:AssumeRole" if error.operation_name == "AssumeRole" else "")
    if isinstance(error, ParamValidationError):
        raise error
    if isinstance(error, ConnectionError | HTTPClientError | IncompleteReadError):
        return CallRefused(CONNECTION, str(error)[:500])
    if isinstance(error, ResponseParserError | PaginationError):
        return CallRefused(MALFORMED, str(error)[:500])
    return CallRefused(type(error).__name__, str(error)[:500])
