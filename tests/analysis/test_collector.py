"""The collector of cycles rests while much is made, and finds it among the old afterwards."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from muniment.analysis.iam.collector import at_rest


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    enabled = gc.isenabled()
    gc.enable()
    yield
    gc.unfreeze()
    if not enabled:
        gc.disable()


def test_what_is_made_meanwhile_is_old_afterwards() -> None:
    gc.collect()
    with at_rest():
        assert not gc.isenabled()
        made = [[number] for number in range(5000)]
    assert gc.isenabled()
    oldest = {id(thing) for thing in gc.get_objects(generation=2)}
    assert id(made) in oldest
    assert gc.get_freeze_count() == 0


def test_what_others_froze_stays_frozen_and_what_is_made_beside_it_is_frozen_too() -> None:
    gc.freeze()
    frozen = gc.get_freeze_count()
    with at_rest():
        made = [[number] for number in range(5000)]
    assert gc.get_freeze_count() >= frozen + len(made)


def test_one_that_is_off_stays_off() -> None:
    gc.disable()
    with at_rest():
        pass
    assert not gc.isenabled()
