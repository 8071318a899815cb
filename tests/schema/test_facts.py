"""Equal statements have equal hashes, different ones have different hashes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from muniment.schema import content_hash

values = st.one_of(st.text(max_size=8), st.integers(-9, 9), st.booleans(), st.none(), st.lists(st.text(max_size=3)))
properties = st.dictionaries(st.text(max_size=5), values, max_size=6)


@given(properties)
def test_order_and_absent_fields_do_not_matter(stated: dict[str, object]) -> None:
    turned = {**dict(reversed(stated.items())), "absent": None}
    assert content_hash("Role", turned) == content_hash("Role", stated)


@given(properties, st.text(max_size=5), st.integers(100, 200))
def test_another_value_is_another_hash(stated: dict[str, object], name: str, value: int) -> None:
    assert content_hash("Role", {**stated, name: value}) != content_hash("Role", stated)


@given(properties)
def test_another_kind_is_another_hash(stated: dict[str, object]) -> None:
    assert content_hash("Role", stated) != content_hash("User", stated)
