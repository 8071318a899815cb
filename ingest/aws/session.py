"""Credentials and clients: the caller's own, and a role's in every other account.

Credentials stay in memory. A member account's are renewed before they run out, so that a run may be longer than a
session. Clients are slow to make (botocore reads the service's model) and not safe to make in parallel: each is made
once, under a lock, with one loader of models for all accounts.

https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import botocore.config
import botocore.session
from botocore.credentials import CredentialProvider, CredentialResolver, DeferredRefreshableCredentials
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from ... import __version__
from ...errors import CredentialsError
from ...schema import GLOBAL, Arn
from .refusal import BOTOCORE_ERRORS, INVALID_CREDENTIALS, CallRefused, refusal_of
from .wire import check_answers

DEFAULT_ROLE = "MunimentCollector"
"""The role entered in other accounts. Not OrganizationAccountAccessRole, which may do everything: a register reads."""

HOME_REGIONS = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}
"""The region that answers for services that have none, by partition; in others it is the one that is configured."""


@dataclass(frozen=True, slots=True)
class Entrance:
    """How the accounts of an estate are entered."""

    profile: str | None = None
    role_name: str = DEFAULT_ROLE
    """Name of the role in every account but the caller's, with its path if it has one: ``audit/MunimentCollector``."""
    external_id: str | None = None
    session_name: str = "muniment"
    attempts: int = 8
    """How often a call is tried that is throttled or loses its connection."""
    connect_timeout: float = 10
    """Seconds."""
    read_timeout: float = 60
    """Seconds."""
    concurrency: int = 8
    """Calls at a time in one account."""

    def config(self) -> botocore.config.Config:
        """What every client is made with."""
        return botocore.config.Config(
            retries={"mode": "standard", "total_max_attempts": self.attempts},
            connect_timeout=self.connect_timeout,
            read_timeout=self.read_timeout,
            max_pool_connections=self.concurrency,
            user_agent_extra=f"muniment/{__version__}",
        )


@dataclass(frozen=True, slots=True)
class Identity:
    """Who makes the calls."""

    account: str
    arn: str

    @property
    def partition(self) -> str:
        """``aws``, ``aws-cn`` or ``aws-us-gov``."""
        parsed = Arn.maybe(self.arn)
        return parsed.partition if parsed else "aws"


class Sessions:
    """Clients of every account, each made once."""

    def __init__(self, entrance: Entrance) -> None:
        """CredentialsError if the profile does not exist or the caller has no credentials that work."""
        self._entrance = entrance
        self._config = entrance.config()
        self._making = threading.Lock()
        self._entering: dict[str, threading.Lock] = {}
        self._clients: dict[tuple[str, str, str], Any] = {}
        self._sessions: dict[str, botocore.session.Session | CallRefused] = {}
        self._own, self._sts, self.identity = self._authenticate()
        self._sessions[self.identity.account] = self._own
        self._home = HOME_REGIONS.get(self.identity.partition, self._sts.meta.region_name)
        self._loader = self._own.get_component("data_loader")

    def client(self, account: str, region: str, service: str) -> Any:
        """The client of a service; CallRefused where the account cannot be entered."""
        place = self._home if region == GLOBAL else region
        key = (account, place, service)
        made = self._clients.get(key)
        if made is not None:
            return made
        session = self.enter(account)
        with self._making:
            if key not in self._clients:
                made = session.create_client(service, region_name=place, config=self._config)
                made.meta.events.register("before-call.s3-control", _at_the_address)
                self._clients[key] = check_answers(made)
            return self._clients[key]

    def enter(self, account: str) -> botocore.session.Session:
        """The account's session; CallRefused, at once from the second time on, where the role cannot be assumed."""
        with self._entering.setdefault(account, threading.Lock()):
            if account not in self._sessions:
                try:
                    self._sessions[account] = self._assume(account)
                except CallRefused as refused:
                    self._sessions[account] = refused
            entered = self._sessions[account]
        if isinstance(entered, CallRefused):
            raise CallRefused(entered.code, entered.message, entered.action)
        return entered

    def _authenticate(self) -> tuple[botocore.session.Session, Any, Identity]:
        try:
            session = botocore.session.Session(profile=self._entrance.profile)
            region = session.get_config_variable("region") or HOME_REGIONS["aws"]
            sts = check_answers(session.create_client("sts", region_name=region, config=self._config))
            answer = sts.get_caller_identity()
        except BOTOCORE_ERRORS as error:
            raise _unusable(error) from error
        return session, sts, Identity(answer["Account"], answer["Arn"])

    def _assume(self, account: str) -> botocore.session.Session:
        credentials = DeferredRefreshableCredentials(self._renewal(account), "sts-assume-role")
        try:
            credentials.get_frozen_credentials()
        except BOTOCORE_ERRORS as error:
            refused = refusal_of(error)
            raise CallRefused(refused.code, refused.message, "sts:AssumeRole") from error
        session = botocore.session.Session(profile=self._entrance.profile)
        session.register_component("data_loader", self._loader)
        session.register_component("credential_provider", CredentialResolver([_Provider(credentials)]))
        return session

    def _renewal(self, account: str) -> Callable[[], dict[str, str]]:
        asked = {
            "RoleArn": f"arn:{self.identity.partition}:iam::{account}:role/{self._entrance.role_name.strip('/')}",
            "RoleSessionName": self._entrance.session_name,
        }
        if self._entrance.external_id:
            asked["ExternalId"] = self._entrance.external_id

        def renew() -> dict[str, str]:
            given = self._sts.assume_role(**asked)["Credentials"]
            return {
                "access_key": given["AccessKeyId"],
                "secret_key": given["SecretAccessKey"],
                "token": given["SessionToken"],
                "expiry_time": given["Expiration"].isoformat(),
            }

        return renew


_ACCOUNT_BEFORE_ADDRESS = re.compile(r"//\d{12}\.(?=(?:[\d.]+|localhost)(?::\d+)?/)")


def _at_the_address(params: dict[str, Any], **_: Any) -> None:
    """Take off the account that S3 Control has before its host's name, where the host, of an emulated cloud, is an
    address: that has no names below it."""
    params["url"] = _ACCOUNT_BEFORE_ADDRESS.sub("//", params["url"])


class _Provider(CredentialProvider):
    """Hands botocore credentials that are already there."""

    METHOD = "sts-assume-role"
    CANONICAL_NAME = "custom-sts-assume-role"

    def __init__(self, credentials: DeferredRefreshableCredentials) -> None:
        super().__init__()
        self._credentials = credentials

    def load(self) -> DeferredRefreshableCredentials:
        """The credentials."""
        return self._credentials


def _unusable(error: BotoCoreError | ClientError | ResponseParserError) -> CredentialsError:
    refused = refusal_of(error)
    hint = "Sign in again: the credentials are wrong, or their time is over."
    if isinstance(error, BotoCoreError):
        hint = "Check AWS_PROFILE, --profile, AWS_ENDPOINT_URL and the network."
    elif refused.code not in INVALID_CREDENTIALS:
        hint = "sts:GetCallerIdentity needs no permission; a policy or a proxy refuses it."
    return CredentialsError(f"AWS did not say who is calling: {refused.code}: {refused.message}", hint)
