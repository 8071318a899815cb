"""What a collector is: the calls it makes, and the facts they become.

A service is one module of this folder with a module-level ``COLLECTOR``, found automatically. The calls that it
declares are all that it may make: the read permissions of the collector's role are derived from them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol, TypeAlias, TypeVar

from ...schema import Edge, Node, Refusal, ScopeId, Status
from .refusal import NOT_RECORDED, CallRefused, is_denial

Page: TypeAlias = dict[str, Any]
Params: TypeAlias = Mapping[str, Any]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Call:
    """One operation of one service, by the names that botocore gives them: ``iam``, ``ListRoles``."""

    service: str
    operation: str
    actions: tuple[str, ...]
    """The IAM actions it needs, the one named like it first."""
    absent: tuple[str, ...] = ()
    """Error codes that mean "there is none here": an answer, not a refusal."""
    tokens: tuple[str, str] | None = None
    """Request's and response's member for the next page, where botocore has no paginator for the operation."""

    name: str = ""
    """What the collector calls it, where two services have an operation of that name; else the operation's name."""

    @property
    def known_as(self) -> str:
        """What the collector calls it."""
        return self.name or self.operation

    @property
    def action(self) -> str:
        """What to call it in a refusal: the IAM action that was wanting."""
        return self.actions[0] if self.actions else f"{self.service}:{self.operation}"


class Level(StrEnum):
    """Where a collector runs."""

    ORGANIZATION = "organization"
    """Once, in the account that speaks for the organization."""
    ORGANIZATION_REGION = "organization-region"
    """In every region of the account that speaks for the organization."""
    ACCOUNT = "account"
    """Once in every account."""
    REGION = "region"
    """In every region of every account."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a person may ask of collectors beyond the default."""

    access_key_ids: bool = False
    """Read the ids of access keys too: one call for every user that has keys."""


class Source(Protocol):
    """Where responses come from: AWS, a recording, or a folder of files."""

    def pages(
        self,
        account: str,
        region: str,
        service: str,
        operation: str,
        params: Params,
        tokens: tuple[str, str] | None = None,
    ) -> Iterator[Page]:
        """The response pages of one call, each as botocore parses it; CallRefused where there is no answer."""
        ...


@dataclass(frozen=True, slots=True)
class ScopeStarted:
    """A collector begins."""

    scope: ScopeId


@dataclass(frozen=True, slots=True)
class CallMade:
    """A response page arrived, or a call was refused."""

    scope: ScopeId
    action: str
    refused: bool = False


@dataclass(frozen=True, slots=True)
class ScopeFinished:
    """A collector ended."""

    scope: ScopeId
    status: Status
    nodes: int
    edges: int


Event: TypeAlias = ScopeStarted | CallMade | ScopeFinished
Progress: TypeAlias = Callable[[Event], None]
"""Called from many threads, one call at a time."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one of several calls brought. ``refused`` is the error code where it was refused, None where it was not;
    ``absent`` the one that means "there is none here"."""

    pages: list[Page]
    refused: str | None = None
    absent: str | None = None

    @property
    def page(self) -> Page:
        """The first page; an empty one where there is none."""
        return self.pages[0] if self.pages else {}


class UndeclaredCall(Exception):
    """A collector made a call that it does not declare: a mistake in its code, never in the input."""


@dataclass
class Reader:
    """A collector's view of one scope: the account and region it is in, and the calls it declared."""

    source: Source
    collector: Collector
    scope: ScopeId
    account: str
    """The account that calls are made in."""
    partition: str = "aws"
    options: Options = field(default_factory=Options)
    sleep: Callable[[float], None] = lambda _: None
    """Waits that many seconds."""
    progress: Progress = lambda _: None
    executor: Executor | None = None
    """Runs the calls of ``many``; without it they are made one after the other."""
    pager: Executor | None = None
    """Asks for each page while the one before it is worked on. What it runs waits for nothing but the response."""
    calls: int = 0
    """Calls made: one for every page, and one for every refusal."""
    answered: int = 0
    """Calls that were answered, if only by "there is none"."""
    _refusals: dict[tuple[str, str], tuple[Refusal, int]] = field(default_factory=dict)
    _refused: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def region(self) -> str:
        """The region of the scope, ``global`` where it has none."""
        return self.scope.region

    def pages(self, operation: str, /, **params: Any) -> Iterator[Page]:
        """The response pages of a declared call; after a refusal, which is noted, no more.

        UndeclaredCall if the collector does not declare the operation.
        """
        pages = self._pages(self.collector.call(operation), params)
        return pages if self.pager is None else _ahead(pages, self.pager)

    def one(self, operation: str, /, **params: Any) -> Page | None:
        """The only page of a call; None where there is none, or where it was refused, which is noted."""
        return next(iter([*self.pages(operation, **params)]), None)

    def many(self, operation: str, items: Iterable[Params], /) -> Iterator[tuple[Params, list[Page]]]:
        """The same call for many items, several at a time; items and their pages in the order of ``items``."""
        call = self.collector.call(operation)
        if self.executor is None:
            for params in items:
                yield params, list(self._pages(call, params))
            return
        asked = list(items)
        answers = self.executor.map(lambda params: list(self._pages(call, params)), asked)
        yield from zip(asked, answers, strict=True)

    def each(self, operation: str, items: Iterable[Params], /) -> Iterator[tuple[Params, Answer]]:
        """As ``many``, telling for each item whether its call was refused: what is not known is not "none"."""
        call = self.collector.call(operation)

        def answer(params: Params) -> Answer:
            codes: list[str] = []
            pages = list(self._pages(call, params, codes))
            code = codes[0] if codes else None
            return Answer(pages, code) if code not in call.absent else Answer(pages, absent=code)

        asked = list(items)
        answers = map(answer, asked) if self.executor is None else self.executor.map(answer, asked)
        yield from zip(asked, answers, strict=True)

    def ahead(self, work: Callable[[], T], /) -> Callable[[], T]:
        """Begin work that makes calls, while the caller goes on; the result's call waits for it."""
        return work if self.executor is None else self.executor.submit(work).result

    def refused(self, operation: str) -> bool:
        """Whether a call of this operation was refused so far, or could not be made at all."""
        return self.collector.call(operation).known_as in self._refused

    def refuse(self, refusal: Refusal) -> None:
        """Note that something could not be read; the same refusal of many calls is kept once, counted."""
        key = (refusal.action, refusal.code)
        with self._lock:
            first, count = self._refusals.get(key, (refusal, 0))
            self._refusals[key] = (first, count + 1)

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """What could not be read, each once, the first message of each."""
        return tuple(
            refusal if count == 1 else Refusal(refusal.action, refusal.code, f"{refusal.message} [{count} times]")
            for refusal, count in self._refusals.values()
        )

    @property
    def status(self) -> Status:
        """How completely the scope was read so far."""
        if not self._refusals:
            return Status.COMPLETE
        codes = {code for _, code in self._refusals}
        if self.answered or codes == {NOT_RECORDED}:
            return Status.PARTIAL
        return Status.DENIED if all(map(is_denial, codes)) else Status.FAILED

    def _pages(self, call: Call, params: Params, codes: list[str] | None = None) -> Iterator[Page]:
        pages = self.source.pages(self.account, self.region, call.service, call.operation, params, call.tokens)
        try:
            for page in pages:
                self._count(call, answered=True)
                yield page
        except CallRefused as refused:
            absent = refused.code in call.absent
            if codes is not None:
                codes.append(refused.code)
            self._count(call, answered=absent)
            if not absent:
                self._refused.add(call.known_as)
                self.refuse(Refusal(refused.action or call.action, refused.code, refused.message))

    def _count(self, call: Call, *, answered: bool) -> None:
        with self._lock:
            self.calls += 1
            self.answered += answered
        self.progress(CallMade(self.scope, call.action, refused=not answered))


def _ahead(pages: Iterator[Page], pager: Executor) -> Iterator[Page]:
    coming = pager.submit(next, pages, None)
    while (page := coming.result()) is not None:
        coming = pager.submit(next, pages, None)
        yield page


@dataclass(frozen=True, slots=True)
class Collector:
    """One service's collector. ``collect`` turns calls into facts, and never fails because a call was refused."""

    name: str
    """Last part of its scopes."""
    level: Level
    calls: tuple[Call, ...]
    collect: Callable[[Reader], Iterator[Node | Edge]]
    description: str
    delegate: str = ""
    """For an organization's collector: the service whose delegated administrators may answer for it,
    ``sso.amazonaws.com``, where the management account cannot be read."""
    on_request: bool = False
    """Whether it runs only where it is named: for what takes many calls, or what most accounts do not have."""
    regions: frozenset[str] = frozenset()
    """For a collector of every region: those that have the service, where botocore knows no endpoints of it."""

    def call(self, operation: str) -> Call:
        """The declared call of that operation; UndeclaredCall if there is none."""
        for call in self.calls:
            if call.known_as == operation:
                return call
        raise UndeclaredCall(f"the collector {self.name} calls {operation}, which it does not declare")
