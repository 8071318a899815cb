"""Calls to the emulator as one account or role after another, at times of one's choice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from botocore.config import Config

from .accounts import HOME_REGION
from .emulator import DAYS_AGO_HEADER

_CONFIG = Config(
    retries={"mode": "standard", "total_max_attempts": 2},
    parameter_validation=False,
    request_checksum_calculation="when_required",
)
_ANYONE = "demonstration"
"""Key and secret that the emulator does not know, and so takes for the management account's."""


class Aws:
    """Clients that are made once and then act for whoever is asked: making a client takes longer than ten calls.

    Not for several threads at a time.
    """

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint
        self._session: Any = boto3.Session(
            aws_access_key_id=_ANYONE, aws_secret_access_key=_ANYONE, region_name=HOME_REGION
        )
        self._credentials: Any = self._session.get_credentials()
        self._clients: dict[str, Any] = {}
        self._days_ago = 0.0

    def client(self, service: str) -> Any:
        """The client of a service."""
        if service not in self._clients:
            client = self._session.client(service, endpoint_url=self._endpoint, config=_CONFIG)
            client.meta.events.register("before-sign", self._set_clock)
            self._clients[service] = client
        return self._clients[service]

    @contextmanager
    def days_ago(self, days: float) -> Iterator[None]:
        """Make the calls of this block that many days before today."""
        earlier, self._days_ago = self._days_ago, days
        try:
            yield
        finally:
            self._days_ago = earlier

    @contextmanager
    def assuming(self, role_arn: str) -> Iterator[None]:
        """Make the calls of this block in a session of that role."""
        given = self.client("sts").assume_role(RoleArn=role_arn, RoleSessionName="demo-builder")["Credentials"]
        with self.signed_in(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"]):
            yield

    @contextmanager
    def signed_in(self, key: str, secret: str, token: str | None = None) -> Iterator[None]:
        """Make the calls of this block with these credentials."""
        held = self._credentials
        earlier = (held.access_key, held.secret_key, held.token)
        held.access_key, held.secret_key, held.token = key, secret, token
        try:
            yield
        finally:
            held.access_key, held.secret_key, held.token = earlier

    def _set_clock(self, request: Any, **_: object) -> None:
        request.headers[DAYS_AGO_HEADER] = str(self._days_ago)
