"""Answers that arrived whole.

botocore does not compare an answer's length with the length that it announces, and reads JSON that ends in the middle
as an answer without members: a cut connection would be an empty list, and an empty list would be deleted assets.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import ClientError, ConnectionClosedError
from botocore.parsers import ResponseParserError


class WholeAnswers:
    """A botocore HTTP session that gives only answers that are whole; half of one is a closed connection."""

    def __init__(self, inner: Any, protocol: str) -> None:
        self._inner = inner
        self._protocol = protocol

    def send(self, request: AWSPreparedRequest) -> AWSResponse:
        """Send it. ConnectionClosedError, which botocore tries again, where the answer was cut short;
        ResponseParserError where it should be JSON and is not."""
        response: AWSResponse = self._inner.send(request)
        if request.stream_output or request.method == "HEAD":
            return response
        announced = response.headers.get("content-length", "")
        received = len(response.content)
        if announced.isdigit() and received < int(announced):
            cut = f"the answer ended after {received} of {announced} bytes"
            raise ConnectionClosedError(endpoint_url=request.url, error=cut)
        if response.status_code < 300 and self._says_json(response) and not _is_object(response.content):
            raise ResponseParserError(f"the answer of {received} bytes is not JSON")
        return response

    def close(self) -> None:
        """Close its connections."""
        self._inner.close()

    def _says_json(self, response: AWSResponse) -> bool:
        """Whether botocore reads it as JSON. REST answers may be anything that they do not call JSON, or a page of
        some proxy in between."""
        content_type = response.headers.get("content-type", "")
        return self._protocol == "json" or (
            self._protocol == "rest-json" and ("json" in content_type or "html" in content_type)
        )


UNWORDED = str(int(HTTPStatus.INTERNAL_SERVER_ERROR))
"""The code that botocore gives to an error that no service worded."""
PATIENCE = 3
"""Attempts at a call that is answered so."""
PAUSE = 0.1
"""Seconds between them."""


def check_answers(client: Any) -> Any:
    """The client, its answers checked."""
    client.meta.events.register_first("needs-retry", _try_again_soon)
    client._endpoint.http_session = WholeAnswers(
        client._endpoint.http_session, client.meta.service_model.resolved_protocol
    )
    return client


def _try_again_soon(response: tuple[AWSResponse, Any] | None, attempts: int, operation: Any, **_: Any) -> float | None:
    """The pause before another attempt, where no service worded the error; ClientError after a few.

    AWS words its failures. A bare page that says 500 comes from an emulator that lacks the operation: pauses that grow
    with eight attempts would take longer than all that it has.
    """
    if response is None or response[0].status_code != HTTPStatus.INTERNAL_SERVER_ERROR:
        return None
    parsed = response[1]
    if not isinstance(parsed, dict) or parsed.get("Error", {}).get("Code") != UNWORDED:
        return None
    if attempts >= PATIENCE:
        raise ClientError(parsed, operation.name)
    return PAUSE


def _is_object(content: bytes) -> bool:
    body = content.strip()
    return not body or (body.startswith(b"{") and body.endswith(b"}"))
