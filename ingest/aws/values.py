"""Values as responses write them, made into values as the schema wants them.

Responses come from botocore, from recordings and from files that the AWS CLI printed: the same instant may be a
datetime, ISO text, or seconds since 1970.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import orjson


def timestamp(value: object) -> str | None:
    """An instant as ``2026-01-31T10:00:00Z``; None where there is none, or where it cannot be understood."""
    moment = _moment(value)
    if moment is None:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _moment(value: object) -> datetime | None:
    try:
        if isinstance(value, datetime):
            return value
        if isinstance(value, bool):
            return None
        if isinstance(value, int | float) and math.isfinite(value):
            return datetime.fromtimestamp(value, UTC)
        if isinstance(value, str):
            return datetime.fromisoformat(value.strip())
    except (ValueError, OverflowError, OSError):
        return None
    return None


def text(value: object) -> str | None:
    """Text that both engines can store: lone surrogates replaced; None where it is empty or no text."""
    return well_formed(value) if isinstance(value, str) and value else None


def well_formed(value: str) -> str:
    """The text with halves of surrogate pairs, which UTF-8 cannot hold, replaced by U+FFFD."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return value


def json_text(value: object, *, ordered: bool = True) -> str:
    """A document as JSON text; with ``ordered=False`` its keys sorted, so that equal documents have equal texts."""
    option = None if ordered else orjson.OPT_SORT_KEYS
    try:
        return orjson.dumps(value, option=option).decode()
    except TypeError:
        return well_formed(json.dumps(_storable(value), ensure_ascii=False, sort_keys=not ordered))


def _storable(value: object) -> object:
    """The document with what JSON in UTF-8 cannot hold replaced."""
    if isinstance(value, str):
        return well_formed(value)
    if isinstance(value, Mapping):
        return {well_formed(str(key)): _storable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_storable(inner) for inner in value]
    if isinstance(value, datetime):
        return timestamp(value)
    return value


def tags(pairs: Iterable[Mapping[str, Any]] | Mapping[str, Any] | None) -> str:
    """Tags as JSON text of an object, keys sorted; ``{}`` for what is known to have none.

    Takes ``[{"Key": …, "Value": …}]`` in any capitalisation, or an object.
    """
    if isinstance(pairs, Mapping):
        found = {str(key): str(value) for key, value in pairs.items()}
    else:
        found = {}
        for pair in pairs or ():
            lower = {str(name).lower(): value for name, value in pair.items()}
            found[str(lower.get("key", ""))] = str(lower.get("value") or "")
    return json_text(found, ordered=False)
