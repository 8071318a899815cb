"""Statements put into documents that IAM takes: none longer than a managed policy may be.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

Statement: TypeAlias = Mapping[str, Any]
Policy: TypeAlias = dict[str, Any]

LARGEST = 6144
"""Characters of a managed policy, white space not counted."""


def size(document: Mapping[str, Any]) -> int:
    """The characters of a document as IAM counts them: without white space."""
    return len("".join(json.dumps(document, ensure_ascii=False).split()))


def documents(statements: Iterable[tuple[str, Statement]], largest: int = LARGEST) -> list[Policy]:
    """Documents of these statements, each with the version that it was written for, filled in order.

    Versions are never mixed: a policy variable of one is plain text in the other. Of a Sid that a document has already,
    the second goes; of equal statements, too. A statement that is too long is divided by its actions or resources; one
    that cannot be divided stands alone in a document that is too long.
    """
    made: list[Policy] = []
    seen: set[str] = set()
    for version, whole in sorted(statements, key=lambda one: one[0], reverse=True):
        for part in _divided(version, whole, largest):
            content = json.dumps([version, {name: part[name] for name in part if name != "Sid"}], sort_keys=True)
            if content in seen:
                continue
            seen.add(content)
            last = made[-1] if made and made[-1]["Version"] == version else None
            added = _with(last or {"Version": version, "Statement": []}, part)
            if last is not None and size(added) <= largest:
                made[-1] = added
            else:
                made.append(_with({"Version": version, "Statement": []}, part))
    return made


def _with(document: Policy, statement: Statement) -> Policy:
    taken = {one.get("Sid") for one in document["Statement"]}
    own = {name: value for name, value in statement.items() if name != "Sid" or value not in taken}
    return {**document, "Statement": [*document["Statement"], own]}


def _divided(version: str, statement: Statement, largest: int) -> Iterator[Statement]:
    """The statement in parts that together say the same, each small enough, if it can be divided so."""
    if size({"Version": version, "Statement": [statement]}) <= largest:
        yield statement
        return
    for element in ("Action", "Resource"):
        listed = statement.get(element)
        if isinstance(listed, list) and len(listed) > 1:
            half = len(listed) // 2
            for part in (listed[:half], listed[half:]):
                yield from _divided(version, {**statement, element: part}, largest)
            return
    yield statement
