"""The page to write queries in: all that it is made of is in the package, and it asks nobody else for anything."""

from __future__ import annotations

import re
from dataclasses import replace
from importlib.resources import files

from fastapi.testclient import TestClient
from muniment.api import graphiql
from muniment.api.application import application
from muniment.api.security.authentication import Authentication
from muniment.api.security.caller import LOCAL
from muniment.api.security.guard import Security
from muniment.graph.database import connect
from muniment.settings import Settings

REFERENCE = re.compile(r"""(?:src|href)=["']([^"']+)["']""")
STYLED = re.compile(r"url\(([^)]{0,40})")


def test_all_that_the_page_refers_to_is_served_from_the_package(embedded_client: TestClient) -> None:
    page = embedded_client.get("/graphiql")
    assert page.headers["content-type"].startswith("text/html")
    references = [found for found in REFERENCE.findall(page.text) if not found.startswith("data:")]
    assert {f"/{reference}" for reference in references} == graphiql.PATHS.keys() - {"/graphiql"}
    for reference in references:
        response = embedded_client.get(f"/{reference}")
        assert response.status_code == 200, reference
        if reference.endswith(".css"):
            assert all(found.startswith("data:") for found in STYLED.findall(response.text)), reference
    there = {entry.name for entry in (files("muniment.api.graphiql") / "files").iterdir()}
    assert there == {graphiql.PAGE, *graphiql.ASSETS}


def test_no_script_runs_but_those_of_the_page(embedded_client: TestClient) -> None:
    page = embedded_client.get("/graphiql")
    policy = page.headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\bon\w+=|style=|javascript:", page.text)
    assert "localStorage" not in embedded_client.get("/graphiql/page.js").text


def test_it_can_be_left_out(embedded_settings: Settings) -> None:
    given = replace(embedded_settings, file={"api": {"graphiql": False}})
    with TestClient(
        application(connect(given), given, Security(Authentication(local=LOCAL))), base_url="http://localhost"
    ) as client:
        assert client.get("/graphiql").status_code == 404
        assert client.get("/graphiql/page.js").status_code == 404
