"""What the questions answer on the demo's organization, as the documentation shows it.

Each is asked by its command, and by GraphQL of ``muniment serve``. ``make samples`` builds the demo and writes
``samples.json``, from which ``generate.py`` takes them; a test asks again and compares. What differs between two demos,
times and ids that AWS draws, is replaced by as many characters.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import urllib3
from muniment.api.graphql.names import camel
from muniment.cli.main import run
from muniment.queries.library import SavedQuery, questions
from muniment.queries.question import Question

Asking = Callable[[str], dict[str, Any]]
"""Sends a query of GraphQL; what comes back is the answer's JSON."""

SAMPLES = Path(__file__).with_name("samples.json")
LINES = 12
"""How many lines of an answer are shown."""
WIDTH = 120
ROWS = 2
"""How many rows are asked for by GraphQL."""
MUNIMENT = str(Path(sys.executable).with_name("muniment"))

GIVEN: Mapping[str, Mapping[str, str]] = {
    "access-of": {"principal": "data-platform-prod/glue-etl"},
    "access-to": {"resource": "payments-api/database"},
    "attached-to": {"policy": "AdministratorAccess"},
    "can": {"principal": "developer-self-service", "action": "iam:CreateRole", "resource": "*"},
    "contacts": {"accounts": "payments-prod"},
    "least-privilege": {"principal": "data-platform-prod/bi-dashboards"},
    "members-of": {"group": "aws-platform-admins"},
    "narrower-policy": {"principal": "data-platform-prod/bi-dashboards"},
    "owned-by": {"owner": "data engineering", "kind": "buckets"},
    "owner-of": {"thing": "halden-build-artifacts"},
    "path": {"from": "data-platform-prod/github-data-platform-deploy", "to": "data-platform-prod/lake-bastion"},
    "policies-of": {"principal": "shared-services/ci-jenkins"},
    "reachable-roles": {"principal": "shared-services/ci-jenkins"},
    "repository-roles": {"repository": "halden-logistics/payments-service"},
    "review-access": {"accounts": "payments-dev"},
    "runs-as": {"role": "warehouse-prod/warehouse-controller"},
    "service-users": {"service": "s3"},
    "trusted-by": {"role": "data-platform-prod/bi-dashboards"},
    "who-can": {"action": "s3:GetObject", "resource": "s3://halden-build-artifacts/release.zip"},
    "who-can-assume": {"target": "spendlens-cost-optimizer"},
    "who-can-become": {"target": "payments-prod/payments-breakfix"},
}
"""The parameters that the samples give."""
VARYING = frozenset({"changes", "runs", "status"})
"""Questions whose answers tell of the run itself, so that no two are alike."""
_DRAWN = (
    (re.compile(r"\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ"), "2026-01-31T10:00:00Z"),
    (re.compile(r"\b20\d\d-\d\d-\d\d \d\d:\d\dZ"), "2026-01-31 10:00Z"),
    (re.compile(r"\b20\d\d-\d\d-\d\d\b"), "2026-01-31"),
    (re.compile(r"\b(snap|i|vol|vpc|subnet)-[0-9a-f]{17}\b"), r"\1-0123456789abcdef0"),
    (re.compile(r"\b(A[A-Z]{3}A)[A-Z0-9]{15,16}\b"), r"\1EXAMPLEEXAMPLE00"),
    (re.compile(r"(:stack/[\w-]+/)[0-9a-f-]{36}\b"), r"\g<1>01234567-89ab-cdef-0123-456789abcdef"),
    (re.compile(r"\b(o-)[a-z0-9]{10}\b"), r"\1exampleorg"),
    (re.compile(r"\b(database)-[A-Za-z0-9]{6}\b"), r"\1-ExAmPl"),
    (re.compile(r"\b20\d{6}T\d{6}Z-[0-9a-f]{8}\b"), "20260131T100000Z-01234567"),
)


_ADDRESS = re.compile(r"GraphQL at (http://\S+)")
_TOKEN = re.compile(r"\bmnt_[0-9A-Za-z]{59}\b")


def command(asked: Question) -> list[str]:
    """What is typed to ask it."""
    given = GIVEN.get(asked.id, {})
    return [
        "queries",
        "run",
        asked.id,
        *(part for name, text in given.items() for part in ("--param", f"{name}={text}")),
    ]


def by_graphql(asked: Question, first: int | None = ROWS) -> str:
    """What is sent to ask it, for so many rows; for all of them where it is None."""
    given = GIVEN.get(asked.id, {})
    some = "" if first is None else f"(first: {first})"
    known = "rowCount knowledge { complete missing { scope reason } asOf }"
    if isinstance(asked, SavedQuery):
        words = ", ".join(f'{{name: "{name}", value: "{text}"}}' for name, text in given.items())
        parameters = f", parameters: [{words}]" if given else ""
        return f'{{ runSavedQuery(id: "{asked.id}"{parameters}) {{\n    rows{some} {known} }} }}'
    words = ", ".join(f'{camel(name)}: "{text}"' for name, text in given.items())
    columns = " ".join(camel(column.name) for column in asked.columns)
    field = camel(asked.id.replace("-", "_"))
    return f"{{ {field}{f'({words})' if given else ''} {{\n    rows{some} {{ {columns} }}\n    {known} }} }}"


def sample(asked: Question, ask: Asking) -> dict[str, Any]:
    """The first lines of the answer on the command line, and the answer by GraphQL."""
    lines = answered(asked)
    shown = lines if len(lines) <= LINES + 2 else [*lines[:LINES], "…", *lines[-1:]]
    return {"command": shown, "graphql": ask(by_graphql(asked))}


def answered(asked: Question) -> list[str]:
    """All lines of the answer, asked of the register that the environment names."""
    return [line.rstrip() for line in _settled(_printed(command(asked))).strip("\n").splitlines()]


@contextmanager
def served() -> Iterator[Asking]:
    """Asks the API over that register, with a token, as anyone would; times and ids in its answers are replaced."""
    token = _TOKEN.findall(_printed(["token", "create", "soc", "--role", "reader"]))[0]
    with subprocess.Popen([MUNIMENT, "serve", "--port", "0"], stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            address = next(found[1] for line in process.stderr if (found := _ADDRESS.search(line)))

            def ask(query: str) -> dict[str, Any]:
                headers = {"authorization": f"Bearer {token}"}
                response = urllib3.request("POST", address, json={"query": query}, headers=headers, timeout=60)
                answer: dict[str, Any] = json.loads(_settled(response.data.decode()))
                return answer

            yield ask
        finally:
            process.terminate()


def _printed(words: list[str]) -> str:
    """What a command prints."""
    out = StringIO()
    with redirect_stdout(out):
        run(words)
    return out.getvalue()


def _settled(text: str) -> str:
    for drawn, settled in _DRAWN:
        text = drawn.sub(settled, text)
    return text


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"MUNIMENT_DATA_DIR": folder, "COLUMNS": str(WIDTH)}
        subprocess.run([MUNIMENT, "demo"], check=True, stdout=subprocess.DEVNULL)
        with served() as ask:
            samples = {name: sample(asked, ask) for name, asked in sorted(questions().items())}
        run(["db", "stop"])
    SAMPLES.write_text(json.dumps(samples, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
