"""Which Neo4j the tests run on."""

from __future__ import annotations

import pytest

from ..neo4j_server.server import Way, choose, must_run

URL = {"MUNIMENT_TEST_NEO4J_URL": "bolt://127.0.0.1:7687"}


@pytest.mark.parametrize(
    ("environment", "docker", "maven", "expected"),
    [
        (URL, True, True, Way.GIVEN),
        ({}, True, True, Way.CONTAINER),
        ({}, False, True, Way.MAVEN),
        ({}, False, False, None),
        ({"MUNIMENT_TEST_NEO4J_URL": ""}, False, True, Way.MAVEN),
    ],
)
def test_the_first_way_that_is_open_is_taken(
    environment: dict[str, str], docker: bool, maven: bool, expected: Way | None
) -> None:
    assert choose(environment, {Way.CONTAINER: lambda: docker, Way.MAVEN: lambda: maven}) is expected


def test_a_given_server_is_taken_without_asking_for_docker() -> None:
    def asked() -> bool:
        raise AssertionError("asked")

    assert choose(URL, {Way.CONTAINER: asked, Way.MAVEN: asked}) is Way.GIVEN


@pytest.mark.parametrize(("environment", "expected"), [({"CI": "true"}, True), ({"CI": "false"}, False), ({}, False)])
def test_on_a_build_server_it_must_run(environment: dict[str, str], expected: bool) -> None:
    assert must_run(environment) is expected
