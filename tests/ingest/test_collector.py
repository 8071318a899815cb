"""What every collector can rely on: declared calls only, refusals that end nothing, an honest status."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from muniment.ingest import listing as listing_module
from muniment.ingest.aws import collectors, declared_calls
from muniment.ingest.aws.collector import (
    Call,
    CallMade,
    Collector,
    Event,
    Level,
    Reader,
    ScopeFinished,
    ScopeStarted,
    UndeclaredCall,
)
from muniment.ingest.aws.plan import Plan, Task
from muniment.ingest.listing import listings
from muniment.schema import Edge, Node, Ownership, ScopeId, Status

from .scripted import ACCOUNT, Scripted

ROLES = Call("iam", "ListRoles", ("iam:ListRoles",))
POLICY = Call("iam", "GetAccountPasswordPolicy", ("iam:GetAccountPasswordPolicy",), absent=("NoSuchEntity",))
SCOPE = ScopeId("aws", ACCOUNT, "global", "some")


def some(collect: Any, *calls: Call) -> Collector:
    """A collector that makes calls."""
    return Collector("some", Level.ACCOUNT, calls or (ROLES, POLICY), collect, "For the tests.")


def reader(calls: list[dict[str, Any]]) -> Reader:
    """A reader of a written case."""
    return Reader(Scripted(calls), some(lambda _: iter(())), SCOPE, ACCOUNT)


def test_a_call_that_is_not_declared_is_a_mistake_in_the_code() -> None:
    with pytest.raises(UndeclaredCall, match="some calls ListUsers, which it does not declare"):
        reader([]).pages("ListUsers")


def test_every_collector_is_found_and_declares_actions() -> None:
    assert {"account", "iam"} <= collectors().keys()
    for name, collector in collectors().items():
        assert name == collector.name
        assert len({call.known_as for call in collector.calls}) == len(collector.calls)
    assert all(call.actions for call in declared_calls() if call.operation != "GetCallerIdentity")


@pytest.mark.parametrize(
    ("calls", "status"),
    [
        ([{"operation": "ListRoles", "pages": [{"Roles": []}]}], Status.COMPLETE),
        ([{"operation": "ListRoles", "refused": "AccessDenied"}], Status.DENIED),
        ([{"operation": "ListRoles", "refused": "UnauthorizedOperation"}], Status.DENIED),
        ([{"operation": "ListRoles", "refused": "Throttling"}], Status.FAILED),
        ([{"operation": "ListRoles", "refused": "ExpiredToken"}], Status.FAILED),
        ([{"operation": "ListRoles", "pages": [{"Roles": []}], "refused": "AccessDenied"}], Status.PARTIAL),
        ([], Status.PARTIAL),
    ],
)
def test_the_status_says_how_completely_it_was_read(calls: list[dict[str, Any]], status: Status) -> None:
    reading = reader(calls)
    list(reading.pages("ListRoles"))
    assert reading.status is status


def test_none_is_an_answer() -> None:
    reading = reader([{"operation": "GetAccountPasswordPolicy", "refused": "NoSuchEntity"}])
    assert reading.one("GetAccountPasswordPolicy") is None
    assert (reading.status, reading.refusals, reading.calls) == (Status.COMPLETE, (), 1)
    assert not reading.refused("GetAccountPasswordPolicy")


def test_the_same_refusal_of_many_calls_is_kept_once() -> None:
    reading = reader([{"operation": "ListRoles", "refused": "AccessDenied", "message": "no"}])
    for _ in range(3):
        list(reading.pages("ListRoles"))
    assert [str(refusal) for refusal in reading.refusals] == ["AccessDenied: iam:ListRoles (no [3 times])"]
    assert reading.refused("ListRoles")


def run(collect: Any, *, tasks: int = 1, concurrency: int = 8, progress: Any = lambda _: None, skip: Any = ()) -> Any:
    """The listings of a plan with so many scopes of one collector."""
    source = Scripted([{"operation": "ListRoles", "pages": [{"Roles": [1]}, {"Roles": [2]}]}])
    scopes = tuple(ScopeId("aws", f"{number:012}", "global", "some") for number in range(tasks))
    plan = Plan("aws", ACCOUNT, None, None, (), tasks=tuple(Task(scope, scope.account) for scope in scopes))
    return listings(plan, source, known={"some": some(collect)}, concurrency=concurrency, progress=progress, skip=skip)


def test_a_mistake_in_a_collector_fails_its_scope_and_no_other() -> None:
    def collect(reading: Reader) -> Iterator[Node | Edge]:
        yield Node("Account", "a")
        yield Edge("CONTAINS", "a", "never stated")
        list(reading.pages("ListRoles"))
        if reading.account.endswith("1"):
            raise KeyError("RoleName")

    good, bad = sorted(run(collect, tasks=2), key=lambda listing: listing.scope)
    assert good.status is Status.COMPLETE
    assert bad.status is Status.FAILED
    assert [str(refusal) for refusal in bad.refusals] == ["KeyError: some ('RoleName')"]
    assert [node.id for node in bad.nodes] == ["a"]
    assert bad.edges == []


def test_what_is_listed_is_more_than_what_is_named() -> None:
    def collect(_: Reader) -> Iterator[Node | Edge]:
        yield Node("Role", "r", {"name": "named"}, Ownership.REFERENCE)
        yield Node("Role", "r", {"name": "listed"})
        yield Node("Role", "r", {"name": "named again"}, Ownership.REFERENCE)
        yield Edge("HAS_ROLE", "r", "r")
        yield Edge("HAS_ROLE", "r", "r")

    (listing,) = run(collect)
    assert [(node.properties["name"], node.ownership) for node in listing.nodes] == [("listed", Ownership.SCOPE)]
    assert len(listing.edges) == 1


def test_a_run_can_skip_what_an_earlier_one_completed() -> None:
    done = {ScopeId("aws", f"{number:012}", "global", "some") for number in (0, 2)}
    left = [listing.scope.account for listing in run(lambda _: iter(()), tasks=4, skip=done)]
    assert sorted(left) == ["000000000001", "000000000003"]


def test_no_more_scopes_are_read_at_a_time_than_allowed_and_few_ahead_of_who_takes_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(listing_module, "HELD", 2)
    reading, most, lock = set(), [0], threading.Lock()

    def collect(one: Reader) -> Iterator[Node | Edge]:
        with lock:
            reading.add(one.scope)
            most[0] = max(most[0], len(reading))
        yield Node("Account", one.account)
        with lock:
            reading.discard(one.scope)

    started: list[Event] = []
    taken = run(collect, tasks=50, concurrency=3, progress=lambda e: started.append(e))
    next(taken)
    next(taken)
    threading.Event().wait(0.05)
    assert sum(isinstance(event, ScopeStarted) for event in started) <= 2 + 2 + 3, "taken, waiting, and being read"
    assert len(list(taken)) == 48
    assert most[0] <= 3


def test_closing_the_listings_ends_the_reading() -> None:
    first, go_on, events = threading.Event(), threading.Event(), []

    def collect(one: Reader) -> Iterator[Node | Edge]:
        if one.account.endswith("1"):
            first.set()
            go_on.wait(10)
        yield from (Node("Account", one.account) for _ in one.pages("ListRoles"))

    taken = run(collect, tasks=9, concurrency=2, progress=events.append)
    next(taken)
    first.wait(10)
    taken.close()
    before = len(events)
    go_on.set()
    threading.Event().wait(0.05)
    assert not [event for event in events[before:] if isinstance(event, ScopeFinished | CallMade)]


def test_calls_given_up_because_the_reading_ends_are_no_mistake(caplog: pytest.LogCaptureFixture) -> None:
    asked = threading.Event()

    def collect(one: Reader) -> Iterator[Node | Edge]:
        if one.account.endswith("1"):
            asked.wait(10)
            threading.Event().wait(0.05)
        list(one.many("ListRoles", [{"PathPrefix": str(number)} for number in range(200)]))
        return iter(())

    taken = run(collect, tasks=2, concurrency=2)
    next(taken)
    asked.set()
    taken.close()
    threading.Event().wait(0.2)
    assert caplog.records == []


def test_progress_tells_of_scopes_and_calls() -> None:
    events: list[Event] = []
    list(run(lambda one: iter([None for _ in one.pages("ListRoles")][:0]), progress=events.append))
    scope = ScopeId("aws", "0" * 12, "global", "some")
    assert events == [
        ScopeStarted(scope),
        CallMade(scope, "iam:ListRoles"),
        CallMade(scope, "iam:ListRoles"),
        ScopeFinished(scope, Status.COMPLETE, 0, 0),
    ]


def test_many_calls_answer_in_the_order_in_which_they_were_asked() -> None:
    seen: list[Any] = []

    def collect(one: Reader) -> Iterator[Node | Edge]:
        items = [{"PathPrefix": str(number)} for number in range(40)]
        seen.extend(one.many("ListRoles", items))
        return iter(())

    (listing,) = run(collect)
    assert [int(params["PathPrefix"]) for params, _ in seen] == list(range(40))
    assert all(pages == [{"Roles": [1]}, {"Roles": [2]}] for _, pages in seen)
    assert listing.calls == 80
