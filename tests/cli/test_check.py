"""``muniment check`` and questions of one's own: what a person and a pipeline get."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ..queries.test_own import GOOD
from .conftest import Muniment

pytestmark = pytest.mark.usefixtures("filled")


def test_every_check_is_counted_the_gravest_first(muniment: Muniment) -> None:
    envelope = json.loads(muniment("check", "--format", "json").out)
    levels = [row["severity"] for row in envelope["rows"]]
    assert levels == sorted(levels, key=["critical", "high", "medium", "low", "info"].index)
    rows = {row["check"]: row for row in envelope["rows"]}
    assert rows["public-roles"]["findings"] == 1
    assert rows["public-roles"]["status"] == "findings"


def test_what_could_not_be_read_is_not_clear(muniment: Muniment) -> None:
    ran = muniment("check", "--format", "json")
    rows = {row["check"]: row for row in json.loads(ran.out)["rows"]}
    assert rows["unlocked-backup-vaults"]["status"] == "unknown"
    assert "backup: never read" in rows["unlocked-backup-vaults"]["incomplete"]
    assert ran.code == 3


def test_severity_and_the_exit_code_for_pipelines(muniment: Muniment) -> None:
    ran = muniment("check", "--severity", "critical", "--format", "json")
    assert {row["severity"] for row in json.loads(ran.out)["rows"]} == {"critical"}
    assert muniment("check", "--severity", "critical", "--fail-on", "critical").code == 4
    assert muniment("check", "--severity", "nonsense").code == 2


def test_a_check_of_ones_own(muniment: Muniment, tmp_path: Path) -> None:
    check = GOOD.replace("docu", 'severity = "critical"\nadvice = "Mend it."\ndocu')
    (tmp_path / "our-roles.cypher").write_text(check)
    ran = muniment("--queries", str(tmp_path), "check", "--severity", "critical", "--format", "json")
    assert "our-roles" in [row["check"] for row in json.loads(ran.out)["rows"]]
    assert muniment("--queries", str(tmp_path), "queries", "run", "our-roles").code in (0, 3)
    assert muniment("--queries", str(tmp_path), "ask", "show our very own roles").code in (0, 3)
    assert "Mend it." in muniment("--queries", str(tmp_path), "queries", "show", "our-roles").out


def test_broken_questions_are_listed_and_validated(muniment: Muniment, tmp_path: Path) -> None:
    (tmp_path / "our-roles.cypher").write_text(GOOD)
    (tmp_path / "bad.cypher").write_text(GOOD.replace("RETURN", "DETACH DELETE r RETURN"))
    (tmp_path / "strange.cypher").write_text(GOOD.replace("docu", 'collectors = ["iamm"]\ndocu'))
    listed = json.loads(muniment("--queries", str(tmp_path), "queries", "list", "--format", "json").out)["rows"]
    problems = {row["id"]: row["problem"] for row in listed if row["problem"]}
    assert problems == {"bad": f"{tmp_path}/bad.cypher:10: DETACH is not allowed in a saved query"}
    ran = muniment("queries", "check", str(tmp_path))
    assert (ran.code, ran.out) == (1, "1 valid, 2 problems.\n")
    assert "iamm: no collector or analysis is called so" in ran.err
    assert muniment("queries", "check").code == 2


def test_checks_are_listed_with_their_severity(muniment: Muniment) -> None:
    rows = json.loads(muniment("queries", "list", "--checks", "--format", "json").out)["rows"]
    assert len(rows) >= 50
    assert rows[0]["severity"] == "critical"
    assert "CIS AWS Foundations Benchmark v3.0.0: 1.10" in muniment("queries", "show", "users-without-mfa").out
