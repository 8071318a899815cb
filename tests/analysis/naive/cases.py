"""Decisions written down with the page of the documentation that they follow: ``tests/cases/simulate/*.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...written import written

FOLDER = Path(__file__).parents[2] / "cases" / "simulate"


@dataclass(frozen=True)
class Case:
    """A request to simulate, and what AWS decides; ``conditions`` that remain and ``because``, where the case tells."""

    id: str
    why: str
    doc: str
    request: dict[str, Any]
    decision: str
    explicit: bool
    conditions: list[str] | None
    because: list[str] | None


def cases() -> list[Case]:
    """All cases, by file and in the order of each file."""
    return [
        _case(raw, file, path.stem)
        for path in sorted(FOLDER.glob("*.yaml"))
        for file in [written(path)]
        for raw in file["cases"]
    ]


def _case(raw: dict[str, Any], file: dict[str, Any], topic: str) -> Case:
    request = {"context": {}, "settings": {}, "mode": "strict", **file["request"], **raw.get("request", {})}
    if "context" in raw:
        request["context"] = raw["context"]
    statements = _statements(raw, request)
    if statements:
        version = raw.get("version", "2012-10-17")
        policy = {"Version": version, "Statement": statements} if version else {"Statement": statements}
        request["identity_policies"] = [policy]
    identity = f"{topic}/{raw['id']}"
    return Case(
        identity,
        raw["why"],
        file["pages"][raw.get("page", file["page"])],
        {"id": identity, **request},
        raw["decision"],
        raw.get("explicit", False),
        raw.get("conditions"),
        raw.get("because"),
    )


def _statements(raw: dict[str, Any], request: dict[str, Any]) -> list[dict[str, Any]]:
    """The identity-based policy of a case that is about statements only, written without what all have in common."""
    if "policies" in raw:
        return list(raw["policies"])
    if "condition" in raw:
        return [{"Effect": "Allow", "Action": request["action"], "Resource": "*", "Condition": raw["condition"]}]
    if "statement" in raw:
        statement = {"Effect": "Allow", **raw["statement"]}
        if "NotAction" not in statement:
            statement.setdefault("Action", "s3:GetObject")
        if "NotResource" not in statement:
            statement.setdefault("Resource", "*")
        return [statement]
    return []
