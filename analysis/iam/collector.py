"""Python's collector of cycles, and when it would only look in vain."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def at_rest() -> Iterator[None]:
    """Nothing is looked through for cycles meanwhile, in any thread; and what was made is taken for long-lived: where
    something was frozen before, as in a server, it is frozen too.

    For work that makes many objects which live on and are in no cycles: looking through all of them again and again
    would take a quarter of the time for CAN_ASSUME of 200,000 principals, and more the more there are. Else the first
    allocation afterwards would look through them: seconds, in whichever question comes next.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            has_frozen = gc.get_freeze_count() > 0
            gc.freeze()
            if not has_frozen:
                gc.unfreeze()  # To the oldest generation, without being looked through.
            gc.enable()
