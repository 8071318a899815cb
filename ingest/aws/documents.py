"""Policy documents, in whatever form they come, and the facts they become.

IAM URL-encodes documents, Organizations and Identity Center do not, botocore decodes some of them, and people encode
twice. A document that cannot be understood is kept as a policy that says why, never left out: a policy that is unknown
is not a policy that does not exist.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any
from urllib.parse import unquote

from ...schema import Edge, Node, Ownership
from ...schema.facts import Properties
from .values import json_text, text, well_formed

LARGEST_DOCUMENT = 262_144
"""Characters of the longest document that is understood. The longest that AWS stores is 32,768, of a permission set.
https://docs.aws.amazon.com/singlesignon/latest/userguide/limits.html"""

_ENCODINGS = 3
"""How many times a document may be encoded over."""

_MEMBERS = (
    ("Action", "actions"),
    ("NotAction", "not_actions"),
    ("Resource", "resources"),
    ("NotResource", "not_resources"),
)


@dataclass(frozen=True, slots=True)
class Document:
    """A policy document as far as it could be understood."""

    text: str | None
    """The whole document as JSON text; as it came, where it is no JSON; None where it is too long to keep."""
    hash: str
    """Of the document; equal documents have equal hashes, whatever the order of their keys."""
    statements: tuple[tuple[int, Mapping[str, Any]], ...] = ()
    """Statements that could be understood, each with its number in the document, counted from 1."""
    malformed: str | None = None
    """What could not be understood, and why."""

    @classmethod
    def read(cls, raw: object) -> Document:
        """Understand a document: an object, JSON text, or either of them encoded; never an error."""
        if isinstance(raw, str | bytes) and len(raw) > LARGEST_DOCUMENT:
            return cls(None, _hash(raw), malformed=f"the document is {len(raw)} characters long; AWS stores none such")
        try:
            value = _decode(raw)
            written, sorted_text = json_text(value), json_text(value, ordered=False)
        except (ValueError, TypeError, RecursionError) as error:
            kept = raw.decode(errors="replace") if isinstance(raw, bytes) else raw
            return cls(text(kept), _hash(repr(raw)), malformed=f"the document is not a JSON object: {error}"[:400])
        if len(written) > LARGEST_DOCUMENT:
            return cls(
                None, _hash(written), malformed=f"the document is {len(written)} characters long; AWS stores none such"
            )
        statements, problems = _statements(value)
        return cls(written, _hash(sorted_text), tuple(statements), "; ".join(problems)[:1000] or None)


def policy_facts(
    kind: str, policy_id: str, raw: object, properties: Properties, ownership: Ownership = Ownership.SCOPE
) -> Iterator[Node | Edge]:
    """A policy with its document, and its statements: the nodes and HAS_STATEMENT relationships."""
    document = Document.read(raw)
    stated = {"document": document.text, "document_hash": document.hash, "malformed": document.malformed}
    yield Node(kind, policy_id, {**properties, **stated}, ownership)
    for number, statement in document.statements:
        statement_id = f"{policy_id}#{number}"
        yield Node("Statement", statement_id, _statement(statement, properties.get("account_id")), ownership)
        yield Edge("HAS_STATEMENT", policy_id, statement_id)


def as_list(value: object) -> list[str]:
    """String-or-list, always as a list of texts; what is neither is left out."""
    members = value if isinstance(value, list | tuple) else [value]
    return [well_formed(member) for member in members if isinstance(member, str)]


def _statement(statement: Mapping[str, Any], account_id: object) -> Properties:
    sid = text(statement.get("Sid"))
    conditions = statement.get("Condition")
    lists = {field: as_list(statement[element]) for element, field in _MEMBERS if element in statement}
    return {
        "name": sid,
        "provider": "aws",
        "account_id": account_id if isinstance(account_id, str) else None,
        "sid": sid,
        "effect": statement["Effect"],
        "conditions": json_text(conditions) if conditions else None,
        **lists,
    }


def _decode(raw: object) -> Mapping[str, Any]:
    value = raw.decode() if isinstance(raw, bytes) else raw
    for _ in range(_ENCODINGS + 1):
        if not isinstance(value, str):
            break
        value = _load(value)
    if not isinstance(value, Mapping):
        raise ValueError("there is none" if value is None else f"it is a {type(value).__name__}")
    return value


def _load(encoded: str) -> object:
    """One layer of encoding off: JSON, or else URL-encoding."""
    try:
        return json.loads(encoded, object_pairs_hook=_unique, parse_constant=_no_number)
    except _DuplicateKey:
        raise
    except ValueError:
        decoded = unquote(encoded)
        if decoded == encoded:
            raise
        return decoded


class _DuplicateKey(ValueError):
    """An object in which a key occurs twice: the grammar forbids it, and what it means is anyone's guess."""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        names = [name for name, _ in pairs]
        raise _DuplicateKey(f"the key {next(name for name in names if names.count(name) > 1)!r} occurs twice")
    return members


def _no_number(constant: str) -> object:
    raise ValueError(f"{constant} is not JSON")


def _statements(value: Mapping[str, Any]) -> tuple[list[tuple[int, Mapping[str, Any]]], list[str]]:
    stated = value.get("Statement")
    listed = stated if isinstance(stated, list) else [stated]
    if "Statement" not in value:
        return [], ["the document has no Statement"]
    understood, problems = [], []
    for number, statement in enumerate(listed, start=1):
        problem = _problem(statement)
        if problem:
            problems.append(f"statement {number}: {problem}")
        else:
            understood.append((number, statement))
    return understood, problems


def _problem(statement: object) -> str | None:
    """Why a statement cannot be understood; None where it can."""
    if not isinstance(statement, Mapping):
        return "it is not an object"
    if statement.get("Effect") not in ("Allow", "Deny"):
        return f"its Effect is {statement.get('Effect')!r}, neither Allow nor Deny"[:200]
    if ("Action" in statement) == ("NotAction" in statement):
        return "it must have either Action or NotAction"
    for element, _ in _MEMBERS:
        members = statement.get(element, [])
        if not isinstance(members, str | list) or any(not isinstance(member, str) for member in members):
            return f"its {element} is neither a text nor a list of texts"
    if not isinstance(statement.get("Condition", {}), Mapping):
        return "its Condition is not an object"
    return None


def _hash(content: str | bytes) -> str:
    encoded = content if isinstance(content, bytes) else well_formed(content).encode()
    return blake2b(encoded, digest_size=16).hexdigest()
