"""An answer says what it does not know."""

from __future__ import annotations

from typing import Any

import pytest
from muniment.ingest.aws import collectors
from muniment.queries.atlas import Atlas
from muniment.queries.environments import Place
from muniment.queries.knowledge import ON_REQUEST, assess

ATLAS = Atlas({"1": Place("1", "one"), "2": Place("2", "two")}, {"1": "ACTIVE", "2": "ACTIVE"}, frozenset({"1", "2"}))


def scope(id_: str, status: str = "complete", completed_at: str | None = "2026-01-31T10:00:00Z", *refusals: str) -> Any:
    _, account, _, collector = id_.split("/")
    return {
        "id": id_,
        "account_id": account,
        "collector": collector,
        "status": status,
        "completed_at": completed_at,
        "attempted_at": "2026-01-31T12:00:00Z",
        "refusals": list(refusals) or None,
    }


WHOLE = [
    scope("aws/1/global/organizations", completed_at="2026-01-31T09:00:00Z"),
    scope("aws/1/global/iam"),
    scope("aws/2/global/iam"),
    scope("muniment/all/global/can-assume", completed_at="2026-01-31T11:00:00Z"),
]


def judged(scopes: list[Any], accounts: tuple[str, ...] = ()) -> Any:
    return assess(scopes, ATLAS, ("iam", "organizations"), ("can-assume",), accounts)


def replaced(found: Any) -> list[Any]:
    return [found if old["id"] == found["id"] else old for old in WHOLE]


def test_everything_read_is_complete_as_of_the_oldest() -> None:
    found = judged(WHOLE)
    assert found.complete
    assert found.as_of == "2026-01-31T09:00:00Z"


@pytest.mark.parametrize("status", ["partial", "denied", "failed", "interrupted"])
def test_a_scope_that_was_not_read_completely(status: str) -> None:
    found = judged(
        replaced(scope("aws/2/global/iam", status, None, "AccessDenied: iam:GetAccountAuthorizationDetails"))
    )
    assert [(m.scope, m.reason) for m in found.missing] == [
        ("aws/2/global/iam", "AccessDenied: iam:GetAccountAuthorizationDetails")
    ]


def test_a_scope_that_was_complete_once_is_stale() -> None:
    (missing,) = judged(
        replaced(scope("aws/2/global/iam", "denied", "2026-01-01T00:00:00Z", "AccessDenied: x"))
    ).missing
    assert missing.reason == "AccessDenied: x; what it states is as of 2026-01-01T00:00:00Z"


def test_an_account_that_nobody_read() -> None:
    (missing,) = judged([s for s in WHOLE if s["id"] != "aws/2/global/iam"]).missing
    assert (missing.scope, missing.reason) == ("aws/2/global/iam", "two was never read")


def test_an_account_that_is_closed_need_not_be_read() -> None:
    atlas = Atlas(ATLAS.places, {"1": "ACTIVE", "2": "SUSPENDED"}, ATLAS.known)
    assert assess([s for s in WHOLE if s["id"] != "aws/2/global/iam"], atlas, ("iam",), ()).complete


def test_a_collector_that_never_ran() -> None:
    (missing,) = judged([s for s in WHOLE if not s["id"].endswith("organizations")]).missing
    assert (missing.scope, missing.reason) == ("aws/*/*/organizations", "never read")


def test_a_collector_that_runs_on_request_is_told_how_to_be_asked_for() -> None:
    (missing,) = assess(WHOLE, ATLAS, ("iam", "user-credentials")).missing
    assert missing.reason == "never read: `muniment ingest aws --also user-credentials` reads it"
    assert {name for name, one in collectors().items() if one.on_request} == ON_REQUEST


def test_an_analysis_that_was_never_made() -> None:
    (missing,) = judged(WHOLE[:-1]).missing
    assert missing.scope == "muniment/all/global/can-assume"


def test_an_analysis_older_than_its_facts() -> None:
    old = scope("muniment/all/global/can-assume", completed_at="2026-01-31T09:30:00Z")
    (missing,) = judged(replaced(old)).missing
    assert "before facts that were read" in missing.reason


def test_only_the_accounts_asked_about_count() -> None:
    broken = replaced(scope("aws/2/global/iam", "denied", None, "AccessDenied: x"))
    assert judged(broken, ("1",)).complete
    assert not judged(broken, ("2",)).complete


def test_what_there_was_to_read_may_itself_not_be_known() -> None:
    found = judged([*WHOLE, scope("aws/1/global/discovery", "partial", None, "AccessDenied: ec2:DescribeRegions")])
    assert [m.scope for m in found.missing] == ["aws/1/global/discovery"]


def test_nothing_ingested_is_incomplete() -> None:
    found = judged([])
    assert not found.complete
    assert found.as_of is None
    assert "muniment demo" in found.missing[0].reason
