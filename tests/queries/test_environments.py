"""Which account is prod, and above all which is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from muniment.errors import SettingsError
from muniment.queries.environments import Environments, Place, Unit, canonical
from muniment.queries.words import words

from ..written import written

CASES = written(Path(__file__).parents[1] / "cases" / "environments" / "accounts.yaml")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"])
def test_environment_of_an_account(case: dict[str, Any]) -> None:
    units = [Unit(**unit) for unit in case.get("units", [])]
    found = Environments([Place("1", **case["account"])], units, case.get("settings")).of("1")
    assert (found and found[0]) == case["is"]
    if "by" in case:
        assert found
        assert case["by"] in found[1]


@pytest.mark.parametrize(
    ("word", "environment"),
    [
        ("prod", "prod"),
        ("Production", "prod"),
        ("LIVE", "prod"),
        ("prd", "prod"),
        ("non-prod", "nonprod"),
        ("nonprod", "nonprod"),
        ("NonProduction", "nonprod"),
        ("non_prd", "nonprod"),
        ("pre-prod", "staging"),
        ("staging", "staging"),
        ("uat", "staging"),
        ("dev", "dev"),
        ("development", "dev"),
        ("qa", "test"),
        ("payments", None),
        ("product", None),
        ("reproduction", None),
    ],
)
def test_word_of_an_environment(word: str, environment: str | None) -> None:
    assert Environments([]).named(word) == environment


def test_nonprod_is_everything_that_is_known_not_to_be_prod() -> None:
    places = [Place(str(n), name) for n, name in enumerate(["a-prod", "a-dev", "a-staging", "a-nonprod", "shared"])]
    assert set(Environments(places).accounts("nonprod")) == {"1", "2", "3"}


@given(st.sampled_from(["non", "NON", "Non", "not"]), st.sampled_from(["-", "_", " ", "", "."]))
def test_nonprod_is_never_prod(prefix: str, separator: str) -> None:
    second = "Prod" if not separator else "prod"
    for name in (f"payments-{prefix}{separator}{second}", f"{prefix}{separator}{second}-payments"):
        assert Environments([Place("1", name)]).accounts("prod") == {}


def test_words_of_an_environment_in_the_settings_file() -> None:
    found = Environments([Place("1", "vault")], (), {"pci": {"names": ["vault*"], "aliases": ["card-data"]}})
    assert found.named("Card-Data") == "pci"
    assert found.accounts("pci") == {"1": "name vault, by muniment.toml"}


@pytest.mark.parametrize(
    "table",
    [
        {"prod": ["111122223333"]},
        {"prod": {"acounts": ["1"]}},
        {"prod": {"accounts": [1]}},
        {"prod": {"tags": ["environment=prod"]}},
    ],
)
def test_settings_that_cannot_be_understood(table: dict[str, Any]) -> None:
    with pytest.raises(SettingsError):
        Environments([], (), table)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("ProdAdmin", ("prod", "admin")),
        ("prod-admin", ("prod", "admin")),
        ("PROD_ADMIN", ("prod", "admin")),
        ("NonProdAdmin", ("nonprod", "admin")),
        ("AWSReservedSSO_AdministratorAccess_0123456789abcdef", ("administrator", "access")),
        ("S3Reader", ("s", "3", "reader")),
        ("AWSAdmin", ("aws", "admin")),
        ("MüllerÉquipe", ("müller", "équipe")),
        ("", ()),
    ],
)
def test_words_of_a_name(name: str, found: tuple[str, ...]) -> None:
    assert words(name) == found


@given(st.text())
def test_any_name_has_words(name: str) -> None:
    assert all(words(name))
    assert canonical(name) is not None
