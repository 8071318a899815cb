"""How each condition operator compares one value of the request with the values of a policy.

What AWS's page does not say, as which texts are numbers, is as AWS decides on requests.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

import binascii
import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import TypeVar

from .patterns import ARN_SEGMENTS, BEYOND_BMP, Matcher, glob

NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?", re.ASCII)
DATE = re.compile(r"(\d{4}-\d\d)(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?)?", re.ASCII | re.IGNORECASE)
"""The dates of W3C's profile of ISO 8601, a year alone being seconds; without a zone they are UTC.

https://www.w3.org/TR/NOTE-datetime
"""
MILLISECONDS = len(".000")
"""What counts of a fraction of a second."""
PREFIX = re.compile(r"(.*)/\+?(\d{1,9})", re.ASCII | re.DOTALL)
"""A range in CIDR notation, which has no netmasks. AWS stores a plus before the prefix, and zeros."""
ZEROS = re.compile(r"\b0+(?=\d)")
THREE_COLONS = re.compile("(?<!:):::(?!:)")
LONE_COLON = re.compile(":(?!:)")


class Incomparable(ValueError):
    """A value of a policy is not of the operator's type: AWS stores none, so that what it makes of one is not known."""


class Malformed(ValueError):
    """The value of the request is not of the operator's type, which then does not match, negated or not."""


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
"""Whether one value of the request matches any value of the policy, before any negation; Malformed where it does not
match, whether negated or not."""


def _equals(value: str, wanted: tuple[str, ...]) -> bool:
    return value in wanted


@lru_cache(maxsize=65536)
def folded(text: str) -> str:
    """What texts that differ by nothing but case have in common: lower case, but for characters of two UTF-16 units."""
    lower = text.lower()
    if lower.isascii():
        return lower
    kept = iter(BEYOND_BMP.findall(text))
    return BEYOND_BMP.sub(lambda _: next(kept), lower)


def _equals_ignoring_case(value: str, wanted: tuple[str, ...]) -> bool:
    given = folded(value)
    return any(given == folded(text) for text in wanted)


def _like(value: str, wanted: tuple[str, ...]) -> bool:
    return any(glob(pattern)(value) for pattern in wanted)


Given = TypeVar("Given")


def _any_of(read: Callable[[str], Given], met: Callable[[Given, str], bool]) -> Comparison:
    """Whether any value of the policy is met, by none of which one of the request that cannot be read is met;
    Incomparable where none is and one of the policy could not be read."""

    def compare(value: str, wanted: tuple[str, ...]) -> bool:
        try:
            given = read(value)
        except Incomparable:
            return False
        doubt: Incomparable | None = None
        for text in wanted:
            try:
                if met(given, text):
                    return True
            except Incomparable as error:
                doubt = error
        if doubt:
            raise doubt
        return False

    return compare


def is_arn(text: str) -> bool:
    """Whether the text has the segments of an ARN, or is a star, the pattern of all."""
    return text == "*" or text.count(":") >= ARN_SEGMENTS - 1


def _segments(value: str) -> list[str]:
    """Those of an ARN of the request; Malformed for another text."""
    segments = value.split(":", ARN_SEGMENTS - 1)
    if len(segments) != ARN_SEGMENTS:
        raise Malformed(f"{value!r} is not an ARN")
    return segments


def _matches_segments(segments: list[str], pattern: str) -> bool:
    """Whether an ARN matches the pattern, each of the six segments by itself."""
    for number, matches in _by_segment(pattern):  # noqa: SIM110 - a generator takes longer than what it would go through
        if not matches(segments[number]):
            return False
    return True


@lru_cache(maxsize=65536)
def _by_segment(pattern: str) -> tuple[tuple[int, Matcher], ...]:
    """The segments that do not match whatever stands there, the last, which tells most ARNs apart, first; Incomparable
    for what is no pattern of ARNs. A star alone is one of all."""
    if pattern == "*":
        return ()
    patterns = pattern.split(":", ARN_SEGMENTS - 1)
    if len(patterns) != ARN_SEGMENTS:
        raise Incomparable(f"{pattern!r} is not an ARN")
    return tuple((number, glob(text)) for number, text in reversed(list(enumerate(patterns))) if text != "*")


def truth(text: str) -> bool:
    """A boolean as AWS reads it: ``true`` in any case; any other text is false."""
    return text.lower() == "true"


def _same_truth(value: str, wanted: tuple[str, ...]) -> bool:
    given = truth(value)
    for text in wanted:  # noqa: SIM110 - as above
        if truth(text) is given:
            return True
    return False


@lru_cache(maxsize=65536)
def number(text: str) -> Decimal:
    """A number as policies write it; Incomparable for another text."""
    if not NUMBER.fullmatch(text.strip()):
        raise Incomparable(f"{text!r} is not a number")
    return Decimal(text.strip())


@lru_cache(maxsize=65536)
def moment(text: str) -> Decimal:
    """A date as seconds since 1970: ISO 8601, to the millisecond, or the seconds themselves; Incomparable for another
    text."""
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
    return since.days * 86400 + since.seconds + Decimal((written[5] or "0")[:MILLISECONDS])


@lru_cache(maxsize=65536)
def network(text: str) -> IPv4Network | IPv6Network | None:
    """An address or a CIDR range of a policy; Incomparable for another text.

    Bits of an IPv4 address beyond the prefix do not count. An IPv6 range that has some takes in no address, its own
    included, nor does one that is written with an IPv4 address: both are None.
    """
    ranged = PREFIX.fullmatch(text.strip())
    try:
        given = _address(ranged[1] if ranged else text.strip())
        prefix = int(ranged[2]) if ranged else given.max_prefixlen
        if isinstance(given, IPv4Address):
            return IPv4Network((given, prefix), strict=False)
        whole = IPv6Network((given, prefix), strict=False)
    except ValueError:
        raise Incomparable(f"{text!r} is not an IP address or range") from None
    return None if "." in text or whole.network_address != given else whole


@lru_cache(maxsize=65536)
def address(text: str) -> IPv4Address | IPv6Address:
    """The address of a request: ``::ffff:203.0.113.9`` is that of IPv4; Malformed for another text, as is another
    address of IPv6 that is written with one of IPv4."""
    try:
        given = _address(text.strip())
    except ValueError:
        raise Malformed(f"{text!r} is not an IP address") from None
    mapped = given.ipv4_mapped if isinstance(given, IPv6Address) else None
    if mapped is None and ":" in text and "." in text:
        raise Malformed(f"{text!r} is an IPv6 address in part only")
    return mapped or given


def _address(text: str) -> IPv4Address | IPv6Address:
    """The address; ValueError for another text. As AWS reads them, numbers of IPv4 may begin with zeros, and IPv6 may
    have a third colon beside two, or one too many at the end; one at the beginning stands for a zero."""
    if ":" not in text:
        return IPv4Address(ZEROS.sub("", text))
    spelt = THREE_COLONS.sub("::", text)
    if LONE_COLON.match(spelt):
        spelt = f"0{spelt}"
    return IPv6Address(spelt[:-1] if LONE_COLON.match(spelt[::-1]) else spelt)


@lru_cache(maxsize=4096)
def binary(text: str) -> bytes:
    """Base64 decoded; Incomparable for another text, and for one whose last character has bits that no byte has."""
    try:
        decoded = b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        decoded = b""
    if b64encode(decoded).decode() != text:
        raise Incomparable(f"{text!r} is not base64")
    return decoded


def _orderings(prefix: str, parse: Callable[[str], Decimal]) -> dict[Operator, Comparison]:
    def ordered(met: Callable[[Decimal, Decimal], bool]) -> Comparison:
        return _any_of(parse, lambda given, text: met(given, parse(text)))

    equals = ordered(lambda a, b: a == b)
    return {
        Operator(f"{prefix}Equals"): equals,
        Operator(f"{prefix}NotEquals"): equals,
        Operator(f"{prefix}LessThan"): ordered(lambda a, b: a < b),
        Operator(f"{prefix}LessThanEquals"): ordered(lambda a, b: a <= b),
        Operator(f"{prefix}GreaterThan"): ordered(lambda a, b: a > b),
        Operator(f"{prefix}GreaterThanEquals"): ordered(lambda a, b: a >= b),
    }


_ARN = _any_of(_segments, _matches_segments)
_NETWORK = _any_of(address, lambda given, text: (range_ := network(text)) is not None and given in range_)

COMPARISONS: Mapping[Operator, Comparison] = {
    Operator.STRING_EQUALS: _equals,
    Operator.STRING_NOT_EQUALS: _equals,
    Operator.STRING_EQUALS_IGNORE_CASE: _equals_ignoring_case,
    Operator.STRING_NOT_EQUALS_IGNORE_CASE: _equals_ignoring_case,
    Operator.STRING_LIKE: _like,
    Operator.STRING_NOT_LIKE: _like,
    **_orderings("Numeric", number),
    **_orderings("Date", moment),
    Operator.BOOL: _same_truth,
    Operator.BINARY_EQUALS: _any_of(binary, lambda given, text: given == binary(text)),
    Operator.IP_ADDRESS: _NETWORK,
    Operator.NOT_IP_ADDRESS: _NETWORK,
    Operator.ARN_EQUALS: _ARN,
    Operator.ARN_LIKE: _ARN,
    Operator.ARN_NOT_EQUALS: _ARN,
    Operator.ARN_NOT_LIKE: _ARN,
}
"""The comparison of each operator but Null. A negative operator has that of its positive twin."""
