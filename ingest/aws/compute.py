"""What collectors of compute have in common: how a thing, and the role that it was given, become facts.

Services name roles by ARN, or by name alone; a name does not tell the path in the ARN, so IAM is asked for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ...schema import Arn, Edge, Node
from .collector import Call, Page, Reader
from .references import account_reference, role_reference
from .values import text

GET_ROLE = Call("iam", "GetRole", ("iam:GetRole",), ("NoSuchEntity",))
"""Tells the ARN of a role that a service knows by name."""


def compute(reader: Reader, kind: str, arn: str, name: object, properties: Mapping[str, Any]) -> Iterator[Node | Edge]:
    """A thing of the reader's account and region, held by its account."""
    common = {"name": text(name), "provider": "aws", "account_id": reader.account, "region": reader.region}
    yield account_reference(reader.account)
    yield Node(kind, arn, {**common, **properties})
    yield Edge("CONTAINS", reader.account, arn)


def runs_as(
    thing: str, role: object, capacity: str, *, credentials: bool, version: str | None = None
) -> Iterator[Node | Edge]:
    """The role that a thing was given, where that is the ARN of one; whether the role exists is IAM's to say."""
    if is_role(role):
        arn = str(role)
        yield role_reference(arn)
        yield Edge(
            "RUNS_AS",
            thing,
            arn,
            {"capacity": capacity, "credentials": credentials, "version": version},
            key=capacity,
        )


def is_role(value: object) -> bool:
    """Whether a value is the ARN of a role."""
    parsed = Arn.maybe(value) if isinstance(value, str) else None
    return bool(parsed and parsed.service == "iam" and parsed.resource.startswith("role/") and parsed.name)


def role_arns(reader: Reader, stated: Iterable[object]) -> dict[str, str]:
    """ARNs of roles by what a service says of them: an ARN, or the name of a role of the account.

    A name that IAM does not know, or does not tell, is left out: GET_ROLE is among the collector's calls.
    """
    values = sorted({value for value in stated if isinstance(value, str) and value})
    found = {value: value for value in values if is_role(value)}
    # A name with a path is told apart by the name alone: no two roles of an account share one.
    names = {value: value.rpartition("/")[2] for value in values if value not in found and not value.startswith("arn:")}
    asked = [{"RoleName": name} for name in sorted(set(names.values())) if name]
    answers = {params["RoleName"]: _role_of(pages) for params, pages in reader.many("GetRole", asked)}
    return found | {value: arn for value, name in names.items() if (arn := answers.get(name))}


def _role_of(pages: list[Page]) -> str | None:
    arn = pages[0].get("Role", {}).get("Arn") if pages else None
    return arn if is_role(arn) else None


def names_in(entries: Iterable[Mapping[str, Any]] | None, member: str = "name") -> list[str]:
    """The names of what a list holds, in order, each once; nothing else of it."""
    return sorted({name for entry in entries or () if (name := text(entry.get(member)))})


def batches(items: Iterable[str], size: int) -> Iterator[list[str]]:
    """The items in lists of at most ``size``."""
    listed = list(items)
    for start in range(0, len(listed), size):
        yield listed[start : start + size]
