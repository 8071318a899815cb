"""What a question is: words that people ask it in, parameters, the columns of its answer, the scopes it rests on.

A question is one file. It begins with (or, where no single query answers it, consists of) a TOML document::

    question = "Which IAM users have no MFA device?"
    variations = ["(which|what) users (have no|lack) mfa [in {accounts}]"]
    collectors = ["iam"]
    documentation = "Why it matters, and what to make of the rows."

    [parameters.accounts]
    type = "accounts"
    default = ""
    description = "Accounts or an environment; all of them unless given."

    [columns]
    user = "The user's ARN."

The file's name is the question's id. ``within_accounts = true`` says of a question that counts that it counts within
each account, so that callers of the API who see some accounts only may ask it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from .answer import Column


class Slot(StrEnum):
    """What a parameter holds, which decides how the words that are given for it are understood."""

    TEXT = "text"
    INTEGER = "integer"
    DAYS = "days"
    """A number of days; the query gets the time that long ago, as ISO 8601 text."""
    ACCOUNTS = "accounts"
    """An environment, or accounts by name or id; the query gets a list of ids, empty for all accounts."""
    THING = "thing"
    """Anything, by ARN, id or name; the query gets its id."""
    PRINCIPAL = "principal"
    """A user, role, service or whoever else can make requests; the query gets its id."""
    KINDS = "kinds"
    """A word for kinds of principals: users, roles, people, services; the query gets a list of kinds."""
    TARGET = "target"
    """Roles by name or in words: ``prod admin``. Only for questions that are answered by more than one query."""
    ACTION = "action"
    """An IAM action: ``s3:GetObject``."""
    RESOURCE = "resource"
    """A resource's ARN, or ``s3://bucket/key``."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter. Without a ``default`` it must be given. A thing of a ``kind`` is looked for among those only."""

    name: str
    slot: Slot
    description: str
    default: str | None = None
    kind: str = "Asset"


@dataclass(frozen=True, slots=True)
class Question:
    """A question that can be asked. ``collectors`` and ``analyses`` are the scopes that its answer rests on."""

    id: str
    question: str
    variations: tuple[str, ...]
    parameters: Mapping[str, Parameter]
    columns: tuple[Column, ...]
    collectors: tuple[str, ...]
    analyses: tuple[str, ...]
    within_accounts: bool
    """Whether what it counts is counted for each account by itself, so that its numbers tell of no other."""
    documentation: str

    @classmethod
    def parse(cls, name: str, text: str) -> Question:
        """Read a question's TOML document; ValueError says what is wrong with it."""
        return cls(**read_head(name, text))


_KEYS = {
    "question",
    "variations",
    "parameters",
    "columns",
    "collectors",
    "analyses",
    "within_accounts",
    "documentation",
}


def read_head(name: str, text: str) -> dict[str, Any]:
    """The fields of a Question from its TOML document; ValueError says what is wrong with it."""
    head = tomllib.loads(text)
    if unknown := head.keys() - _KEYS:
        raise ValueError(f"{name}: unknown keys {', '.join(sorted(unknown))}")
    for key in ("question", "columns", "documentation"):
        if not head.get(key):
            raise ValueError(f"{name}: {key} is missing")
    return {
        "id": name,
        "question": head["question"],
        "variations": tuple(head.get("variations", ())),
        "parameters": {key: _parameter(name, key, table) for key, table in head.get("parameters", {}).items()},
        "columns": tuple(Column(name, description) for name, description in head["columns"].items()),
        "collectors": tuple(head.get("collectors", ())),
        "analyses": tuple(head.get("analyses", ())),
        "within_accounts": bool(head.get("within_accounts", False)),
        "documentation": head["documentation"].strip(),
    }


def _parameter(question: str, name: str, table: Mapping[str, Any]) -> Parameter:
    if unknown := table.keys() - {"type", "description", "default", "kind"}:
        raise ValueError(f"{question}: parameter {name} has unknown keys {', '.join(sorted(unknown))}")
    if not table.get("description"):
        raise ValueError(f"{question}: parameter {name} has no description")
    default = table.get("default")
    return Parameter(
        name,
        Slot(table["type"]),
        table["description"],
        None if default is None else str(default),
        table.get("kind", "Asset"),
    )
