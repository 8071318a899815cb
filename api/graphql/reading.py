"""The Cypher of the API, derived from the schema: nodes of a kind, nodes by id, and what relationships lead to.

Values are parameters; labels, types and the names of fields come from declarations only. Every list is cut by the
database, after the place where the page before it ended.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...graph.statements import common_ends
from ...schema import SCHEMA, Type
from ..security.sight import visible
from .names import Direction
from .paging import Page
from .selected import NO_MORE, Fields, Wanted

Found = Mapping[str, Any]
"""A node, or what a relationship leads to with the relationship itself, as a query returned it."""

_FROM = "UNWIND $ids AS id MATCH (n:Asset {id: id})"
_ORDER = "ORDER BY m.id, r.key"


def by_id(wanted: Fields, *, limited: bool = False) -> str:
    """The query for the nodes of ``$ids``, with some properties; those that a caller limited to ``$seen`` sees."""
    where = f" WHERE {visible('Asset', 'n')}" if limited else ""
    return f"{_FROM}{where} RETURN n.id AS id, labels(n) AS labels, {_some('n', wanted)} AS properties"


_OPERATORS: Mapping[str, str] = {
    "eq": "{} = ${}",
    "ne": "({0} IS NULL OR {0} <> ${1})",
    "one_of": "{} IN ${}",
    "contains": "{} CONTAINS ${}",
    "starts_with": "{} STARTS WITH ${}",
    "ends_with": "{} ENDS WITH ${}",
    "lt": "{} < ${}",
    "lte": "{} <= ${}",
    "gt": "{} > ${}",
    "gte": "{} >= ${}",
    "has": "${1} IN {0}",
}


@dataclass(frozen=True, slots=True)
class Condition:
    """One test of one field: an operator of ``_OPERATORS``, or ``exists`` with a truth value."""

    field: str
    operator: str
    value: Any


@dataclass(frozen=True, slots=True)
class Selection:
    """Which nodes of a kind, in which order. Each is ordered by its id where the field says the same, or none is given.

    ValueError for a field or an operator that there is none of.
    """

    kind: str
    conditions: Sequence[Condition] = ()
    order: str | None = None
    descending: bool = False
    wanted: Fields = ("id",)
    """The properties that are read of them."""
    _fields: Mapping[str, Type] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        fields = {"id": Type.STRING, **{declared.name: declared.type for declared in SCHEMA.fields(self.kind)}}
        object.__setattr__(self, "_fields", fields)
        for condition in self.conditions:
            if condition.field not in fields or condition.operator not in {*_OPERATORS, "exists"}:
                raise ValueError(f"{self.kind} cannot be asked for {condition.field} {condition.operator}")
        if self.order is not None and fields.get(self.order) not in (Type.STRING, Type.TIMESTAMP):
            raise ValueError(f"{self.kind} cannot be ordered by {self.order}")

    @property
    def parts(self) -> int:
        """Of how many parts a place in it consists."""
        return 1 if self.order is None else 2

    def place(self, properties: Mapping[str, Any]) -> tuple[str, ...]:
        """Where a node stands in it."""
        own = (str(properties["id"]),)
        return own if self.order is None else (str(properties.get(self.order) or ""), *own)

    def page(self, page: Page, *, limited: bool = False) -> tuple[str, dict[str, Any]]:
        """The query for one node more than a page, and its parameters; ``limited`` to what ``$seen`` lets be seen."""
        tests, parameters = self._tests(limited)
        keys = ["n.id"] if self.order is None else [f"coalesce(n.`{self.order}`, '')", "n.id"]
        if page.after is not None:
            tests.append(_beyond(keys, descending=self.descending))
            parameters |= {f"after{index}": part for index, part in enumerate(page.after)}
        way = " DESC" if self.descending else ""
        ordered = ", ".join(f"{key}{way}" for key in keys)
        where = f" WHERE {' AND '.join(tests)}" if tests else ""
        read = sorted({*self.wanted, "id"} | ({self.order} if self.order else set()))
        return (
            f"MATCH (n:{self.kind}){where} RETURN labels(n) AS labels, {_some('n', read)} AS properties "
            f"ORDER BY {ordered} LIMIT $most",
            {**parameters, "most": page.first + 1},
        )

    def count(self, *, limited: bool = False) -> tuple[str, dict[str, Any]]:
        """The query for how many there are in all."""
        tests, parameters = self._tests(limited)
        where = f" WHERE {' AND '.join(tests)}" if tests else ""
        return f"MATCH (n:{self.kind}){where} RETURN count(n) AS total", parameters

    def _tests(self, limited: bool) -> tuple[list[str], dict[str, Any]]:
        tests: list[str] = [visible(self.kind, "n")] if limited else []
        parameters: dict[str, Any] = {}
        for number, condition in enumerate(self.conditions):
            of = f"n.`{condition.field}`"
            if condition.operator == "exists":
                tests.append(f"{of} IS {'NOT ' if condition.value else ''}NULL")
                continue
            tests.append(_OPERATORS[condition.operator].format(of, f"v{number}"))
            parameters[f"v{number}"] = condition.value
        return tests, parameters


@dataclass(frozen=True, slots=True)
class Following:
    """A relationship followed from one of its ends, and how far down the list of what is found there.

    ValueError for a relationship that is not declared.
    """

    relationship: str
    direction: Direction
    page: Page
    decisions: tuple[str, ...] = ()
    wanted: Wanted = NO_MORE

    def __post_init__(self) -> None:
        if self.relationship not in SCHEMA.relationships:
            raise ValueError(f"the relationship {self.relationship} is not declared")

    @property
    def label(self) -> str:
        """The most specific label of all that it leads to."""
        return common_ends(self.relationship)[1 if self.direction == "out" else 0]

    def query(self, *, many: bool, limited: bool = False) -> tuple[str, dict[str, Any]]:
        """The query for one more than a page from each of ``$ids``; of one alone, the database stops at that many.

        It is ``limited`` to what ``$seen`` lets be seen.
        """
        where, parameters = self._where(limited)
        cut = (
            f"WITH id, m, r {_ORDER} WITH id, collect({self._found}) AS found RETURN id, found[0..$most] AS found"
            if many
            else f"WITH id, m, r {_ORDER} LIMIT $most RETURN id, collect({self._found}) AS found"
        )
        return f"{_FROM}{self._way}{where} {cut}", parameters

    def query_with(self, wanted: Fields, *, many: bool, limited: bool = False) -> tuple[str, dict[str, Any]]:
        """The same with the nodes of ``$ids`` themselves, those too from which it leads nowhere."""
        where, parameters = self._where(limited)
        there = f"CASE WHEN m IS NULL THEN null ELSE {self._found} END"
        cut = (
            f"WITH id, n, m, r {_ORDER} WITH id, n, collect({there}) AS found WITH id, n, found[0..$most] AS found"
            if many
            else f"WITH id, n, m, r {_ORDER} LIMIT $most WITH id, n, collect({there}) AS found"
        )
        seen = f" WHERE {visible('Asset', 'n')}" if limited else ""
        node = f"labels(n) AS labels, {_some('n', wanted)} AS properties"
        return f"{_FROM}{seen} OPTIONAL MATCH (n){self._way}{where} {cut} RETURN id, {node}, found", parameters

    def count(self, *, limited: bool = False) -> tuple[str, dict[str, Any]]:
        """The query for how many there are in all from each of ``$ids``."""
        tests, parameters = self._tests(limited)
        where = f" WHERE {' AND '.join(tests)}" if tests else ""
        return f"{_FROM}{self._way}{where} RETURN id, count(r) AS total", parameters

    @property
    def _way(self) -> str:
        one, other = ("-", "->") if self.direction == "out" else ("<-", "-")
        return f"{one}[r:{self.relationship}]{other}(m:{self.label})"

    @property
    def _found(self) -> str:
        node, edge = _some("m", self.wanted.node), _some("r", self.wanted.edge)
        return f"{{node: {node}, labels: labels(m), edge: {edge}}}"

    def _where(self, limited: bool) -> tuple[str, dict[str, Any]]:
        """What is tested of what is found, and the parameters of the page."""
        tests, parameters = self._tests(limited)
        if self.page.after is not None:
            tests.append(_beyond(["m.id", "r.key"], descending=False))
            parameters |= {f"after{index}": part for index, part in enumerate(self.page.after)}
        return f" WHERE {' AND '.join(tests)}" if tests else "", {**parameters, "most": self.page.first + 1}

    def _tests(self, limited: bool) -> tuple[list[str], dict[str, Any]]:
        tests = [visible("Asset", "m")] if limited else []
        return (
            ([*tests, "r.decision IN $decisions"], {"decisions": list(self.decisions)})
            if self.decisions
            else (tests, {})
        )


def _some(of: str, fields: Iterable[str]) -> str:
    """A map of some properties. Not ``m {.id}``: the embedded engine loses what stands beside one in another map."""
    return "{" + ", ".join(f"`{name}`: {of}.`{name}`" for name in fields) + "}"


def _beyond(keys: Sequence[str], *, descending: bool) -> str:
    """That a row comes after the place ``$after0``, ``$after1``, … in the order of the keys."""
    sign = "<" if descending else ">"
    first, *rest = keys
    if not rest:
        return f"{first} {sign} $after0"
    (second,) = rest
    return f"({first} {sign} $after0 OR ({first} = $after0 AND {second} {sign} $after1))"
