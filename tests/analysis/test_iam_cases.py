"""Every case under tests/cases/iam: given policies and a request, what AWS's documentation says of it."""

from __future__ import annotations

from typing import Any

import pytest
from muniment.analysis.iam.conditions.context import Context
from muniment.analysis.iam.conditions.formula import Unsure
from muniment.analysis.iam.evaluation.evaluate import Policies, decide
from muniment.analysis.iam.evaluation.request import Request
from muniment.analysis.iam.policies.principals import Caller, CallerKind
from muniment.analysis.iam.policies.statements import Policy

from .written_cases import cases_in

NAMES = """
id why doc principal action resource resource_account context mode version identity boundary session
resource_policy scp rcp guarded condition unread expect explicit conditions because
"""
KNOWN = set(NAMES.split())
"""What a case may say."""


@pytest.mark.parametrize("case", list(cases_in("iam")))
def test_case(case: dict[str, Any]) -> None:
    assert set(case) <= KNOWN
    decision = decide(request(case), policies(case))
    assert decision.word == case["expect"], decision
    assert bool(decision.conditions) is bool(decision.sentences) is (decision.word == "conditional")
    if "explicit" in case:
        assert getattr(decision, "explicit", None) is case["explicit"]
    if "conditions" in case:
        assert list(decision.conditions) == case["conditions"]
    if "because" in case:
        assert [str(reason) for reason in decision.because] == case["because"]


def request(case: dict[str, Any]) -> Request:
    context = Context.of(case.get("context") or {}, closed=case.get("mode", "discover") == "strict")
    caller = caller_of(case["principal"])
    account = case.get("resource_account", caller.account)
    return Request(caller, case["action"], case.get("resource", "*"), account, context)


def caller_of(principal: Any) -> Caller:
    if isinstance(principal, str):
        return Caller.of_arn(principal)
    (kind, name), *_ = principal.items()
    return Caller(CallerKind(kind), str(name))


def policies(case: dict[str, Any]) -> Policies:
    version = case.get("version", "2012-10-17")
    identity = case.get("identity", [])
    if "condition" in case:
        identity = [{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": case["condition"]}]

    def policy(statements: Any, name: str) -> Policy:
        if isinstance(statements, list):
            statements = {"Statement": statements} | ({"Version": version} if version else {})
        return Policy.parse(statements, name)

    def levels(name: str) -> Any:
        return tuple(
            (f"level-{number}", (policy(statements, f"{name}-{number}"),))
            for number, statements in enumerate(case.get(name) or [], 1)
        )

    def optional(name: str) -> tuple[Policy, ...] | None:
        return (policy(case[name], name),) if case.get(name) is not None else None

    return Policies(
        identity=(policy(identity, "identity"),),
        boundary=optional("boundary"),
        session=optional("session"),
        resource=optional("resource_policy") or (),
        service_control=levels("scp"),
        resource_control=levels("rcp"),
        guarded=case.get("guarded", False),
        unread={stage: Unsure(reason) for stage, reason in case.get("unread", {}).items()},
    )


def test_ids_are_unique() -> None:
    ids = [parameter.values[0]["id"] for parameter in cases_in("iam")]
    assert len(ids) == len(set(ids))
