"""Sentences are understood as people mean them, and never guessed at."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from muniment.benchmarks.ask import HELD_OUT, held_out, judged
from muniment.errors import UsageError
from muniment.queries.library import questions
from muniment.queries.patterns import Pattern, example
from muniment.queries.question import Slot
from muniment.queries.sentence import understand

from ..written import written

FOLDER = Path(__file__).parents[1] / "cases" / "ask"
CASES = [case for path in sorted(FOLDER.glob("*.yaml")) for case in written(path)]


def kinds_of_principals_are_all(case: dict[str, Any], found: dict[str, str]) -> dict[str, str]:
    return {key: value for key, value in found.items() if not (key == "kinds" and value.casefold() == "principals")}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["ask"] or "nothing")
def test_sentence(case: dict[str, Any]) -> None:
    if case["is"] == "unclear":
        with pytest.raises(UsageError):
            understand(case["ask"])
        return
    found = understand(case["ask"])
    assert found.question.id == case["is"]
    assert kinds_of_principals_are_all(case, dict(found.given)) == case.get("given", {})


def test_an_unclear_sentence_is_answered_with_the_nearest_questions() -> None:
    with pytest.raises(UsageError) as refused:
        understand("who is it that will be assuming the prod admin role")
    assert "Who can assume <target>?" in refused.value.hint


@pytest.mark.parametrize("question", questions().values(), ids=lambda question: question.id)
def test_every_question_is_understood_as_it_is_written(question: Any) -> None:
    example = question.question
    for name, value in {
        "target": "prod admin",
        "from": "alice",
        "to": "prod admin",
        "days": "30",
        "principal": "alice",
        "action": "s3:GetObject",
        "resource": "arn:aws:s3:::b/k",
        "role": "ProdAdmin",
        "policy": "Everything",
        "group": "ops",
        "accounts": "prod",
    }.items():
        example = example.replace(f"{{{name}}}", value)
    assert understand(example).question.id == question.id


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80))
def test_any_text_is_understood_or_refused(text: str) -> None:
    with suppress(UsageError):
        assert understand(text).question.id in questions()


@settings(max_examples=50, deadline=None)
@given(st.from_regex(r"[A-Za-z][A-Za-z0-9+=,.@_-]{2,20}[a-z]", fullmatch=True))
def test_a_role_name_reaches_the_question_unchanged(name: str) -> None:
    found = understand(f'who can assume "{name}"')
    assert (found.question.id, found.given["target"]) == ("who-can-assume", name)


@pytest.mark.parametrize("pattern", ["who can {nobody}", "who (can", "who can) {target}"])
def test_a_malformed_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="pattern"):
        _ = Pattern(pattern, {"target": Slot.TARGET}).expression


@pytest.mark.parametrize("question", questions().values(), ids=lambda question: question.id)
def test_every_pattern_compiles(question: Any) -> None:
    slots = {name: parameter.slot for name, parameter in question.parameters.items()}
    assert all(Pattern(text, slots).expression for text in question.variations)


def test_the_evaluation_has_no_wrong_answer_and_few_that_are_not_understood() -> None:
    every = judged()
    assert [(one.sentence, one.became) for one in every if one.verdict == "wrong"] == []
    assert sum(one.verdict == "right" for one in every) >= 185
    assert sum(one.verdict == "missed" for one in every) <= 5


@pytest.mark.parametrize("name", HELD_OUT)
def test_sentences_that_were_held_out_are_answered_or_refused_and_never_wrongly(name: str) -> None:
    assert [(one.sentence, one.became) for one in held_out(name) if one.verdict == "wrong"] == []


@pytest.mark.parametrize("question", questions().values(), ids=lambda question: question.id)
def test_an_example_of_a_pattern_is_plain_words(question: Any) -> None:
    for text in question.variations:
        said = example(text)
        assert said
        assert not set("(){}|") & set(said)
        assert set(re.findall(r"<(\w+)>", said)) <= question.parameters.keys()
