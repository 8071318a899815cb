"""A Neo4j that is killed under load and started again, under a real `muniment serve`; it takes two starts of it."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path

import pytest
from muniment.graph.database import connect
from muniment.settings import Settings
from muniment.tests.api.test_server import under_load
from muniment.tests.neo4j_server import server as neo4j
from muniment.tests.queries import estate


def test_it_answers_again_as_soon_as_neo4j_does(tmp_path: Path) -> None:
    """The same on a server: what is asked meanwhile is answered late, or told so."""
    if not neo4j.maven_is_there():
        (pytest.fail if neo4j.must_run(os.environ) else pytest.skip)(neo4j.HOW_TO_GET_ONE)
    password = "a-password-of-this-test"
    with ExitStack() as stack:
        port, process = stack.enter_context(neo4j.started(tmp_path, password))
        settings = Settings(
            tmp_path, database_url=f"bolt://127.0.0.1:{port}", database_user="neo4j", database_password=password
        )
        with connect(settings) as database:
            estate.fill(database)

        def restarted() -> None:
            process.kill()
            process.wait()
            stack.enter_context(neo4j.started(tmp_path, password, port))

        under_load(settings, restarted)
