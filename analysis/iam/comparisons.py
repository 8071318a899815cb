"""How each condition operator compares one value of the request with the values of a policy.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_network

from .patterns import ARN_SEGMENTS, Matcher, glob


class Incomparable(ValueError):
    """A value is not of the operator's type, so that nobody can say what AWS makes of it."""


class Operator(StrEnum):
    """The condition operators, without prefix and suffix."""

    STRING_EQUALS = "StringEquals"
    STRING_NOT_EQUALS = "StringNotEquals"
    STRING_EQUALS_IGNORE_CASE = "StringEqualsIgnoreCase"
    STRING_NOT_EQUALS_IGNORE_CASE = "StringNotEqualsIgnoreCase"
    STRING_LIKE = "StringLike"
    STRING_NOT_LIKE = "StringNotLike"
    NUMERIC_EQUALS = "NumericEquals"
    NUMERIC_NOT_EQUALS = "NumericNotEquals"
    NUMERIC_LESS_THAN = "NumericLessThan"
    NUMERIC_LESS_THAN_EQUALS = "NumericLessThanEquals"
    NUMERIC_GREATER_THAN = "NumericGreaterThan"
    NUMERIC_GREATER_THAN_EQUALS = "NumericGreaterThanEquals"
    DATE_EQUALS = "DateEquals"
    DATE_NOT_EQUALS = "DateNotEquals"
    DATE_LESS_THAN = "DateLessThan"
    DATE_LESS_THAN_EQUALS = "DateLessThanEquals"
    DATE_GREATER_THAN = "DateGreaterThan"
    DATE_GREATER_THAN_EQUALS = "DateGreaterThanEquals"
    BOOL = "Bool"
    BINARY_EQUALS = "BinaryEquals"
    IP_ADDRESS = "IpAddress"
    NOT_IP_ADDRESS = "NotIpAddress"
    ARN_EQUALS = "ArnEquals"
    ARN_LIKE = "ArnLike"
    ARN_NOT_EQUALS = "ArnNotEquals"
    ARN_NOT_LIKE = "ArnNotLike"
    NULL = "Null"

    negative: bool
    """Whether it wants the key not to match: then a missing key meets it."""
    takes_variables: bool
    """Whether policy variables count in its values."""
    takes_wildcards: bool
    """Whether ``*`` and ``?`` in its values are wildcards."""

    def __init__(self, name: str) -> None:
        self.negative = "Not" in name
        self.takes_variables = name.startswith(("String", "Arn", "Bool"))
        self.takes_wildcards = name.startswith("Arn") or name.endswith("Like")


Comparison = Callable[[str, tuple[str, ...]], bool]
"""Whether one value of the request matches any value of the policy, before any negation."""


def _equals(value: str, wanted: tuple[str, ...]) -> bool:
    return value in wanted


def _equals_ignoring_case(value: str, wanted: tuple[str, ...]) -> bool:
    folded = value.lower()
    return any(folded == text.lower() for text in wanted)


def _like(value: str, wanted: tuple[str, ...]) -> bool:
    return any(glob(pattern)(value) for pattern in wanted)


def _arn_like(value: str, wanted: tuple[str, ...]) -> bool:
    return any(condition_arn_matches(pattern, value) for pattern in wanted)


def condition_arn_matches(pattern: str, value: str) -> bool:
    """Whether an ARN matches the pattern, each of the six segments by itself."""
    if pattern == "*":
        return True
    segments, parts = _by_segment(pattern), value.split(":", ARN_SEGMENTS - 1)
    return len(parts) == ARN_SEGMENTS and all(matches(part) for matches, part in zip(segments, parts, strict=True))


@lru_cache(maxsize=65536)
def _by_segment(pattern: str) -> tuple[Matcher, ...]:
    patterns = pattern.split(":", ARN_SEGMENTS - 1)
    if len(patterns) != ARN_SEGMENTS:
        raise Incomparable(f"{pattern!r} is not an ARN")
    return tuple(map(glob, patterns))


def _bool(value: str, wanted: tuple[str, ...]) -> bool:
    folded = value.lower()
    return any(folded == text.lower() for text in wanted)


def _binary(value: str, wanted: tuple[str, ...]) -> bool:
    return any(binary(value) == binary(text) for text in wanted)


def _network(value: str, wanted: tuple[str, ...]) -> bool:
    address = network(value)
    return any(within(address, network(text)) for text in wanted)


def within(inner: IPv4Network | IPv6Network, outer: IPv4Network | IPv6Network) -> bool:
    """Whether the one network lies in the other; never across families."""
    if inner.version != outer.version or inner.prefixlen < outer.prefixlen:
        return False
    return inner.network_address in outer


def _ordered(parse: Callable[[str], Decimal], met: Callable[[Decimal, Decimal], bool]) -> Comparison:
    def compare(value: str, wanted: tuple[str, ...]) -> bool:
        number = parse(value)
        return any(met(number, parse(text)) for text in wanted)

    return compare


@lru_cache(maxsize=65536)
def number(text: str) -> Decimal:
    """A number as policies write it; Incomparable for another text."""
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        raise Incomparable(f"{text!r} is not a number") from None
    if not value.is_finite():
        raise Incomparable(f"{text!r} is not a number")
    return value


@lru_cache(maxsize=65536)
def moment(text: str) -> Decimal:
    """A date as seconds since 1970: ISO 8601, or the seconds themselves; Incomparable for another text."""
    try:
        return number(text)
    except Incomparable:
        pass
    try:
        parsed = datetime.fromisoformat(text.strip())
    except ValueError:
        raise Incomparable(f"{text!r} is not a date") from None
    if parsed.tzinfo is None:
        parsed = parsed.replace(tzinfo=UTC)
    since = parsed - datetime(1970, 1, 1, tzinfo=UTC)
    return Decimal(since.days * 86400 + since.seconds) + Decimal(since.microseconds) / 1_000_000


@lru_cache(maxsize=65536)
def network(text: str) -> IPv4Network | IPv6Network:
    """An address or a CIDR range; Incomparable for another text."""
    try:
        return ip_network(text.strip(), strict=False)
    except ValueError:
        raise Incomparable(f"{text!r} is not an IP address or range") from None


@lru_cache(maxsize=4096)
def binary(text: str) -> bytes:
    """Base64 decoded; Incomparable for another text."""
    try:
        return b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Incomparable(f"{text!r} is not base64") from None


def _orderings(prefix: str, parse: Callable[[str], Decimal]) -> dict[Operator, Comparison]:
    equals = _ordered(parse, lambda a, b: a == b)
    return {
        Operator(f"{prefix}Equals"): equals,
        Operator(f"{prefix}NotEquals"): equals,
        Operator(f"{prefix}LessThan"): _ordered(parse, lambda a, b: a < b),
        Operator(f"{prefix}LessThanEquals"): _ordered(parse, lambda a, b: a <= b),
        Operator(f"{prefix}GreaterThan"): _ordered(parse, lambda a, b: a > b),
        Operator(f"{prefix}GreaterThanEquals"): _ordered(parse, lambda a, b: a >= b),
    }


COMPARISONS: Mapping[Operator, Comparison] = {
    Operator.STRING_EQUALS: _equals,
    Operator.STRING_NOT_EQUALS: _equals,
    Operator.STRING_EQUALS_IGNORE_CASE: _equals_ignoring_case,
    Operator.STRING_NOT_EQUALS_IGNORE_CASE: _equals_ignoring_case,
    Operator.STRING_LIKE: _like,
    Operator.STRING_NOT_LIKE: _like,
    **_orderings("Numeric", number),
    **_orderings("Date", moment),
    Operator.BOOL: _bool,
    Operator.BINARY_EQUALS: _binary,
    Operator.IP_ADDRESS: _network,
    Operator.NOT_IP_ADDRESS: _network,
    Operator.ARN_EQUALS: _arn_like,
    Operator.ARN_LIKE: _arn_like,
    Operator.ARN_NOT_EQUALS: _arn_like,
    Operator.ARN_NOT_LIKE: _arn_like,
}
"""The comparison of each operator but Null. A negative operator has that of its positive twin."""
