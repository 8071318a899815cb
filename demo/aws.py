"""Clients of the emulator, one for each service and account, each with a clock that can be set back."""

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
    max_pool_connections=4,
    parameter_validation=False,
    request_checksum_calculation="when_required",
)


class Aws:
    """One account's clients. Not for several threads at a time: the clock is its own."""

    def __init__(self, endpoint: str, credentials: dict[str, str] | None = None) -> None:
        """Clients of the account that the credentials belong to; of the management account without any."""
        self._endpoint = endpoint
        self._credentials = credentials or {
            "aws_access_key_id": "demonstration",
            "aws_secret_access_key": "demonstration",
        }
        self._session = boto3.Session(region_name=HOME_REGION, **self._credentials)
        self._clients: dict[str, Any] = {}
        self._days_ago = 0.0

    def client(self, service: str) -> Any:
        """The account's client of a service."""
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

    def assume(self, role_arn: str) -> Aws:
        """The clients of a session of that role."""
        given = self.client("sts").assume_role(RoleArn=role_arn, RoleSessionName="demo-builder")["Credentials"]
        return self.signed_in(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])

    def signed_in(self, key: str, secret: str, token: str | None = None) -> Aws:
        """The clients of whoever holds these credentials."""
        credentials = {"aws_access_key_id": key, "aws_secret_access_key": secret}
        return Aws(self._endpoint, credentials | ({"aws_session_token": token} if token else {}))

    def _set_clock(self, request: Any, **_: object) -> None:
        request.headers[DAYS_AGO_HEADER] = str(self._days_ago)
