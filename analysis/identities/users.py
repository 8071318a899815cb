"""IAM users: by their password, then by what their credentials are used for, then by their name.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .assessment import Assessment, Evidence, Kind
from .names import suggested

UNREAD = "the credential report was not read, so that nobody knows whether it has a password"


@dataclass(frozen=True, slots=True)
class Key:
    """A long-lived access key. Times are ISO 8601 in UTC; None where never or not known."""

    active: bool | None
    last_used_at: str | None = None
    last_used_service: str | None = None


@dataclass(frozen=True, slots=True)
class User:
    """An IAM user with its credentials; None where they are not known."""

    arn: str
    name: str
    console_access: bool | None
    password_last_used: str | None = None
    mfa_active: bool | None = None
    keys: tuple[Key, ...] = ()


def assess_user(user: User) -> Assessment:
    """Who uses an IAM user."""
    name = suggested(user.name)
    active = [key for key in user.keys if key.active]
    if user.console_access:
        return _person(user, active, Evidence.LOGIN_PROFILE, f"it has a password for the console, {_signed_in(user)}")
    if user.console_access is None:
        return _by_name(name, UNREAD)
    if user.password_last_used:
        said = f"it has no password now, but signed in with one on {_day(user.password_last_used)}"
        return _person(user, active, Evidence.USE, said)
    if user.mfa_active:
        return _person(user, active, Evidence.USE, "it has no password, but a device for a second factor")
    if active:
        used = tuple(_used(active))
        doubts = _disagreement(name, Kind.MACHINE)
        because = (
            "it has access keys, and neither a password nor a second factor",
            *(used or ("they were never used",)),
        )
        return Assessment(Kind.MACHINE, Evidence.USE, because, doubts=doubts, weak=not used)
    return _by_name(name, "it has neither a password nor an active access key")


def _person(user: User, active: list[Key], evidence: Evidence, said: str) -> Assessment:
    """A person's user, which programs may use besides."""
    used = tuple(_used(active))
    doubts = _disagreement(suggested(user.name), Kind.HUMAN)
    return Assessment(Kind.HUMAN, evidence, (said, *used), (Kind.MACHINE,) if used else (), doubts)


def _used(keys: list[Key]) -> Iterator[str]:
    for key in keys:
        if key.last_used_at:
            service = f" for {key.last_used_service}" if key.last_used_service else ""
            yield f"an access key of it signed a request{service} on {_day(key.last_used_at)}"


def _by_name(name: tuple[Kind, str] | None, otherwise: str) -> Assessment:
    if name is None:
        return Assessment(Kind.UNKNOWN, Evidence.NONE, (otherwise,))
    kind, word = name
    return Assessment(kind, Evidence.NAME, (f"its name has {word} in it", otherwise), weak=True)


def _disagreement(name: tuple[Kind, str] | None, kind: Kind) -> tuple[str, ...]:
    return (f"its name has {name[1]} in it, like a {name[0]}'s",) if name and name[0] is not kind else ()


def _signed_in(user: User) -> str:
    used = user.password_last_used
    return f"last used on {_day(used)}" if used else "which never signed in"


def _day(timestamp: str) -> str:
    return timestamp[:10]
