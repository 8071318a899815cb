"""How each condition operator compares one value of the request with the values of a policy.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_network

from .patterns import ARN_SEGMENTS, Matcher, glob

NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?", re.ASCII)
DATE = re.compile(r"(\d{4}-\d\d)(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?)?", re.ASCII | re.IGNORECASE)
"""The dates of W3C's profile of ISO 8601, a year alone being seconds; without a zone they are UTC.

https://www.w3.org/TR/NOTE-datetime
"""
NETMASK = re.compile(r"/.*\D")
ZEROS = re.compile(r"\b0+(?=\d)")
"""A prefix that is no number: policies write ranges as CIDR, without netmasks."""


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

    __hash__ = str.__hash__  # that of Enum is written in Python, and every test is hashed by its operator

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


def _any_of(met: Callable[[str, str], bool]) -> Comparison:
    """Whether any value of the policy is met; Incomparable where none is and one could not be compared."""

    def compare(value: str, wanted: tuple[str, ...]) -> bool:
        doubt: Incomparable | None = None
        for text in wanted:
            try:
                if met(value, text):
                    return True
            except Incomparable as error:
                doubt = error
        if doubt:
            raise doubt
        return False

    return compare


def condition_arn_matches(value: str, pattern: str) -> bool:
    """Whether an ARN matches the pattern, each of the six segments by itself; Incomparable where either is none."""
    if pattern == "*":
        return True
    segments, parts = _by_segment(pattern), value.split(":", ARN_SEGMENTS - 1)
    if len(parts) != ARN_SEGMENTS:
        raise Incomparable(f"{value!r} is not an ARN")
    for number, matches in segments:  # noqa: SIM110 - a generator takes longer than what it would go through
        if not matches(parts[number]):
            return False
    return True


@lru_cache(maxsize=65536)
def _by_segment(pattern: str) -> tuple[tuple[int, Matcher], ...]:
    """The segments that do not match whatever stands there, the last, which tells most ARNs apart, first."""
    patterns = pattern.split(":", ARN_SEGMENTS - 1)
    if len(patterns) != ARN_SEGMENTS:
        raise Incomparable(f"{pattern!r} is not an ARN")
    return tuple((number, glob(text)) for number, text in reversed(list(enumerate(patterns))) if text != "*")


def truth(text: str) -> bool:
    """A boolean as policies write it, in any case; Incomparable for another text."""
    folded = text.lower()
    if folded not in ("true", "false"):
        raise Incomparable(f"{text!r} is neither true nor false")
    return folded == "true"


def within(inner: IPv4Network | IPv6Network, outer: IPv4Network | IPv6Network) -> bool:
    """Whether the one network lies in the other; never across families."""
    if inner.version != outer.version or inner.prefixlen < outer.prefixlen:
        return False
    return inner.network_address in outer


@lru_cache(maxsize=65536)
def number(text: str) -> Decimal:
    """A number as policies write it; Incomparable for another text."""
    if not NUMBER.fullmatch(text.strip()):
        raise Incomparable(f"{text!r} is not a number")
    return Decimal(text.strip())


@lru_cache(maxsize=65536)
def moment(text: str) -> Decimal:
    """A date as seconds since 1970: ISO 8601, or the seconds themselves; Incomparable for another text."""
    try:
        return number(text)
    except Incomparable:
        pass
    written = DATE.fullmatch(text.strip())
    try:
        parsed = datetime.fromisoformat(written[0] if written[2] else f"{written[1]}-01") if written else None
    except ValueError:
        parsed = None
    if written is None or parsed is None:
        raise Incomparable(f"{text!r} is not a date")
    if parsed.tzinfo is None:
        parsed = parsed.replace(tzinfo=UTC)
    since = parsed - datetime(1970, 1, 1, tzinfo=UTC)
    return since.days * 86400 + since.seconds + Decimal(written[5] or 0)  # A datetime keeps six digits of a fraction.


@lru_cache(maxsize=65536)
def network(text: str) -> IPv4Network | IPv6Network:
    """An address or a CIDR range; Incomparable for another text. Numbers in an IPv4 address may begin with zeros."""
    try:
        if NETMASK.search(text):
            raise ValueError(text)
        return ip_network(text.strip() if ":" in text else ZEROS.sub("", text.strip()), strict=False)
    except ValueError:
        raise Incomparable(f"{text!r} is not an IP address or range") from None


@lru_cache(maxsize=65536)
def address(text: str) -> IPv4Network | IPv6Network:
    """The address of a request: one of IPv4 that is written as IPv6, ``::ffff:203.0.113.9``, is that of IPv4."""
    found = network(text)
    mapped = found.network_address.ipv4_mapped if isinstance(found, IPv6Network) and found.prefixlen == 128 else None
    return IPv4Network(mapped) if mapped else found


@lru_cache(maxsize=4096)
def binary(text: str) -> bytes:
    """Base64 decoded; Incomparable for another text."""
    try:
        return b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Incomparable(f"{text!r} is not base64") from None


def _orderings(prefix: str, parse: Callable[[str], Decimal]) -> dict[Operator, Comparison]:
    def ordered(met: Callable[[Decimal, Decimal], bool]) -> Comparison:
        return _any_of(lambda value, text: met(parse(value), parse(text)))

    equals = ordered(lambda a, b: a == b)
    return {
        Operator(f"{prefix}Equals"): equals,
        Operator(f"{prefix}NotEquals"): equals,
        Operator(f"{prefix}LessThan"): ordered(lambda a, b: a < b),
        Operator(f"{prefix}LessThanEquals"): ordered(lambda a, b: a <= b),
        Operator(f"{prefix}GreaterThan"): ordered(lambda a, b: a > b),
        Operator(f"{prefix}GreaterThanEquals"): ordered(lambda a, b: a >= b),
    }


_ARN = _any_of(condition_arn_matches)
_NETWORK = _any_of(lambda value, text: within(address(value), network(text)))

COMPARISONS: Mapping[Operator, Comparison] = {
    Operator.STRING_EQUALS: _equals,
    Operator.STRING_NOT_EQUALS: _equals,
    Operator.STRING_EQUALS_IGNORE_CASE: _equals_ignoring_case,
    Operator.STRING_NOT_EQUALS_IGNORE_CASE: _equals_ignoring_case,
    Operator.STRING_LIKE: _like,
    Operator.STRING_NOT_LIKE: _like,
    **_orderings("Numeric", number),
    **_orderings("Date", moment),
    Operator.BOOL: _any_of(lambda value, text: truth(value) is truth(text)),
    Operator.BINARY_EQUALS: _any_of(lambda value, text: binary(value) == binary(text)),
    Operator.IP_ADDRESS: _NETWORK,
    Operator.NOT_IP_ADDRESS: _NETWORK,
    Operator.ARN_EQUALS: _ARN,
    Operator.ARN_LIKE: _ARN,
    Operator.ARN_NOT_EQUALS: _ARN,
    Operator.ARN_NOT_LIKE: _ARN,
}
"""The comparison of each operator but Null. A negative operator has that of its positive twin."""
