"""As tests/analysis/test_differential.py, on 200,000 requests."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from muniment.tests.analysis.naive.worlds import World, worlds
from muniment.tests.analysis.test_differential import SLOW, agree, promise

REQUESTS = 200_000
SIZE = 20


@pytest.mark.timeout(4 * 3600)
@settings(max_examples=REQUESTS // SIZE, deadline=None, suppress_health_check=SLOW)
@given(world=worlds(SIZE))
def test_both_evaluators_agree(world: World) -> None:
    agree(world)


@pytest.mark.timeout(4 * 3600)
@settings(max_examples=1_000, deadline=None, suppress_health_check=SLOW)
@given(world=worlds(10), seed=st.integers(0, 2**32))
def test_discover_never_contradicts_what_a_context_comes_to(world: World, seed: int) -> None:
    promise(world, Random(seed), tries=20)
