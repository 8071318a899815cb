"""Answers without the order of what has none: engines may gather rows and name labels in any order."""

from __future__ import annotations

import json
from typing import Any


def unordered(value: Any) -> Any:
    """The value with every list sorted."""
    if isinstance(value, dict):
        return {key: unordered(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return sorted((unordered(item) for item in value), key=lambda item: json.dumps(item, sort_keys=True))
    return value
