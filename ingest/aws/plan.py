"""What a run will read: which collectors, in which accounts and regions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from ...schema import Refusal, ScopeId
from .collector import Options


@dataclass(frozen=True, slots=True)
class Request:
    """What a person asked to be read. Nothing named means all there is."""

    accounts: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    collectors: tuple[str, ...] = ()
    """Names of collectors."""
    also: tuple[str, ...] = ()
    """Names of collectors that run only on request, to run beside those that always do."""
    options: Options = field(default_factory=Options)


@dataclass(frozen=True, slots=True)
class Task:
    """One scope to read. ``account`` is where its calls are made; for an organization's scope, the account that
    speaks for it, which may be another than the scope's."""

    scope: ScopeId
    account: str


@dataclass(frozen=True, slots=True)
class Plan:
    """All tasks of a run, and what was found out while planning them."""

    partition: str
    caller: str
    """The account whose credentials the run began with."""
    organization: str | None
    """The organization's id, ``o-…``; None where there is none, or where it could not be read."""
    management_account: str | None
    accounts: tuple[str, ...]
    """The accounts to be read."""
    skipped: Mapping[str, str] = field(default_factory=dict)
    """Accounts that are not read, and why: ``SUSPENDED``, …"""
    tasks: tuple[Task, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    """What could not be found out."""
    notes: tuple[str, ...] = ()
    """What a person should know about the source, as sentences without a full stop."""
    options: Options = field(default_factory=Options)

    @property
    def scopes(self) -> tuple[ScopeId, ...]:
        """The scopes to be read."""
        return tuple(task.scope for task in self.tasks)

    def to_json(self) -> dict[str, Any]:
        """The plan as a recording keeps it."""
        return {
            **asdict(self),
            "skipped": dict(self.skipped),
            "tasks": [[str(task.scope), task.account] for task in self.tasks],
        }

    @classmethod
    def from_json(cls, written: Mapping[str, Any]) -> Plan:
        """The plan that a recording kept; KeyError, TypeError or ValueError if it is none."""
        return cls(
            partition=written["partition"],
            caller=written["caller"],
            organization=written["organization"],
            management_account=written["management_account"],
            accounts=tuple(written["accounts"]),
            skipped=dict(written["skipped"]),
            tasks=tuple(Task(ScopeId.parse(scope), account) for scope, account in written["tasks"]),
            refusals=tuple(Refusal(**refusal) for refusal in written["refusals"]),
            notes=tuple(written["notes"]),
            options=Options(**written["options"]),
        )
