"""What a question is: words that people ask it in, parameters, the columns of its answer, the scopes it rests on.

A question is one file. It begins with (or, where no single query answers it, consists of) a TOML document::

    question = "Which IAM users have no MFA device?"
    group = "credentials"
    variations = ["(which|what) users (have no|lack) mfa [in {accounts}]"]
    collectors = ["iam"]
    documentation = "Why it matters, and what to make of the rows."
    severity = "high"                   # of a check: each of its rows is a finding
    advice = "What to do about a finding."
    references = ["CIS AWS Foundations Benchmark v3.0.0: 1.10"]

    [parameters.accounts]
    type = "accounts"
    default = ""
    description = "Accounts or an environment; all of them unless given."

    [columns]
    user = "The user's ARN."

The file's name is the question's id.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ..schema import SCHEMA
from .answer import Column
from .dialect import Invalid


class Severity(StrEnum):
    """How much a finding of a check matters by itself, the gravest first."""

    CRITICAL = "critical"
    """A stranger, or anyone inside, may take the estate over as it stands."""
    HIGH = "high"
    """One mistake or one stolen credential away from that."""
    MEDIUM = "medium"
    """It widens what a mistake costs, or hides it."""
    LOW = "low"
    """It is not as it should be, and harms little by itself."""
    INFO = "info"
    """To be known and decided upon."""

    @property
    def rank(self) -> int:
        """0 for the gravest."""
        return list(Severity).index(self)


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
    form: str = ""
    """A regular expression that a text must fit as a whole, whatever its case: what fits nothing finds nothing."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question that can be asked. ``collectors`` and ``analyses`` are the scopes that its answer rests on.

    One with a ``severity`` is a check: each row of its answer is a finding, ``advice`` says what to do about it.
    """

    id: str
    question: str
    group: str
    """The page of the documentation that it is on."""
    variations: tuple[str, ...]
    parameters: Mapping[str, Parameter]
    columns: tuple[Column, ...]
    collectors: tuple[str, ...]
    analyses: tuple[str, ...]
    within_accounts: bool
    """Whether what it counts is counted for each account by itself, so that its numbers tell of no other."""
    order: tuple[str, ...]
    """Columns by which rows are put in order, where the query joins several, which Cypher cannot order."""
    once: tuple[str, ...]
    """Columns of which each combination is said once, the surest: see ``rows``."""
    ages: Mapping[str, str]
    """Columns that the query does not return: how many days ago the time in another column is."""
    documentation: str
    severity: Severity | None
    advice: str
    references: tuple[str, ...]

    @classmethod
    def parse(cls, name: str, text: str) -> Question:
        """Read a question's TOML document; ValueError says what is wrong with it."""
        return cls(**read_head(name, text))


_KEYS = frozenset(
    {"question", "variations", "parameters", "columns", "order", "once", "collectors", "analyses", "documentation"}
    | {"group", "severity", "advice", "references", "within_accounts", "ages"}
)
_LINE = re.compile(r"line (\d+)")


def read_head(name: str, text: str) -> dict[str, Any]:
    """The fields of a Question from its TOML document; Invalid says what is wrong with it, and where."""

    def wrong(message: str, place: str = "") -> Invalid:
        lines = text[: text.find(place)].count("\n") if place and place in text else 0
        return Invalid(name, lines + 1, message)

    try:
        head = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = _LINE.search(str(error))
        raise Invalid(name, int(line[1]) if line else 1, f"its TOML cannot be read: {error}") from None
    for key in head.keys() - _KEYS:
        raise wrong(f"unknown keys {key}", key)
    for key in ("question", "columns", "documentation"):
        if not head.get(key):
            raise wrong(f"{key} is missing")
    for key in ("parameters", "columns", "ages"):
        if not isinstance(head.get(key, {}), Mapping):
            raise wrong(f"{key} is not a table", key)
    for key in ("variations", "order", "once", "collectors", "analyses", "references"):
        found = head.get(key, [])
        if not isinstance(found, list) or not all(isinstance(item, str) for item in found):
            raise wrong(f"{key} is not a list of texts", key)
    for key in ("question", "group", "documentation", "advice"):
        if not isinstance(head.get(key, ""), str):
            raise wrong(f"{key} is not a text", key)
    for key in ("order", "once"):
        if unknown := [name for name in head.get(key, ()) if name not in head["columns"]]:
            raise wrong(f"{key} names what is no column: {', '.join(unknown)}", key)
    columns, ages = head["columns"], head.get("ages", {})
    for age, time in ages.items():
        if age not in columns or not isinstance(time, str) or time not in columns or time in ages:
            raise wrong(f"ages: {age} and {time} are not a column and one that the query returns", age)
    try:
        parameters = {key: _parameter(key, table) for key, table in head.get("parameters", {}).items()}
    except ValueError as error:
        key = str(error).partition(" ")[0]
        raise wrong(f"parameter {error}", f"[parameters.{key}]") from None
    return {
        "id": name,
        "question": head["question"],
        "group": head.get("group", ""),
        "variations": tuple(head.get("variations", ())),
        "parameters": parameters,
        "columns": tuple(Column(name, str(description)) for name, description in head["columns"].items()),
        "collectors": tuple(head.get("collectors", ())),
        "analyses": tuple(head.get("analyses", ())),
        "within_accounts": bool(head.get("within_accounts", False)),
        "order": tuple(head.get("order", ())),
        "once": tuple(head.get("once", ())),
        "ages": ages,
        "documentation": head["documentation"].strip(),
        "severity": _severity(head, parameters, wrong),
        "advice": head.get("advice", "").strip(),
        "references": tuple(head.get("references", ())),
    }


def _severity(
    head: Mapping[str, Any], parameters: Mapping[str, Parameter], wrong: Callable[[str, str], Invalid]
) -> Severity | None:
    """A check can be made without being told anything, and says what to do."""
    if "severity" not in head:
        return None
    if head["severity"] not in list(Severity):
        raise wrong(f"severity is none of {', '.join(Severity)}", "severity")
    if not head.get("advice"):
        raise wrong("a check (severity) needs advice: what to do about a finding", "severity")
    if needed := [parameter.name for parameter in parameters.values() if parameter.default is None]:
        raise wrong(f"a check (severity) needs a default for every parameter: {', '.join(needed)}", "severity")
    return Severity(head["severity"])


def _parameter(name: str, table: object) -> Parameter:
    """One parameter; ValueError, beginning with its name, says what is wrong with it."""
    if not isinstance(table, Mapping):
        raise ValueError(f"{name} is not a table")
    if unknown := table.keys() - {"type", "description", "default", "kind", "form"}:
        raise ValueError(f"{name} has unknown keys {', '.join(sorted(unknown))}")
    if not table.get("description"):
        raise ValueError(f"{name} has no description")
    if table.get("type") not in list(Slot):
        raise ValueError(f"{name} has none of the types {', '.join(Slot)}")
    kinds = str(table.get("kind", "Asset"))
    if unknown := set(kinds.split("|")) - SCHEMA.kinds.keys():
        raise ValueError(f"{name} is of unknown kinds: {', '.join(sorted(unknown))}")
    default, form = table.get("default"), str(table.get("form", ""))
    try:
        re.compile(form)
    except re.error as error:
        raise ValueError(f"{name} has a malformed form: {error}") from None
    given = None if default is None else str(default)
    return Parameter(name, Slot(table["type"]), str(table["description"]), given, kinds, form)
