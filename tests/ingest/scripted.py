"""A source that answers from a written case, and says when it was not asked for what the case holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from muniment.ingest import Plan, listings
from muniment.ingest.aws.collector import Options, Page, Params
from muniment.ingest.aws.plan import Task
from muniment.ingest.aws.refusal import CallRefused
from muniment.ingest.aws.session import Identity
from muniment.schema import Listing, ScopeId

ACCOUNT = "111122223333"


@dataclass
class Scripted:
    """Answers ``(service, operation)`` with pages, or with a CallRefused after those that come before it.

    A case may tell apart calls by parameters: ``{"operation": …, "params": {…}, "pages": […]}``.
    """

    calls: list[dict[str, Any]]
    identity: Identity = field(default_factory=lambda: Identity(ACCOUNT, f"arn:aws:iam::{ACCOUNT}:user/auditor"))
    enterable: frozenset[str] = frozenset()
    asked: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)

    def can_enter(self, account: str) -> bool:
        """Whether the case lets the account be entered."""
        return account in self.enterable

    def pages(
        self,
        account: str,
        region: str,
        service: str,
        operation: str,
        params: Params,
        tokens: tuple[str, str] | None = None,
    ) -> Iterator[Page]:
        """The pages of the first call in the case that fits."""
        self.asked.append((account, operation, dict(params)))
        for call in self.calls:
            fits = call["operation"] == operation and call.get("account", account) == account
            if fits and all(params.get(name) == value for name, value in call.get("params", {}).items()):
                yield from call.get("pages", ())
                if "refused" in call:
                    raise CallRefused(call["refused"], call.get("message", ""))
                return
        raise CallRefused("NotRecorded", "the case does not hold this call")


def read_scope(source: Any, collector: str, *, region: str = "global", options: Options | None = None) -> Listing:
    """The listing of one collector's scope in the case's account."""
    task = Task(ScopeId("aws", ACCOUNT, region, collector), ACCOUNT)
    plan = Plan("aws", ACCOUNT, None, None, (ACCOUNT,), tasks=(task,), options=options or Options())
    (listing,) = listings(plan, source, sleep=lambda _: None)
    return listing
