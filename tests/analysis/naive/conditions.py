"""The Condition element, operator by operator.

Sources, quoted beside the code:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
"""

from __future__ import annotations

import base64
import ipaddress
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from .texts import Unresolved, arn_like, like, literal, tokens

Context = Mapping[str, list[str]]
Compare = Callable[[str, str, Context, str], bool]


def holds(condition: Mapping[str, Any], context: Context, version: str, *, denies: bool = False) -> bool:
    """Whether the whole Condition element is true, of a statement that denies or of one that allows.

    "If your policy statement has multiple condition operators, the condition operators are evaluated using a logical
    AND. If your policy statement has multiple context keys attached to a single condition operator, the context keys
    are evaluated using a logical AND."
    """
    verdicts = []
    for operator, keys in condition.items():
        for key, values in keys.items():
            wanted = [text(value) for value in (values if isinstance(values, list) else [values])]
            # "Context key names are not case-sensitive."
            given = context.get(key.lower(), [])
            unfit = _comes_to_no_arn(operator, wanted, given, context, version)
            verdicts.append(denies if unfit else _one(operator, wanted, given, context, version))
    return all(verdicts)


def _comes_to_no_arn(operator: str, wanted: list[str], given: list[str], context: Context, version: str) -> bool:
    """Whether an ARN of the request comes to what a variable makes no ARN, before anything that it matches. Then, as
    AWS decides, no Allow applies, and every Deny does."""
    name = operator.rpartition(":")[2].removesuffix("IfExists")
    if not name.startswith("Arn") or len(given) != 1 or not READABLE[name](given[0]):
        return False
    for one in wanted:
        if _has_value(one, name, context, version):
            variable = "${" in one and version == "2012-10-17"
            if variable and literal(one, context, version) != "*" and literal(one, context, version).count(":") < 5:
                return True
            if _arn(given[0], one, context, version):
                return False
    return False


def text(value: Any) -> str:
    """A value of a policy or a context as text; JSON's true and 10 mean "true" and "10"."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _one(operator: str, wanted: list[str], given: list[str], context: Context, version: str) -> bool:
    if operator in ("ForAllValues:Null", "ForAnyValue:Null"):
        # "Avoid using the Null condition operator with the ForAllValues or ForAnyValue qualifiers because they always
        # return a true or false respectively."
        return operator == "ForAllValues:Null"
    if operator == "Null":
        # "use either true (the key doesn't exist - it is null) or false (the key exists and its value is not null)."
        return any((value.lower() == "true") == (not given) for value in wanted)
    quantifier, _, name = operator.rpartition(":")
    if name.endswith("IfExists"):
        # "If the condition key is present in the context of the request, process the key as specified in the policy.
        # If the key is not present, evaluate the condition element as true."
        if not given:
            return True
        name = name.removesuffix("IfExists")
    compare, negated = OPERATORS[name]

    def value_matches(value: str) -> bool:
        # Where the page is silent, AWS lets a value that is no address or no ARN meet none of these operators, and lets
        # one that is no number or no date equal none, which the negated operators are met by.
        if not READABLE.get(name, lambda _: True)(value):
            return False
        # "If a single condition operator includes multiple values for a context key, those values are evaluated using
        # a logical OR. If a single negated matching condition operator includes multiple values for a context key,
        # those values are evaluated using a logical NOR."
        # "When policy variables reference a condition context key that has no value …, the value is effectively null.
        # There is no equal or like value." "Inverted condition operators like StringNotEquals or StringNotLike do match
        # against a null value."
        found = any(compare(value, one, context, version) for one in wanted if _has_value(one, name, context, version))
        return not found if negated else found

    if quantifier:
        # "If the key values in the request resolve to an empty data set (for example, an empty string), a condition
        # operator modified by ForAllValues returns true, and a condition operator modified by ForAnyValue returns
        # false."
        given = [value for value in given if value]
    if quantifier == "ForAllValues":
        # "The condition returns true if every context key value in the request matches a context key value in the
        # policy. It also returns true if there are no context keys in the request."
        return all(value_matches(value) for value in given)
    if quantifier == "ForAnyValue":
        # "The condition returns true if any one of the context key values in the request matches any one of the context
        # key values in the policy. For no matching context key or if the key does not exist, the condition returns
        # false."
        return any(value_matches(value) for value in given)
    if not given:
        # "If the key that you specify in a policy condition is not present in the request context, the values do not
        # match and the condition is false. If the policy condition requires that the key is not matched, such as
        # StringNotLike or ArnNotLike, and the right key is not present, the condition is true."
        return negated
    # "Multivalued context keys require a condition set operator."
    return len(given) == 1 and value_matches(given[0])


def _has_value(wanted: str, operator: str, context: Context, version: str) -> bool:
    """Whether all variables in a value of the policy have one in the request.

    "You can use a policy variable for Condition values in any condition that involves the string operators or the ARN
    operators." "You can use a policy variable with the Boolean condition operator."
    """
    if not operator.startswith(("String", "Arn", "Bool")):
        return True
    try:
        tokens(wanted, context, version)
    except Unresolved:
        return False
    return True


def _string_equals(value: str, wanted: str, context: Context, version: str) -> bool:
    """Exact matching, case sensitive."""
    return value == literal(wanted, context, version)


def _string_equals_ignore_case(value: str, wanted: str, context: Context, version: str) -> bool:
    """Exact matching, ignoring case; as AWS decides, characters of two UTF-16 units keep theirs."""
    return _folded(value) == _folded(literal(wanted, context, version))


def _folded(written: str) -> str:
    kept = [character for character in written if character > "\uffff"]
    return "".join(kept.pop(0) if character > "\uffff" else character for character in written.lower())


def _string_like(value: str, wanted: str, context: Context, version: str) -> bool:
    """Case-sensitive matching. The values can include wildcards: multi-character (*) and single-character (?)."""
    return like(tokens(wanted, context, version), value)


def _arn(value: str, wanted: str, context: Context, version: str) -> bool:
    """Case-sensitive matching of the ARN … The ArnEquals and ArnLike condition operators behave identically."""
    return arn_like(tokens(wanted, context, version), value)


def _bool(value: str, wanted: str, context: Context, version: str) -> bool:
    """Restrict access based on comparing a key to "true" or "false". As AWS decides, any other text is false."""
    return (value.lower() == "true") == (literal(wanted, context, version).lower() == "true")


def _binary(value: str, wanted: str, _context: Context, _version: str) -> bool:
    """Compares the value of the specified key byte for byte against a base-64 encoded representation in the policy."""
    return value == wanted and base64.b64encode(base64.b64decode(value)).decode() == value


def _ip(value: str, wanted: str, _context: Context, _version: str) -> bool:
    """The specified IP address or range. If you specify an address without the associated routing prefix, IAM uses the
    default prefix value of /32. As AWS decides, an IPv6 range with bits beyond its prefix holds no address."""
    start, _, prefix = wanted.partition("/")
    network = ipaddress.ip_network(f"{start}/{int(prefix)}" if prefix else start, strict=False)
    if network.version == 6 and network.network_address != ipaddress.ip_address(start):
        return False
    return _address(value) in network


def _address(written: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    address = ipaddress.ip_address(written)
    return getattr(address, "ipv4_mapped", None) or address


def _number(ordering: Callable[[Decimal, Decimal], bool]) -> Compare:
    """Comparing a key to an integer or decimal value."""
    return _ordered(Decimal, ordering)


def _date(ordering: Callable[[Decimal, Decimal], bool]) -> Compare:
    """Comparing a key to a date/time value."""
    return _ordered(instant, ordering)


def _ordered(read: Callable[[str], Decimal], ordering: Callable[[Decimal, Decimal], bool]) -> Compare:
    def compare(value: str, wanted: str, _context: Context, _version: str) -> bool:
        return _reads(read)(value) and ordering(read(value), read(wanted))

    return compare


def _reads(read: Callable[[str], object]) -> Callable[[str], bool]:
    """Whether a text is of the type that is read."""

    def readable(written: str) -> bool:
        try:
            read(written)
        except (ValueError, InvalidOperation):
            return False
        return True

    return readable


def instant(written: str) -> Decimal:
    """Seconds since 1970: "one of the W3C implementations of the ISO 8601 date formats or in epoch (UNIX) time". As AWS
    decides, digits after the milliseconds do not count."""
    if re.fullmatch(r"\d+(\.\d+)?", written):
        return Decimal(written)
    found = re.fullmatch(
        r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z|[+-]\d\d:\d\d))?)?)?", written
    )
    if not found:
        raise ValueError(written)
    year, month, day, hour, minute, second, fraction, zone = found.groups()
    local = datetime(
        int(year),
        int(month or 1),
        int(day or 1),
        int(hour or 0),
        int(minute or 0),
        int(second or 0),
        tzinfo=UTC,
    )
    seconds = (local - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(seconds=1) + Decimal(f"0.{(fraction or '0')[:3]}")
    if zone in (None, "Z"):
        return seconds
    ahead = (int(zone[1:3]) * 60 + int(zone[4:6])) * 60
    return seconds - ahead if zone[0] == "+" else seconds + ahead


OPERATORS: dict[str, tuple[Compare, bool]] = {
    "StringEquals": (_string_equals, False),
    "StringNotEquals": (_string_equals, True),
    "StringEqualsIgnoreCase": (_string_equals_ignore_case, False),
    "StringNotEqualsIgnoreCase": (_string_equals_ignore_case, True),
    "StringLike": (_string_like, False),
    "StringNotLike": (_string_like, True),
    "NumericEquals": (_number(lambda value, wanted: value == wanted), False),
    "NumericNotEquals": (_number(lambda value, wanted: value == wanted), True),
    "NumericLessThan": (_number(lambda value, wanted: value < wanted), False),
    "NumericLessThanEquals": (_number(lambda value, wanted: value <= wanted), False),
    "NumericGreaterThan": (_number(lambda value, wanted: value > wanted), False),
    "NumericGreaterThanEquals": (_number(lambda value, wanted: value >= wanted), False),
    "DateEquals": (_date(lambda value, wanted: value == wanted), False),
    "DateNotEquals": (_date(lambda value, wanted: value == wanted), True),
    "DateLessThan": (_date(lambda value, wanted: value < wanted), False),
    "DateLessThanEquals": (_date(lambda value, wanted: value <= wanted), False),
    "DateGreaterThan": (_date(lambda value, wanted: value > wanted), False),
    "DateGreaterThanEquals": (_date(lambda value, wanted: value >= wanted), False),
    "Bool": (_bool, False),
    "BinaryEquals": (_binary, False),
    "IpAddress": (_ip, False),
    "NotIpAddress": (_ip, True),
    "ArnEquals": (_arn, False),
    "ArnLike": (_arn, False),
    "ArnNotEquals": (_arn, True),
    "ArnNotLike": (_arn, True),
}
"""Each operator: how one value is compared, and whether it is "negated matching"."""

READABLE: dict[str, Callable[[str], bool]] = {
    **dict.fromkeys(["IpAddress", "NotIpAddress"], _reads(_address)),
    **dict.fromkeys(["ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"], lambda value: value.count(":") >= 5),
}
"""What a value must be for the operators that one of another type meets neither way."""
