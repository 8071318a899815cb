"""Cases as data: what a folder under ``tests/cases`` has, each with its reason and the page that it follows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ..written import written

CASES = Path(__file__).parents[1] / "cases"


def cases_in(folder: str) -> Iterator[Any]:
    """Every case of a folder, with what its file has for all of them."""
    for path in sorted((CASES / folder).glob("*.yaml")):
        common = written(path)
        for case in common.pop("cases"):
            merged = {**common, **case}
            assert merged["why"]
            assert merged["doc"].startswith("https://docs.aws.amazon.com/")
            yield pytest.param(merged, id=f"{path.stem}/{case['id']}")
