"""What a change is recorded as: one ``Change`` a fact, with the fields that differ as they were and as they are.

A scope that has never been read completely is new to the register: what is created in it is told by one record with
their number, not by one each, which would double the writing and say nothing that the scope's record does not say.
From its first complete listing on, each change of each fact has a record of its own. A text of more than 100,000 bytes
is told by its length and hash.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from itertools import count
from typing import Any

import orjson

from .batches import Row
from .diff import Change, NodeChange, Operation

DIGITS = 9
"""Digits of a change's number within its run, so that ids are ordered as texts."""
LONGEST_TOLD = 100_000
"""Characters of a text that a record of a change repeats."""


class Recorder:
    """Makes the records of one run; ``last`` is the id of the latest one that it has already, if it was resumed."""

    def __init__(self, run: str, last: str | None) -> None:
        self._run = run
        self._numbers = count(int(last.rpartition("/")[2]) + 1 if last else 1)

    def fact(self, change: Change, scope: str, at: str) -> Row:
        """The record of one fact."""
        before, after = _sides(change)
        return self._row(change.operation, *_named(change), scope, at, before, after)

    def first_reading(self, scope: str, at: str, nodes: int, edges: int) -> Row:
        """The record of all that was created in a scope that is new."""
        after = {"nodes": nodes, "relationships": edges}
        return self._row(Operation.CREATED, "Scope", scope, scope, at, {}, after)

    def _row(
        self,
        operation: Operation,
        kind: str,
        subject: str,
        scope: str,
        at: str,
        before: Mapping[str, Any],
        after: Mapping[str, Any],
    ) -> Row:
        return {
            "id": f"{self._run}/{next(self._numbers):0{DIGITS}}",
            "run": self._run,
            "at": at,
            "operation": str(operation),
            "kind": kind,
            "subject": subject,
            "scope": scope,
            "before": _json(before),
            "after": _json(after),
        }


def owner(change: Change) -> str:
    """Who owns what changed, or owned it if it is gone."""
    if change.after:
        return change.after.owner
    return change.before.scope if change.before else ""


def _named(change: Change) -> tuple[str, str]:
    """Kind and subject as a ``Change`` names them."""
    if isinstance(change, NodeChange):
        node = change.after or change.before
        return (node.kind, node.id) if node else ("", "")
    edge = change.after or change.before
    return (edge.type, f"{edge.start} -{edge.type}-> {edge.end}") if edge else ("", "")


def _sides(change: Change) -> tuple[dict[str, Any], dict[str, Any]]:
    """The fields that differ, as they were and as they are; ``scope`` is told only where another took over."""
    before = change.before.stated if change.before else {}
    after = dict(change.after.properties) if change.after else {}
    if change.before and change.after:
        before["scope"], after["scope"] = change.before.scope, change.after.owner
        if isinstance(change, NodeChange):
            before["kind"], after["kind"] = _kinds(change)
    return (
        {name: value for name, value in before.items() if name not in after or after[name] != value},
        {name: value for name, value in after.items() if name not in before or before[name] != value},
    )


def _kinds(change: NodeChange) -> tuple[str, str]:
    assert change.before is not None
    assert change.after is not None
    return change.before.kind, change.after.kind


def _json(fields: Mapping[str, Any]) -> str | None:
    fields = {name: _told(value) for name, value in fields.items()}
    return orjson.dumps(fields, option=orjson.OPT_SORT_KEYS).decode() if fields else None


def _told(value: Any) -> Any:
    if not isinstance(value, str) or len(value) <= LONGEST_TOLD:
        return value
    encoded = value.encode()
    return f"({len(encoded):,} bytes, blake2b {blake2b(encoded, digest_size=16).hexdigest()})"
