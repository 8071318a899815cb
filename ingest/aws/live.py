"""Responses from AWS itself."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

from botocore import xform_name

from .collector import Page, Params
from .refusal import BOTOCORE_ERRORS, MALFORMED, CallRefused, refusal_of
from .session import Entrance, Identity, Sessions


class LiveSource:
    """AWS, through botocore, with so many calls at a time in each account."""

    def __init__(self, entrance: Entrance | None = None) -> None:
        """CredentialsError if the caller has no credentials that work."""
        chosen = entrance or Entrance()
        self._sessions = Sessions(chosen)
        self._concurrency = chosen.concurrency
        self._gates: dict[str, threading.BoundedSemaphore] = {}

    @property
    def identity(self) -> Identity:
        """Who makes the calls."""
        return self._sessions.identity

    def can_enter(self, account: str) -> bool:
        """Whether calls can be made in the account; assumes the role there if that was not done yet."""
        try:
            self._sessions.enter(account)
        except CallRefused:
            return False
        return True

    def pages(
        self,
        account: str,
        region: str,
        service: str,
        operation: str,
        params: Params,
        tokens: tuple[str, str] | None = None,
    ) -> Iterator[Page]:
        """The response pages of one call; CallRefused after the last page that came, if one did not."""
        responses = _responses(self._sessions.client(account, region, service), operation, dict(params), tokens)
        gate = self._gates.setdefault(account, threading.BoundedSemaphore(self._concurrency))
        while True:
            with gate:
                try:
                    page = next(responses, None)
                except BOTOCORE_ERRORS as error:
                    raise refusal_of(error) from error
            if page is None:
                return
            page.pop("ResponseMetadata", None)
            yield page


def _responses(
    client: Any, operation: str, params: dict[str, Any], tokens: tuple[str, str] | None
) -> Iterator[dict[str, Any]]:
    method = xform_name(operation)
    if tokens is None:
        if client.can_paginate(method):
            yield from client.get_paginator(method).paginate(**params)
        else:
            yield getattr(client, method)(**params)
        return
    asked, answered = tokens
    while True:
        page = getattr(client, method)(**params)
        yield page
        following = page.get(answered)
        if not following:
            return
        if following == params.get(asked):
            raise CallRefused(MALFORMED, f"{operation} answered the same {answered} twice")
        params[asked] = following
