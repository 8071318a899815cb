"""Every error a user can meet, as one tree.

    MunimentError                  exit code 1 unless a subclass says otherwise
    ├── UsageError                 2   the words of the command, or an ambiguous name
    │   ├── SettingsError              a setting that cannot be understood
    │   └── AmbiguousName              a name that fits several things; lists them
    ├── NotFound                       a name that fits nothing
    ├── DatabaseError                  the graph database
    │   ├── DatabaseUnavailable        nothing answers, or it stopped answering
    │   ├── DatabaseAccessDenied       wrong user or password
    │   ├── DatabaseInUse              another process holds the data folder
    │   ├── DatabaseFull               the disk has no room left
    │   ├── QueryTimeout               the server ended a query that took too long
    │   └── SchemaMismatch             written by a newer version, or not by Muniment
    ├── LeaseLost                      another run took over the writing of the graph
    ├── LeaseHeld                      another run is writing the graph
    ├── AuditUnwritable                a line could not be added to the audit log
    ├── AuditBroken                    the audit log is not as it was written
    ├── RunInterrupted             130 Ctrl-C or a polite kill ended a run (143); what it wrote stays
    └── SourceError                    where facts come from
        ├── CredentialsError           missing, expired or refused credentials
        └── ReplayError                a recorded folder that is incomplete or foreign

An error says what happened and where; its hint says what to do. Neither ever holds a secret.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class MunimentError(Exception):
    """The root: ``message`` says what happened and where, ``hint`` what to do about it.

    ``offered`` is what may have been meant instead, for programs: the ``names`` nearest to one that nothing has, the
    ``candidates`` for one that several things have, the ``questions`` nearest to a sentence, a ``sentence`` mended.
    """

    exit_code = 1

    def __init__(self, message: str, hint: str = "", offered: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.offered = dict(offered or {})


class UsageError(MunimentError):
    """The command was understood to be wrong before anything was done."""

    exit_code = 2


class SettingsError(UsageError):
    """A setting in the environment, the settings file or an option cannot be understood."""


class AmbiguousName(UsageError):
    """A name fits several things; ``candidates`` are their ids."""

    def __init__(self, name: str, candidates: tuple[str, ...]) -> None:
        shown = "\n".join(f"  {candidate}" for candidate in candidates[:20])
        more = f"\n  … and {len(candidates) - 20} more" if len(candidates) > 20 else ""
        super().__init__(
            f"{name!r} fits {len(candidates)} things:\n{shown}{more}",
            "Name one of them by its ARN or id, or say which account it is in.",
            {"candidates": list(candidates)},
        )
        self.candidates = candidates


class NotFound(MunimentError):
    """Nothing in the graph has that name."""


class DatabaseError(MunimentError):
    """The graph database refused or failed."""


class DatabaseUnavailable(DatabaseError):
    """Nothing answers at the database's address, or it stopped answering."""


class DatabaseAccessDenied(DatabaseError):
    """The database refused the user or the password."""


class DatabaseInUse(DatabaseError):
    """Another process holds the embedded engine's data folder."""


class DatabaseFull(DatabaseError):
    """The disk under the database has no room left."""


class QueryTimeout(DatabaseError):
    """The server ended a query that took longer than it allows."""


class NotYet(QueryTimeout):
    """Time was over before others had done, or before what is kept for those who ask again was there."""


class SchemaMismatch(DatabaseError):
    """The database was written by a newer version of Muniment, or by something else."""


class LeaseLost(MunimentError):
    """Another run took over while this one was still writing; this one stopped at once."""


class LeaseHeld(MunimentError):
    """Another run is writing the graph."""


class AuditUnwritable(MunimentError):
    """A line could not be added to the audit log."""


class AuditBroken(MunimentError):
    """The audit log is not as it was written."""


class RunInterrupted(MunimentError):
    """A signal ended a run before it was done. The exit code is the shell's own: 128 and the signal's number."""

    def __init__(self, message: str, hint: str, signal_number: int) -> None:
        super().__init__(message, hint)
        self.exit_code = 128 + signal_number


class SourceError(MunimentError):
    """The place that facts come from could not be used at all."""


class CredentialsError(SourceError):
    """Credentials are missing, expired, or refused at the very first call."""


class ReplayError(SourceError):
    """A recorded folder is incomplete, or is not one."""
