"""Relationships that wait on disk come back as they were."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from muniment.run import spool
from muniment.run.spool import Spool
from muniment.schema import Edge

TEXTS = st.text(st.characters(), max_size=8)
EDGES = st.builds(
    Edge, TEXTS, TEXTS, TEXTS, st.dictionaries(TEXTS, TEXTS | st.none() | st.booleans() | st.lists(TEXTS)), TEXTS
)


@given(st.lists(EDGES, max_size=30))
def test_all_come_back_in_order(edges: list[Edge]) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(spool, "IN_MEMORY", 200)
        patched.setattr(spool, "TOGETHER", 4)
        with Spool() as waiting:
            for edge in edges:
                waiting.add(edge)
            assert list(waiting) == edges
