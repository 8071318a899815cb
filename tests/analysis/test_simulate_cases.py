"""The decisions under tests/cases/simulate: the product's, and the naive evaluator's that it is held against."""

from __future__ import annotations

from collections import Counter

import pytest
from muniment.analysis.iam.simulate import simulate

from .naive.cases import Case, cases
from .naive.evaluator import evaluate

CASES = cases()
STRICT = [
    case
    for case in CASES
    if case.request["mode"] == "strict"
    and set(case.request["settings"]) <= {"management_account"}
    and not case.id.startswith("open/")
]
"""What the naive evaluator knows of: what is documented, neither what is not known nor what decides beside policies."""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_product_decides_as_documented(case: Case) -> None:
    answer = simulate(case.request)
    assert (answer["decision"], answer["explicit"]) == (case.decision, case.explicit), f"{case.why} {case.doc}"
    assert answer["id"] == case.id
    assert any(str(reason).startswith("not known: ") for reason in answer["because"]) is (case.decision == "unknown")
    if case.conditions is not None:
        assert answer["conditions"] == case.conditions
    if case.because is not None:
        assert answer["because"] == case.because


@pytest.mark.parametrize("case", STRICT, ids=lambda case: case.id)
def test_naive_evaluator_decides_as_documented(case: Case) -> None:
    answer = evaluate(case.request)
    assert (answer.decision, answer.explicit) == (case.decision, case.explicit), f"{case.why} {case.doc}"


def test_every_case_says_why_by_which_page() -> None:
    assert all(case.why and case.doc.startswith("https://docs.aws.amazon.com/") for case in CASES)
    assert [identity for identity, times in Counter(case.id for case in CASES).items() if times > 1] == []
