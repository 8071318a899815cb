"""Python's collector of cycles, and when it would only look in vain."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def at_rest() -> Iterator[None]:
    """Nothing is looked through for cycles meanwhile, in any thread.

    For work that makes many objects which live on and are in no cycles: looking through all of them again and again
    would take a quarter of the time for CAN_ASSUME of 200,000 principals, and more the more there are.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
