"""The declarations hold together and describe everything they declare."""

from __future__ import annotations

import pytest
from muniment.schema import SCHEMA, Kind, Relationship, Schema

DESCRIBED = [*SCHEMA.kinds.values(), *SCHEMA.relationships.values()]


@pytest.mark.parametrize("declared", DESCRIBED, ids=lambda declared: declared.name)
def test_everything_declared_is_described(declared: Kind | Relationship) -> None:
    assert declared.description.rstrip().endswith((".", ")")), declared.name
    for field in declared.fields:
        assert field.description.rstrip().endswith((".", "`", ")", "…")), f"{declared.name}.{field.name}"


@pytest.mark.parametrize("name", SCHEMA.concrete)
def test_every_concrete_kind_says_what_its_id_is(name: str) -> None:
    assert SCHEMA.kinds[name].identifier


@pytest.mark.parametrize("name", SCHEMA.kinds)
def test_fields_are_declared_once_along_a_lineage(name: str) -> None:
    names = [field.name for field in SCHEMA.fields(name)]
    assert len(names) == len(set(names))
    assert "id" not in names


def test_a_name_declared_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="declared twice"):
        Schema.of([Kind("Role", "One."), Kind("Role", "Another.")], [])


def test_a_relationship_between_undeclared_kinds_is_refused() -> None:
    with pytest.raises(ValueError, match="not declared"):
        Schema.of([Kind("Role", "One.")], [Relationship("TRUSTS", "x", ends=(("Role", "Rolle"),))])


def test_inheritance_from_an_undeclared_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="not declared"):
        Schema.of([Kind("Role", "One.", extends="Principle")], [])
