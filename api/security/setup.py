"""From the settings to all that stands before the API."""

from __future__ import annotations

from ipaddress import ip_address

from ...errors import UsageError
from ...graph.clock import Clock
from ...graph.database import Database
from ...settings import Settings
from .audit import AuditLog
from .authentication import Authentication, Verifier
from .caller import LOCAL
from .guard import Security
from .oidc import OidcVerifier
from .options import Options
from .persisted import Persisted
from .rates import Rates
from .token_store import TokenStore, TokenVerifier

HOSTS = ("localhost", "127.0.0.1", "[::1]")
"""Names under which this machine is addressed."""


def security(database: Database, settings: Settings, now: Clock, *, authenticated: bool = True) -> Security:
    """What the settings ask for. Without ``authenticated``, whoever says nothing is a caller too."""
    options = Options.of(settings)
    verifiers: list[Verifier] = [TokenVerifier(TokenStore(database, now))]
    if options.oidc:
        verifiers.append(OidcVerifier.of(options.oidc))
    return Security(
        Authentication(verifiers, None if authenticated else LOCAL),
        Rates(options.requests, options.cost, options.strangers),
        AuditLog(options.audit, now),
        options.audit_required,
        options.introspection,
        Persisted.read(options.persisted, only=options.persisted_only) if options.persisted else Persisted(),
    )


def check_binding(host: str, *, authenticated: bool) -> None:
    """UsageError where others than this machine could ask without being known."""
    if not authenticated and not is_loopback(host):
        raise UsageError(
            f"{host} can be reached from elsewhere, and --no-auth asks nobody who is calling",
            "Leave --no-auth out and make a token: muniment token create NAME --role reader.",
        )


def hosts(host: str, settings: Settings, *, authenticated: bool) -> tuple[str, ...]:
    """The names that requests may be addressed to.

    Without authentication those of this machine only: a name that an attacker's page resolves to this machine would
    otherwise do. With it a page has no token to send; any name is taken where others can reach it, unless settings name
    some.
    """
    named = Options.of(settings).hosts
    if not authenticated or (is_loopback(host) and not named):
        return HOSTS
    return (*HOSTS, *named) if named else ("*",)


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
