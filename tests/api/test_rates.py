"""How much may be asked in a while: never more in any span of a window, and it is told when again."""

from __future__ import annotations

import pytest
from graphql import GraphQLError
from hypothesis import given
from hypothesis import strategies as st
from limits import parse
from muniment.api.security.rates import Rates, Window


class _Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@given(st.lists(st.tuples(st.floats(0, 50), st.integers(1, 4)), max_size=60))
def test_who_waits_as_long_as_it_is_told_may_take_and_no_sooner(asked: list[tuple[float, int]]) -> None:
    clock = _Clock()
    window = Window(parse("10/30seconds"), clock)
    within: dict[int, int] = {}
    for pause, amount in asked:
        clock.now += pause
        if (wait := window.wait("a", amount)) > 0:
            clock.now += wait / 2
            assert window.wait("a", amount) > 0
            clock.now += wait / 2 + 1e-6
        assert window.wait("a", amount) == 0
        window.take("a", amount)
        span = int(clock.now // 30)
        within[span] = within.get(span, 0) + amount
        assert within[span] <= 10
    assert window.wait("b", 10) == 0


def test_what_was_taken_long_ago_is_forgotten() -> None:
    clock = _Clock()
    window = Window(parse("2/second"), clock)
    for number in range(1_000):
        window.take(str(number), 1)
    clock.now = 5
    window.take("a", 1)
    assert (len(window._taken), len(window._before)) == (1, 0)


def test_all_addresses_of_one_network_are_one_stranger() -> None:
    """Whoever has an address of IPv6 has 2^64 of them."""
    rates = Rates(strangers=parse("3/minute"), now=_Clock())
    for number in range(3):
        rates.stranger(f"2001:db8:1:2::{number}")
    for address in ("2001:db8:1:2:ffff::1", "2001:DB8:1:2::1%eth0"):
        with pytest.raises(GraphQLError):
            rates.stranger(address)
    for address in ("2001:db8:1:3::1", "192.0.2.1", "unknown", "no:address"):
        rates.stranger(address)
