"""What a refused request lacks is said, policy by policy: the cases of ``cases/lacking.yaml``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from muniment.analysis.iam.estates.permissions import Permissions
from muniment.analysis.iam.evaluation.decisions import Deny

from ..written import written
from .small_estate import arn, estate

FILE = written(Path(__file__).parents[1] / "cases" / "lacking.yaml")


@pytest.mark.parametrize("case", FILE["cases"], ids=lambda case: case["name"])
def test_what_is_lacking_is_said(case: dict[str, Any]) -> None:
    known = estate(FILE["estate"])
    identity = known.identity(arn(case["caller"]))
    assert identity is not None
    decision = Permissions(known, case["action"], arn(case.get("resource", "*"))).of(identity)
    assert isinstance(decision, Deny)
    said = [str(reason) for reason in decision.because if reason.statement is None]
    assert len(said) == len(case["lacks"])
    assert all(one.endswith(wanted) for one, wanted in zip(said, case["lacks"], strict=True)), said
