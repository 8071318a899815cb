"""What is concluded of one principal."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """Who uses a principal."""

    HUMAN = "human"
    """People sign in as it, or get to it by signing in."""
    MACHINE = "machine"
    """Programs outside of AWS's services: pipelines, servers elsewhere, clusters, whatever holds a long-lived key."""
    SERVICE = "service"
    """An AWS service uses it, for itself or for the code that it runs."""
    UNKNOWN = "unknown"
    """Nothing that was read tells, or what would tell could not be read."""


class Evidence(StrEnum):
    """What a conclusion rests on, the strongest first."""

    LOGIN_PROFILE = "login-profile"
    IDENTITY_CENTER = "identity-center"
    ROOT = "root"
    TRUST = "trust"
    USE = "use"
    NAME = "name"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Assessment:
    """Who uses a principal, and why that is thought so.

    ``also`` are other kinds that use it besides; ``because`` says of each why. ``doubts`` speak against it. ``weak``
    tells that nothing better than its name, or than keys that were never used, was found.
    """

    kind: Kind
    evidence: Evidence
    because: tuple[str, ...]
    also: tuple[Kind, ...] = ()
    doubts: tuple[str, ...] = ()
    weak: bool = False
