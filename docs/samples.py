"""What the questions answer on the demo's organization, as the documentation shows it.

``make samples`` builds the demo and writes ``samples.json``, from which ``generate.py`` takes them; a test asks again
and compares. What differs between two demos, times and ids that AWS draws, is replaced by as many characters.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

from muniment.cli.main import run
from muniment.queries.library import questions
from muniment.queries.question import Question

SAMPLES = Path(__file__).with_name("samples.json")
LINES = 9
"""How many lines of an answer are shown."""
WIDTH = 120

GIVEN: Mapping[str, Mapping[str, str]] = {
    "access-of": {"principal": "data-platform-prod/glue-etl"},
    "access-to": {"resource": "payments-api/database"},
    "attached-to": {"policy": "AdministratorAccess"},
    "can": {"principal": "developer-self-service", "action": "iam:CreateRole", "resource": "*"},
    "contacts": {"accounts": "payments-prod"},
    "least-privilege": {"principal": "data-platform-prod/bi-dashboards"},
    "members-of": {"group": "aws-platform-admins"},
    "narrower-policy": {"principal": "data-platform-prod/bi-dashboards"},
    "path": {"from": "shared-services/ci-jenkins", "to": "prod admin"},
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
    (re.compile(r"\b(o-)[a-z0-9]{10}\b"), r"\1exampleorg"),
    (re.compile(r"\b(database)-[A-Za-z0-9]{6}\b"), r"\1-ExAmPl"),
    (re.compile(r"\b20\d{6}T\d{6}Z-[0-9a-f]{8}\b"), "20260131T100000Z-01234567"),
)


def command(asked: Question) -> list[str]:
    """What is typed to ask it."""
    given = GIVEN.get(asked.id, {})
    return [
        "queries",
        "run",
        asked.id,
        *(part for name, text in given.items() for part in ("--param", f"{name}={text}")),
    ]


def sample(asked: Question) -> list[str]:
    """The first lines of the answer."""
    lines = answered(asked)
    return lines if len(lines) <= LINES + 2 else [*lines[:LINES], "…", *lines[-1:]]


def answered(asked: Question) -> list[str]:
    """All lines of the answer, asked of the register that the environment names."""
    out = StringIO()
    with redirect_stdout(out):
        run(command(asked))
    return [line.rstrip() for line in _settled(out.getvalue()).strip("\n").splitlines()]


def _settled(text: str) -> str:
    for drawn, settled in _DRAWN:
        text = drawn.sub(settled, text)
    return text


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"MUNIMENT_DATA_DIR": folder, "COLUMNS": str(WIDTH)}
        subprocess.run([str(Path(sys.executable).with_name("muniment")), "demo"], check=True, stdout=subprocess.DEVNULL)
        samples = {name: sample(asked) for name, asked in sorted(questions().items())}
        run(["db", "stop"])
    SAMPLES.write_text(json.dumps(samples, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
