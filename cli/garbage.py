"""Looking for garbage less often, in commands that keep most of what they make until they end."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

LOOSE: Final = 100_000
"""New objects after which to look for garbage. Facts, policies and what is remembered of them is none."""

RARE: Final = 1_000_000
"""The same where there is next to none, and a bound on what is remembered."""


@contextmanager
def little_garbage(after: int = LOOSE) -> Iterator[None]:
    """Look for it far less often: going through a million facts again and again takes a quarter of a run."""
    thresholds = gc.get_threshold()
    gc.set_threshold(after)
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
