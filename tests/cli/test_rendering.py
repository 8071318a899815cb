"""Names from the estate can hold anything; what is printed of them does no harm and loses nothing."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from muniment.cli.rendering.formats import as_json, as_markdown
from muniment.cli.rendering.layout import widths, wrapped
from muniment.cli.rendering.table import show
from muniment.cli.rendering.text import printable
from muniment.queries.answer import Answer, Column, Knowledge
from muniment.queries.csv_text import as_csv, spreadsheet
from rich.cells import cell_len

NASTY = '=HYPERLINK("http://x")|`rm`\x1b[31m\u202e <b>*x*\n'


def answer(*values: Any) -> Answer:
    return Answer("example", {}, (Column("name", "A name."),), [{"name": value} for value in values], Knowledge())


def test_a_spreadsheet_sees_no_formula() -> None:
    for start in "=+-@\t\r":
        (row,) = csv.DictReader(io.StringIO(as_csv(answer(f"{start}1+1"))))
        assert row["name"] == f"'{start}1+1"


def test_csv_keeps_lists_and_line_breaks() -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(answer(['a "quoted", b', "c\nd"], "two\nlines", None, 3)))))
    assert json.loads(rows[0]["name"]) == ['a "quoted", b', "c\nd"]
    assert [row["name"] for row in rows[1:]] == ["two\nlines", "", "3"]


def test_markdown_stays_one_table() -> None:
    table = as_markdown(answer(NASTY, "a|b")).splitlines()
    assert all(line.replace("\\|", "").count("|") == 2 for line in table if line.startswith("|"))
    assert "<b>" not in "\n".join(table)
    assert "\x1b" not in "\n".join(table)


def test_json_keeps_everything() -> None:
    assert json.loads(as_json(answer(NASTY)))["rows"] == [{"name": NASTY}]


def test_a_table_does_not_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    show(answer(NASTY, "[red]not markup[/red]", ":smile:"))
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert "\\x1b[31m\\u202e" in out
    assert "[red]not markup[/red]" in out
    assert ":smile:" in out


def test_a_long_table_says_how_much_it_leaves_out(capsys: pytest.CaptureFixture[str]) -> None:
    show(answer(*(f"row {n}" for n in range(1234))))
    out = capsys.readouterr().out
    assert "row 499" in out
    assert "row 500" not in out
    assert "and 734 more rows" in out
    assert "1,234 rows" in out


def test_reasons_give_way_where_there_is_no_room(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    columns = tuple(Column(name, "") for name in ("resource", "name", "decision", "because"))
    row = {
        "resource": f"arn:aws:sqs:eu-west-1:{1:012}:jobs",
        "name": "jobs",
        "decision": "allow",
        "because": ["x" * 60],
    }
    for width, shown in (("60", False), ("200", True)):
        monkeypatch.setenv("COLUMNS", width)
        show(Answer("example", {}, columns, [row], Knowledge()))
        out = capsys.readouterr().out
        assert ("x" * 60 in out, "No room here for because" in out) == (shown, not shown)
        assert "jobs" in out


def columns_of(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, "") for name in names)


RUN = {
    "run": "20261128T074521Z-73aaac60",
    "trigger": "schedule nightly",
    "source": "aws",
    "status": "incomplete",
    "started_at": "2026-11-28T07:45:21Z",
    "seconds": 1234,
    "scopes": 435,
    "incomplete": 3,
    "calls": 1133,
    "changes": 7420,
    "error": None,
}
ESCALATION = {
    "principal": "arn:aws:iam::111122223333:role/Deployer",
    "target": "arn:aws:iam::111122223333:role/OrganizationAccountAccessRole",
    "technique": "lambda-001",
    "decision": "conditional",
    "because": [],
    "conditions": ["aws:RequestedRegion is eu-west-1, eu-central-1 or us-east-1"],
    "compute": [],
    "through": [],
}
LINE = {
    "account": "111122223333",
    "role": "arn:aws:iam::111122223333:role/Administrator",
    "owner": "payments",
    "principal": "arn:aws:iam::111122223333:user/marek.novak",
    "name": "marek.novak@acme.example",
    "identity": "human",
    "access": "role",
    "what": "Administrator",
    "administers": "allow",
    "how": "Identity Center group aws-platform-admins",
    "decision": "conditional",
    "conditions": ["the caller signed in with MFA (aws:MultiFactorAuthPresent is true)"],
    "because": [],
    "last_used": "2026-11-02T00:00:00Z",
    "credentials": ["password: 400 days old, last used on 2026-01-02", "key 1: 770 days old, never used"],
    "complete": True,
    "reviewer": None,
    "verdict": None,
    "signed": None,
}
HEADINGS = {"run", "trigger", "source", "status", "started", "at", "took", "scopes", "calls", "changes"}
HEADINGS |= {"target", "technique", "decision", "how"}
HEADINGS |= {"principal", "identity", "admin", "last", "used", "credentials"}


@pytest.mark.parametrize("width", [60, 80, 100, 120, 160])
@pytest.mark.parametrize(("question", "row"), [("runs", RUN), ("escalations", ESCALATION), ("review-access", LINE)])
def test_no_line_is_wider_than_the_terminal_and_no_heading_is_broken(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, width: int, question: str, row: dict[str, Any]
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    show(Answer(question, {}, columns_of(*row), [row] * 2, Knowledge()))
    lines = capsys.readouterr().out.splitlines()
    assert max(map(cell_len, lines)) <= width
    rule = next((number for number, line in enumerate(lines) if "───" in line), None)
    if rule is not None:
        assert {*lines[rule - 1].split()} <= HEADINGS


def test_what_a_table_has_no_room_for_stands_below_what_it_is_about(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    show(
        Answer("review-access", {}, columns_of(*LINE), [LINE], Knowledge(), labels={LINE["role"]: "pay/Administrator"})
    )
    out = capsys.readouterr().out
    assert out.splitlines()[1:5] == [
        "pay/Administrator, owner payments",
        "  arn:aws:iam::111122223333:user/marek.novak",
        "    identity: human   admin: yes",
        "    how: Identity Center group aws-platform-admins",
    ]
    assert all(said in out for said in LINE["credentials"])


def test_a_policy_is_printed_to_be_copied(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "a" * 200}]}
    row = {"principal": "x", "policy": policy, "characters": 90, "replaces": ["y"], "dropped": [], "not_known": ["z"]}
    answered = Answer("narrower-policy", {}, columns_of(*row), [row], Knowledge())
    monkeypatch.setenv("COLUMNS", "60")
    show(answered)
    for out in (capsys.readouterr().out, as_markdown(answered)):
        assert json.loads(out[out.index("{") : out.rindex("}") + 1]) == policy
        assert "Not known:" in out


def test_a_proposal_of_no_policy_says_so_and_what_it_replaces(capsys: pytest.CaptureFixture[str]) -> None:
    row = {"principal": "x", "policy": None, "characters": 0, "replaces": ["y"], "dropped": ["sts"], "not_known": ["z"]}
    answered = Answer("narrower-policy", {}, columns_of(*row), [row], Knowledge())
    show(answered)
    for out in (capsys.readouterr().out, as_markdown(answered)):
        assert "Nothing that it is granted was used: no policy would do." in out
        assert "In place of y." in out
        assert "\n\n\n" not in out


def test_no_colour_is_no_colour(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    show(answer("allow"))
    assert "\x1b[" in capsys.readouterr().out
    monkeypatch.setenv("NO_COLOR", "1")
    show(answer("allow"))
    assert "\x1b[32m" not in capsys.readouterr().out


@given(st.text(), st.integers(1, 30))
def test_wrapping_loses_nothing_but_space(text: str, width: int) -> None:
    text = printable(text)
    lines = wrapped(text, width).split("\n")
    assert "".join(lines).replace(" ", "") == "".join(text.split())
    assert all(cell_len(line) <= max(width, 2) for line in lines)


@given(st.lists(st.lists(st.text(max_size=60), min_size=3, max_size=3), max_size=5), st.integers(40, 200))
def test_columns_fit(rows: list[list[str]], room: int) -> None:
    rows = [[printable(cell) for cell in row] for row in rows]
    assert sum(widths(["one", "two", "three"], rows, (), room)) <= max(room, 24)


@given(st.text())
def test_printable_text_is_printable(text: str) -> None:
    assert printable(text).isprintable()


@given(st.text())
def test_a_cell_is_no_formula(text: str) -> None:
    assert not spreadsheet(text).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_what_repeats_becomes_a_heading_where_there_is_little_room(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    columns = columns_of("principal", "level", "decision", "conditions", "at", "resource")
    rows = [
        {
            "principal": f"payments-prod/principal-number-{n // 3}",
            "level": "Read",
            "decision": "conditional",
            "conditions": ["aws:RequestedRegion is eu-west-1, eu-central-1 or us-east-1"],
            "at": "2026-01-31T09:00:00Z",
            "resource": "arn:aws:s3:::logs",
        }
        for n in range(9)
    ]
    answered = Answer("example", {"resource": "logs"}, columns, rows, Knowledge())
    for width, times in (("80", 1), ("200", 3)):
        monkeypatch.setenv("COLUMNS", width)
        show(answered)
        out = capsys.readouterr().out
        assert out.count("payments-prod/principal-number-1") == times
        assert out.count("resource: arn:aws:s3:::logs") == 1
        assert out.count("2026-01-31 09:00Z") == 9, "a time is never broken"


def test_many_actions_are_cut_on_a_terminal_and_whole_in_a_document(capsys: pytest.CaptureFixture[str]) -> None:
    actions = [f"s3:Action{number}" for number in range(40)]
    found = Answer("example", {}, (Column("actions", "The actions."),), [{"actions": actions}], Knowledge())
    show(found)
    out = capsys.readouterr().out
    assert "s3:Action2" in out
    assert "and 37 more" in out
    assert "s3:Action3" not in out
    assert all(action in as_markdown(found) for action in actions)
