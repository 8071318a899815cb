"""How much a caller may ask in a while. Each process of the API counts for itself."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from ..graphql.failures import Code, failure
from .caller import Caller

REQUESTS = "600/minute"
COST = "300000/minute"
"""Nodes that could be read, as the limits on one request count them."""
STRANGERS = "30/minute"
"""Requests of one address that nobody is known to make. They are answered without asking who it is from then on."""


@dataclass
class Rates:
    """Counts requests, and what they cost, by caller; and failures to say who one is, by address."""

    requests: RateLimitItem = field(default_factory=lambda: parse(REQUESTS))
    cost: RateLimitItem = field(default_factory=lambda: parse(COST))
    strangers: RateLimitItem = field(default_factory=lambda: parse(STRANGERS))
    _limiter: SlidingWindowCounterRateLimiter = field(
        default_factory=lambda: SlidingWindowCounterRateLimiter(MemoryStorage())
    )

    def request(self, caller: Caller) -> None:
        """Count a request; RATE_LIMITED where it is one too many."""
        self._take(self.requests, "requests", _key(caller), 1)

    def spend(self, caller: Caller, cost: int) -> None:
        """Count what a request costs."""
        self._take(self.cost, "nodes that could be read", _key(caller), max(cost, 1))

    def let_in(self, address: str) -> None:
        """RATE_LIMITED for an address from which too many came that nobody knows."""
        if not self._limiter.test(self.strangers, address):
            raise self._too_much(self.strangers, "requests without a token that is known", address)

    def stranger(self, address: str) -> None:
        """Count a request that nobody is known to make."""
        self._limiter.hit(self.strangers, address)

    def _take(self, item: RateLimitItem, what: str, key: str, cost: int) -> None:
        if not self._limiter.hit(item, key, cost=cost):
            raise self._too_much(item, what, key)

    def _too_much(self, item: RateLimitItem, what: str, key: str) -> Exception:
        reset = self._limiter.get_window_stats(item, key).reset_time
        seconds = min(max(1, math.ceil(reset - time.time())), item.get_expiry())
        error = failure(Code.RATE_LIMITED, f"no more than {item.amount:,} {what} in {item.get_expiry()} seconds")
        assert error.extensions is not None
        error.extensions["retryAfter"] = seconds
        return error


def _key(caller: Caller) -> str:
    return f"{caller.kind}/{caller.token_id or caller.name}"
