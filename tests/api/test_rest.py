"""The questions as resources, their description, and what the server says of itself."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from muniment.api.application import application
from muniment.api.security.authentication import Authentication
from muniment.api.security.caller import LOCAL
from muniment.api.security.guard import Security
from muniment.errors import DatabaseUnavailable, SettingsError
from muniment.graph.clock import wall_clock
from muniment.graph.database import Database, connect
from muniment.graph.lease import Lease
from muniment.graph.ledger import Ledger
from muniment.graph.outbox import Message, Outbox
from muniment.graph.receivers import Receivers
from muniment.graph.schedules import Schedules
from muniment.queries.csv_text import as_csv
from muniment.queries.library import questions
from muniment.run.answering import answer
from muniment.settings import Settings
from prometheus_client.parser import text_string_to_metric_families
from schemathesis import Case

from .conftest import FREE

QUESTION = "/queries/who-can-assume?target=payments-prod/ProdAdmin"


@pytest.mark.parametrize("format_", ["json", "csv"])
def test_an_answer_is_what_the_command_prints(
    embedded_client: TestClient, embedded_settings: Settings, format_: str
) -> None:
    response = embedded_client.get(f"{QUESTION}&format={format_}")
    with connect(embedded_settings) as database:
        said = answer(database, embedded_settings, "who-can-assume", {"target": "payments-prod/ProdAdmin"})
    expected = as_csv(said) if format_ == "csv" else orjson.dumps(said.envelope()).decode()
    assert response.text == expected
    assert response.headers["content-type"].startswith("text/csv" if format_ == "csv" else "application/json")
    assert response.headers["muniment-complete"] == str(said.knowledge.complete).lower()
    assert response.headers["muniment-exit-code"] == str(said.exit_code)
    assert response.headers["muniment-as-of"] == said.knowledge.as_of


def test_accept_says_the_format_too(embedded_client: TestClient) -> None:
    (row, *_) = csv.DictReader(io.StringIO(embedded_client.get(QUESTION, headers={"accept": "text/csv"}).text))
    assert row["principal"].startswith("arn:")
    for accepted in ("application/json", "*/*", "text/html,*/*;q=0.8", "text/csv, application/json"):
        assert embedded_client.get(QUESTION, headers={"accept": accepted}).json()["question"] == "who-can-assume"


def test_what_is_the_same_is_not_sent_again(embedded_client: TestClient) -> None:
    first = embedded_client.get(QUESTION)
    again = embedded_client.get(QUESTION, headers={"if-none-match": f'"x", W/{first.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    assert embedded_client.get("/queries/accounts", headers={"if-none-match": first.headers["etag"]}).status_code == 200
    assert first.headers["cache-control"] == "private, no-cache"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/queries/who-can-assume", 400),
        ("/queries/who-can-assume?target=", 400),
        ("/queries/who-can-assume?target=nothing+of+that+name", 400),
        ("/queries/who-can-assume?target=a&target=b", 400),
        ("/queries/accounts?nope=1", 400),
        ("/queries/accounts?format=xml", 400),
        ("/queries/old-access-keys?days=many", 400),
        ("/queries/old-access-keys?days=99999999999999999999", 400),
        ("/queries/can?principal=a&action=b&resource=c&context=d", 400),
        ("/queries/no-such-question", 404),
        ("/queries/..%2f..%2fetc%2fpasswd", 404),
        ("/nothing", 404),
    ],
)
def test_what_callers_get_wrong_is_a_problem(embedded_client: TestClient, path: str, status: int) -> None:
    response = embedded_client.get(path)
    problem = response.json()
    assert (response.status_code, problem["status"], problem["code"]) == (status, status, "BAD_USER_INPUT")
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["x-content-type-options"] == "nosniff"


def test_strangers_are_told_so_as_a_problem(embedded_settings: Settings) -> None:
    with TestClient(
        application(connect(embedded_settings), embedded_settings, Security(Authentication(), FREE)),
        base_url="http://localhost",
    ) as client:
        for path in ("/queries", QUESTION, "/openapi.json", "/metrics"):
            response = client.get(path)
            assert (response.status_code, response.json()["code"]) == (401, "UNAUTHENTICATED")
            assert response.headers["content-type"] == "application/problem+json"
            assert response.headers["www-authenticate"].startswith("Bearer")


def test_every_question_is_listed_and_described(embedded_client: TestClient) -> None:
    listed = embedded_client.get("/queries").json()["queries"]
    paths = embedded_client.get("/openapi.json").json()["paths"]
    assert {one["id"] for one in listed} == set(questions())
    for name, asked in questions().items():
        described = {one["name"]: one for one in paths[f"/queries/{name}"]["get"]["parameters"]}
        assert described.keys() == {*asked.parameters, "format"}
        assert all(described[p.name]["required"] is (p.default is None) for p in asked.parameters.values())


def test_the_description_is_true(embedded_client: TestClient) -> None:
    """Schemathesis makes requests from the description, good ones and bad, and holds the answers against it."""
    described = schemathesis.openapi.from_dict(embedded_client.get("/openapi.json").json())
    operations = [found.ok() for found in described.get_all_operations()]
    assert len(operations) > len(questions())
    for operation in operations:
        _exercise(operation, embedded_client)


def _exercise(operation: Any, client: TestClient) -> None:
    @settings(max_examples=3, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy())
    def run(case: Case) -> None:
        asked = case.as_transport_kwargs(base_url="http://localhost")
        case.validate_response(client.request(**{name: value for name, value in asked.items() if value is not None}))

    run()


@pytest.fixture(scope="module")
def objectives(embedded_settings: Settings) -> Any:
    def client(table: dict[str, str]) -> TestClient:
        given = replace(embedded_settings, file={"freshness": table})
        return TestClient(
            application(connect(given), given, Security(Authentication(local=LOCAL), FREE)), base_url="http://localhost"
        )

    return client


def test_it_is_ready_while_nothing_is_older_than_it_may_be(embedded_client: TestClient, objectives: Any) -> None:
    scopes = embedded_client.get("/readyz").json()["scopes"]
    with objectives({"default": "500w"}) as client:
        assert client.get("/readyz").status_code == 200
    with objectives({"default": "1s", "iam": "500w"}) as client:
        response = client.get("/readyz")
        late = response.json()["late"]
        assert (response.status_code, response.json()["status"]) == (503, "late")
        assert 0 < len(late) < scopes
        assert not any(one["scope"].endswith("/iam") and one["age"] is not None for one in late)
    with objectives({"aws/nowhere/*/*": "1s"}) as client:
        assert client.get("/readyz").status_code == 200
    with pytest.raises(SettingsError):
        objectives({"default": "soon"})


def test_metrics_say_what_was_asked_and_how_the_register_does(embedded_client: TestClient) -> None:
    embedded_client.post("/graphql", json={"query": "{ roles { totalCount } }"})
    embedded_client.post("/graphql", json={"query": "{ nothing }"})
    embedded_client.get("/a-path-of-my-own")
    response = embedded_client.get("/metrics")
    found = {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(response.text)
        for sample in family.samples
    }
    assert found["muniment_database_up",] == 1
    assert found["muniment_graphql_operations_total", "ok"] >= 1
    assert found["muniment_graphql_operations_total", "BAD_USER_INPUT"] >= 1
    assert found["muniment_queries_total",] >= 1
    assert found["muniment_scopes", "complete"] > 0
    assert found["muniment_scope_age_seconds", "iam"] > 0
    assert "a-path-of-my-own" not in response.text


def test_metrics_tell_what_webhooks_wait_for(embedded_client: TestClient, embedded_connection: Database) -> None:
    outbox, written = Outbox(embedded_connection), datetime.now(UTC) - timedelta(hours=2)
    waiting = [Message(f"msg_{number}", "siem", "new-exposure", "{}") for number in range(2)]
    outbox.announce("siem", outbox.announced("siem", []), {}, waiting, now=written, token=None)
    Receivers(embedded_connection).leave("siem", "a hash of its address")
    lines = embedded_client.get("/metrics").text.splitlines()
    outbox.forget("siem")
    assert 'muniment_webhook_messages{status="due",webhook="siem"} 2.0' in lines
    assert 'muniment_webhook_gone{webhook="siem"} 1.0' in lines
    (age,) = (line for line in lines if line.startswith("muniment_webhook_oldest_seconds{"))
    assert 7200 <= float(age.split()[-1]) < 14400


def test_metrics_are_there_when_the_database_is_not(
    embedded_client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: Any, **__: Any) -> Any:
        raise DatabaseUnavailable("nothing answers")

    monkeypatch.setattr(Database, "read", gone)
    assert "muniment_database_up 0.0" in embedded_client.get("/metrics").text
    assert embedded_client.get("/readyz").json() == {"status": "unavailable", "database": "does not answer"}
    response = embedded_client.get(QUESTION)
    assert (response.status_code, response.json()["code"]) == (503, "UNAVAILABLE")


def test_metrics_tell_who_writes_and_how_schedules_went(
    embedded_database: Database, embedded_settings: Settings
) -> None:
    """Of what the settings name, and by sources: no run, and no schedule of the past, is a series of its own."""
    lease = Lease.acquire(embedded_database, "run-1", 600, wall_clock)
    Ledger(embedded_database, wall_clock).start_run(lease, "run-1", "aws", {})
    schedules = Schedules(embedded_database, wall_clock)
    for name in ("hourly", "of-the-past"):
        schedules.meet(name, "{}")
        claims = schedules.claim(name, "run-1")
        assert claims
        schedules.end(name, claims, "failed", "it did not")
    given = replace(embedded_settings, file={"schedule": {"hourly": {"source": "aws", "every": "1h"}}})
    with TestClient(
        application(connect(given), given, Security(Authentication(local=LOCAL), FREE)), base_url="http://localhost"
    ) as client:
        text = client.get("/metrics").text
    lease.release()
    samples = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    assert samples["muniment_lease_held",] == 1
    assert samples["muniment_lease_expires_timestamp_seconds", "aws"] > wall_clock().timestamp()
    assert samples["muniment_schedule_last_run", "hourly", "failed"] == 1
    assert samples["muniment_schedule_failures", "hourly"] == 1
    assert samples["muniment_schedule_last_run_finished_timestamp_seconds", "hourly"] > 0
    assert "of-the-past" not in text
    assert "run-1" not in text
    assert "_created" not in text
