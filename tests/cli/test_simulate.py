"""`muniment simulate`: a decision a line, whatever the lines are."""

from __future__ import annotations

import gc
import io
import json
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from muniment.analysis.iam.simulate import POLICY_FIELDS, understood
from muniment.cli.answering import LONGEST, Answering
from muniment.cli.layouts import BUDGET, Layouts
from muniment.cli.main import run
from muniment.cli.simulate import batches

ALLOW = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}
REQUEST = {
    "id": "ask",
    "principal": "arn:aws:iam::111122223333:user/ada",
    "action": "s3:GetObject",
    "resource": "arn:aws:s3:::payroll/june.csv",
    "identity_policies": [ALLOW],
}
LINE = json.dumps(REQUEST).encode() + b"\n"
COMMAND = [sys.executable, "-c", "from muniment.cli.main import main; main()", "simulate"]

Simulate = Callable[..., tuple[int, list[dict[str, Any]], str]]


@pytest.fixture
def simulate(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Simulate:
    """Runs the command on what standard input holds: its exit code, answers, and standard error."""

    def ran(given: bytes, *arguments: str) -> tuple[int, list[dict[str, Any]], str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
        code = run(["simulate", *arguments])
        out, err = capfdbinary.readouterr()
        return code, [json.loads(line) for line in out.splitlines()], err.decode()

    return ran


def _interruptible() -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@contextmanager
def running() -> Iterator[subprocess.Popen[bytes]]:
    """The command as a process of its own, between two pipes."""
    pipe = subprocess.PIPE
    # Whoever runs the tests in the background may have told all their processes to ignore an interruption.
    with subprocess.Popen(COMMAND, stdin=pipe, stdout=pipe, stderr=pipe, preexec_fn=_interruptible) as process:
        try:
            yield process
        finally:
            process.kill()


def test_one_decision_a_line_in_the_order_of_the_requests(simulate: Simulate) -> None:
    requests = [REQUEST | {"id": n, "action": "s3:GetObject" if n % 3 else "ec2:RunInstances"} for n in range(5_000)]
    code, answers, _ = simulate(b"".join(json.dumps(request).encode() + b"\n" for request in requests))
    assert code == 0
    assert [(a["id"], a["decision"]) for a in answers] == [(n, "allow" if n % 3 else "deny") for n in range(5_000)]
    assert answers[1] == {
        "id": 1,
        "decision": "allow",
        "explicit": False,
        "conditions": [],
        "because": ["identity_policies[0]#1: Allow s3:* on *"],
    }


def test_a_file_and_a_dash(simulate: Simulate, tmp_path: Path) -> None:
    path = tmp_path / "requests.jsonl"
    path.write_bytes(LINE)
    assert simulate(b"", str(path)) == simulate(LINE, "-") == simulate(LINE)
    assert simulate(LINE, str(tmp_path / "none"))[0] == simulate(LINE, str(tmp_path))[0] == 2


def test_a_standard_input_that_was_closed_is_told(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert run(["simulate"]) == 2
    assert capfd.readouterr().err.startswith("error: there is no standard input")


@pytest.mark.parametrize(
    ("line", "error", "identity"),
    [
        (b"{nope", "not JSON at column 2", None),
        (b"5", "not a JSON object", None),
        (b"[]", "not a JSON object", None),
        (b"null", "not a JSON object", None),
        (b'{"id": NaN}', "not JSON", None),
        (b'{"id": Infinity}', "not JSON", None),
        (b'{"id": 1e999}', "not JSON", None),
        (b'{"id": "\xff"}', "not JSON", None),
        (b'{"id": "\\ud800"}', "not JSON", None),
        (b'{"id": 1} {"id": 2}', "not JSON", None),
        (LINE.strip() + b"\f", "not JSON at column", None),
        (LINE.strip().removesuffix(b"}") + b",}", "not JSON at column", None),
        (LINE.strip().replace(b"{", b"{,", 1), "not JSON at column 2", None),
        (LINE.strip().replace(b', "identity_policies"', b', , "identity_policies"'), "not JSON at column", None),
        (b'{"id": 7, "context": {"a": NaN}}', "not JSON", 7),
        (b'{"id": "a", "context": {"a": "\xff"}}', "not JSON", "a"),
        (b'{"id": [1], "context": {"a": "\\udc00"}}', "not JSON", [1]),
        (b'{"id": 1, "action": "a", "action": "b"}', "an object has 'action' twice", 1),
        (b'{"id": 1, "action": "a", "\\u0061ction": ":"}', "an object has 'action' twice", 1),
        (b'{"id": "\\u003a", "action": "a", "action": "b"}', "an object has 'action' twice", ":"),
        (b'{"id": 1, "settings": {"a": 1, "a": 1}}', "an object has 'a' twice", 1),
        (b"{}", "principal is missing", None),
        (b'{"id": 1}', "principal is missing", 1),
        (LINE.strip().replace(b'"ask"', b'{"n": [1]}').replace(b'"s3:GetObject"', b"7"), "action is 7", {"n": [1]}),
        (b"[" * 5_000 + b"]" * 5_000, "not JSON", None),
        (b'{"id": 1, "context": ' + b"[" * 500 + b"]" * 500 + b"}", "nested too deeply", 1),
        (b'{"id": "' + b"x" * LONGEST + b'"}', "longer than 10,000,000 bytes", None),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_malformed_line_is_answered_at_its_place(
    simulate: Simulate, line: bytes, error: str, identity: object
) -> None:
    code, answers, err = simulate(LINE + line + b"\n" + LINE)
    assert code == 1
    assert "1 of 3 lines" in err
    assert [answer.get("decision") for answer in answers] == ["allow", None, "allow"]
    assert answers[1]["id"] == identity
    assert answers[1]["error"].startswith(f"line 2: {error}")
    assert answers[1]["hint"]
    assert len(json.dumps(answers[1])) < 1_000


def test_wrong_lines_leave_no_garbage_that_has_to_be_looked_for() -> None:
    answering = Answering()
    list(answering.answers([LINE, LINE]))
    gc.collect()
    wrong = (
        b"{nope",
        b"5",
        b'{"id": 1}',
        LINE.replace(b"s3:GetObject", b"7"),
        LINE.replace(b"{", b'{"mode": "x", ', 1),
    )
    list(answering.answers([line for line in wrong for _ in range(100)]))
    assert answering.failed >= 400
    assert gc.collect() < 100


def test_an_id_comes_back_as_it_is(simulate: Simulate) -> None:
    for identity in ("ask", None, 2**70, -1, 0.1, [1, {"a": None}], "é\n\u2028"):
        line = json.dumps(REQUEST | {"id": identity}).encode() + b"\n"
        assert simulate(line)[1][0]["id"] == identity
    assert simulate(json.dumps({"id": 2**70}).encode())[1][0]["id"] == 2**70


def test_long_integers_in_policies_are_not_rounded(simulate: Simulate) -> None:
    limit = 2**70
    condition = {"NumericEquals": {"s3:max-keys": limit}}
    policy = {"Version": "2012-10-17", "Statement": {**ALLOW["Statement"], "Condition": condition}}  # type: ignore[dict-item]
    asks = [REQUEST | {"identity_policies": [policy], "context": {"s3:max-keys": limit + n}} for n in (0, 1)]
    _, answers, _ = simulate(b"\n".join(json.dumps(request).encode() for request in asks))
    assert [answer["decision"] for answer in answers] == ["allow", "deny"]


def test_half_a_character_in_a_policy_is_answered_as_the_escape_that_it_was(simulate: Simulate) -> None:
    policy = json.dumps({**ALLOW, "Statement": {**ALLOW["Statement"], "Sid": "S\ud83d"}})  # type: ignore[dict-item]
    code, answers, _ = simulate(json.dumps(REQUEST | {"identity_policies": [policy]}).encode() + b"\n" + LINE)
    assert code == 0
    assert [answer["because"] for answer in answers] == [
        ["identity_policies[0]#1: Allow s3:* on * (S\ud83d)"],
        ["identity_policies[0]#1: Allow s3:* on *"],
    ]


def test_fields_that_no_request_has_are_told_once(simulate: Simulate) -> None:
    misspelt = json.dumps(REQUEST | {"permissions_boundary": {}, "a\x1bb": 1}).encode() + b"\n"
    many = json.dumps(REQUEST | {f"field {n}": n for n in range(9)}).encode() + b"\n"
    code, answers, told = simulate(b"".join((LINE, misspelt, misspelt, LINE, many)))
    assert (code, len(answers)) == (0, 5)
    assert told.splitlines() == [
        "warning: permissions_boundary is no field of a request; line 2 has it first",
        "warning: a\\x1bb is no field of a request; line 2 has it first",
        *(f"warning: field {n} is no field of a request; line 5 has it first" for n in range(3)),
    ]


@pytest.mark.parametrize("field", sorted(POLICY_FIELDS))
def test_null_is_no_policies_in_a_line_of_a_layout_that_was_met(simulate: Simulate, field: str) -> None:
    without = {name: given for name, given in REQUEST.items() if name != field}
    lines = [json.dumps(without | {field: None}).encode() + b"\n"] * 3 + [json.dumps(without).encode() + b"\n"]
    code, answers, told = simulate(b"".join(lines))
    assert (code, told) == (0, "")
    assert answers == [answers[-1]] * 4


def test_blank_lines_windows_line_ends_and_a_byte_order_mark(simulate: Simulate) -> None:
    code, answers, _ = simulate(b"\xef\xbb\xbf" + LINE.strip() + b"\r\n\r\n  \n\n" + LINE.strip())
    assert code == 0
    assert [answer["decision"] for answer in answers] == ["allow", "allow"]
    assert simulate(b"")[:2] == (0, [])


def test_batches_come_as_they_arrive_and_never_hold_more_than_the_longest_line() -> None:
    class Slow(io.RawIOBase):
        """A pipe into which somebody writes three bytes at a time."""

        def __init__(self, content: bytes) -> None:
            self.content = io.BytesIO(content)

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:
            read = self.content.read(3)
            buffer[: len(read)] = read
            return len(read)

    content = b"one\ntwo\n\nthree\nfo"
    found = [line for batch in batches(io.BufferedReader(Slow(content))) for line in batch]
    assert found == content.splitlines(keepends=True)
    long = b"x" * (2 * LONGEST) + b"\nshort\n"
    assert [len(line) for batch in batches(io.BufferedReader(io.BytesIO(long))) for line in batch] == [LONGEST + 1, 6]


NAMES = """
Version Statement Effect Action NotAction Resource NotResource Principal NotPrincipal AWS Service Condition StringLike
ForAllValues:NumericEqualsIfExists IpAddress Null aws:username aws:SourceIp service anonymous
"""
SCALARS = [None, True, -1, 0.5, "", "*", "2012-10-17", "Allow", "Deny", "${aws:username}", "${", "s3:Get*", "true"]
VALUES = st.recursive(
    st.sampled_from(SCALARS) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES.split()), inner, max_size=4),
    max_leaves=12,
)
FIELDS = """
id principal action resource resource_account context identity_policies permission_boundaries session_policies
resource_policy service_control_policies resource_control_policies endpoint_policies settings mode other
"""


@settings(max_examples=400, deadline=None)
@given(st.dictionaries(st.sampled_from(FIELDS.split()), VALUES, min_size=1, max_size=4), st.booleans())
def test_whatever_a_request_is_it_is_answered(changes: dict[str, Any], within_policies: bool) -> None:
    if within_policies:
        changes = {name: [value] if name.endswith("ies") else value for name, value in changes.items()}
    line = json.dumps(REQUEST | changes).encode()
    answering = Answering()
    (answer,) = answering.answers([line])
    shown = json.loads(answer)
    assert set(shown) == (
        {"id", "error", "hint"} if answering.failed else {"id", "decision", "explicit", "conditions", "because"}
    )
    assert answer.count(b"\n") == 1


SNIPPETS = [
    b'"identity_policies":[],',
    b'"identity_policies":"<policies>",',
    b'"x":{"identity_policies":"<policies>"},',
    b'"x\\"identity_policies":[],',
    b'"\\u0069dentity_policies":[],',
    b'"resource_policy":null,',
    b'"<policies>"',
    b'"resource_policy":',
    b'"context":{},',
    b'"a":"b\\u003a",',
    b'"a":1,"a":2,',
    b"123456789012345678901234567890",
    b"[" * 250 + b"]" * 250,
    b"\xff",
    b'\\"',
    *(bytes([character]) for character in b'"{}[],:\\ 1n\f'),
]
"""What makes a line another one, or none."""


@st.composite
def lines(draw: st.DrawFn) -> list[bytes]:
    """Lines as many programs write them, their fields in any order, with what does not belong there."""
    policies = st.lists(st.sampled_from([ALLOW, {"Statement": []}, {}, json.dumps(ALLOW), 5]), max_size=2)
    principals = st.sampled_from([REQUEST["principal"], "arn:aws:iam::111122223333:root", {"anonymous": True}])
    kinds = {"levels": st.lists(st.none() | policies, max_size=2), "any": VALUES, "policies": policies}
    made: list[bytes] = []
    for _ in range(draw(st.integers(1, 4))):
        names = draw(st.lists(st.sampled_from(FIELDS.split()), unique=True, max_size=7))
        kind = "levels" if draw(st.booleans()) else draw(st.sampled_from(sorted(kinds)))
        given = [*REQUEST.items(), ("principal", draw(principals)), *((name, draw(kinds[kind])) for name in names)]
        request = dict(draw(st.permutations(given)) if draw(st.booleans()) else given)
        line = json.dumps(request, separators=draw(st.sampled_from([(", ", ": "), (",", ":"), (" ,", " : ")]))).encode()
        made.append(line)
        for _ in range(draw(st.integers(0, 2))):
            commas = [0, *(at for at, character in enumerate(line) if character in b',:{}"')]
            at = draw(st.sampled_from(commas)) + draw(st.integers(0, 1))
            made.append(line[:at] + draw(st.sampled_from(SNIPPETS)) + line[at + draw(st.sampled_from([0, 0, 0, 1])) :])
        if draw(st.booleans()):
            other = draw(st.sampled_from(made))
            made.append(line[: draw(st.integers(0, len(line)))] + other[draw(st.integers(0, len(other))) :])
    return [line for line in made for _ in range(2)]


@settings(max_examples=200, deadline=None)
@given(lines(), st.sampled_from([BUDGET, 1200]))
def test_a_line_whose_policies_are_known_is_answered_as_if_they_were_not(given: list[bytes], budget: int) -> None:
    answering = Answering(budget)
    answers = [*answering.answers(given[:1]), *answering.answers(given[1:])]
    alone = [(answer, fresh) for line in given for fresh in [Answering()] for answer in fresh.answers([line])]
    assert [_without_number(answer) for answer in answers] == [_without_number(answer) for answer, _ in alone]
    assert answering.failed == sum(fresh.failed for _, fresh in alone)


def _without_number(answer: bytes) -> bytes:
    return re.sub(rb'"line \d+: ', b'"', answer)


def test_lines_of_a_layout_that_was_met_are_not_decoded_again() -> None:
    layouts = Layouts(POLICY_FIELDS, understood)
    for separators in ((",", ":"), (", ", ": ")):
        line = json.dumps(REQUEST, separators=separators).encode()
        assert layouts.read(line) is None
        layouts.learn(REQUEST)
        assert (layouts.read(line) or {})["id"] == "ask"
        assert (layouts.read(line.replace(b"ask", b"again")) or {})["id"] == "again"
        assert layouts.read(line.replace(b"s3:*", b"s3:G*")) is not None
        layouts = Layouts(POLICY_FIELDS, understood)


def test_an_answer_is_given_before_more_is_asked_and_an_interruption_ends_it_quietly() -> None:
    with running() as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        for _ in range(2):
            process.stdin.write(LINE)
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["decision"] == "allow"
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 130
        assert process.stderr.read() == b""


def test_a_reader_that_leaves_is_no_error_to_speak_of() -> None:
    with running() as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        process.stdin.write(LINE)
        process.stdin.close()
        assert process.wait(timeout=30) == 141
        assert process.stderr.read() == b""


def test_it_loads_neither_cloud_nor_database() -> None:
    heavy = ("boto3", "botocore", "neo4j", "policy_sentry", "pyroaring", "yaml", "rapidfuzz", "muniment.run")
    script = f"import sys, muniment.cli.main as m; m.run(['simulate']); print([h for h in {heavy} if h in sys.modules])"
    ended = subprocess.run([sys.executable, "-c", script], input=LINE, capture_output=True, check=True)
    assert ended.stdout.splitlines()[-1] == b"[]", ended.stderr
