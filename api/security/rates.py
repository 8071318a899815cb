"""How much a caller may ask in a while. Each process of the API counts for itself."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import ip_network

from limits import RateLimitItem, parse

from ..graphql.failures import Code, failure
from .caller import Caller

REQUESTS = "600/minute"
COST = "300000/minute"
"""Nodes that could be read, as the limits on one request count them."""
STRANGERS = "30/minute"
"""Requests of one address that nobody is known to make. They are answered briefly from then on, and not recorded."""
_NETWORK = 64
"""Whoever has an address of IPv6 has all that begin with these bits."""


class Window:
    """How much was taken by whom in a span of time that ends now, told from two that stand still.

    Of what was taken in the one before, the share counts that still lies within. Nothing needs to be cleared away: what
    two spans ago was taken is forgotten as a whole. (The windows of ``limits`` start a thread now and then to do so,
    which takes as long as an answer.)
    """

    def __init__(self, item: RateLimitItem, now: Callable[[], float] = time.monotonic) -> None:
        self.item = item
        self.most, self.seconds = item.amount, item.get_expiry()
        self._now = now
        self._number = 0
        self._taken: dict[str, int] = {}
        self._before: dict[str, int] = {}

    def wait(self, key: str, amount: int) -> float:
        """Seconds until so much can be taken; 0 where it can be now."""
        elapsed = self._turn()
        taken, before = self._taken.get(key, 0), self._before.get(key, 0)
        room = self.most - amount - taken
        if before * (1 - elapsed) <= room:
            return 0.0
        if room >= 0:
            return (1 - room / before - elapsed) * self.seconds
        return (2 - max(self.most - amount, 0) / (taken or amount) - elapsed) * self.seconds

    def take(self, key: str, amount: int) -> None:
        """Take it, whether or not it can be."""
        self._turn()
        self._taken[key] = self._taken.get(key, 0) + amount

    def _turn(self) -> float:
        """Begin a new span where one is over; the share of it that is over."""
        number, elapsed = divmod(self._now(), self.seconds)
        if number != self._number:
            self._before = self._taken if number == self._number + 1 else {}
            self._taken, self._number = {}, int(number)
        return elapsed / self.seconds


@dataclass
class Rates:
    """Counts requests, and what they cost, by caller; and failures to say who one is, by address."""

    requests: RateLimitItem = field(default_factory=lambda: parse(REQUESTS))
    cost: RateLimitItem = field(default_factory=lambda: parse(COST))
    strangers: RateLimitItem = field(default_factory=lambda: parse(STRANGERS))
    now: Callable[[], float] = time.monotonic

    def __post_init__(self) -> None:
        self._requests, self._cost, self._strangers = (
            Window(item, self.now) for item in (self.requests, self.cost, self.strangers)
        )

    def request(self, caller: Caller) -> None:
        """Count a request; RATE_LIMITED where it is one too many."""
        _take(self._requests, "requests", _key(caller), 1)

    def spend(self, caller: Caller, cost: int) -> None:
        """Count what a request costs."""
        _take(self._cost, "nodes that could be read", _key(caller), max(cost, 1))

    def stranger(self, address: str) -> None:
        """Count a request that nobody is known to make; RATE_LIMITED where too many came from there.

        Callers who are known are not held to it: behind a proxy all come from one address.
        """
        _take(self._strangers, "requests without a token that is known", _neighbourhood(address), 1)


def _take(window: Window, what: str, key: str, amount: int) -> None:
    if (wait := window.wait(key, amount)) > 0:
        said = f"no more than {window.most:,} {what} in {window.seconds} seconds"
        raise failure(Code.RATE_LIMITED, said, more={"retryAfter": math.ceil(wait)})
    window.take(key, amount)


def _key(caller: Caller) -> str:
    return f"{caller.kind}/{caller.token_id or caller.name}"


def _neighbourhood(address: str) -> str:
    """An address, or of IPv6 the network that is one subscriber's."""
    if ":" not in address:
        return address
    try:
        return str(ip_network((address.partition("%")[0], _NETWORK), strict=False))
    except ValueError:
        return address
