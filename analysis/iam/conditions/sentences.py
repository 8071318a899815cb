"""Conditions and reasons as English sentences, for ``conditions`` of an answer and for ``--explain``."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from .comparisons import Operator
from .conditions import Given, Other, Quantifier, Test
from .formula import All, Formula, Holds, Some, Unsure
from .patterns import ESCAPED

_VERBS: dict[Operator, tuple[str, str]] = {
    Operator.STRING_EQUALS: ("is", "is not"),
    Operator.STRING_NOT_EQUALS: ("is not", "is"),
    Operator.STRING_EQUALS_IGNORE_CASE: ("is, in any case,", "is not, in any case,"),
    Operator.STRING_NOT_EQUALS_IGNORE_CASE: ("is not, in any case,", "is, in any case,"),
    Operator.STRING_LIKE: ("is like", "is not like"),
    Operator.STRING_NOT_LIKE: ("is not like", "is like"),
    Operator.NUMERIC_EQUALS: ("is", "is not"),
    Operator.NUMERIC_NOT_EQUALS: ("is not", "is"),
    Operator.NUMERIC_LESS_THAN: ("is less than", "is not less than"),
    Operator.NUMERIC_LESS_THAN_EQUALS: ("is at most", "is not at most"),
    Operator.NUMERIC_GREATER_THAN: ("is more than", "is not more than"),
    Operator.NUMERIC_GREATER_THAN_EQUALS: ("is at least", "is not at least"),
    Operator.DATE_EQUALS: ("is", "is not"),
    Operator.DATE_NOT_EQUALS: ("is not", "is"),
    Operator.DATE_LESS_THAN: ("is before", "is not before"),
    Operator.DATE_LESS_THAN_EQUALS: ("is at or before", "is not at or before"),
    Operator.DATE_GREATER_THAN: ("is after", "is not after"),
    Operator.DATE_GREATER_THAN_EQUALS: ("is at or after", "is not at or after"),
    Operator.BOOL: ("is", "is not"),
    Operator.BINARY_EQUALS: ("is", "is not"),
    Operator.IP_ADDRESS: ("is in", "is not in"),
    Operator.NOT_IP_ADDRESS: ("is not in", "is in"),
    Operator.ARN_EQUALS: ("is like", "is not like"),
    Operator.ARN_LIKE: ("is like", "is not like"),
    Operator.ARN_NOT_EQUALS: ("is not like", "is like"),
    Operator.ARN_NOT_LIKE: ("is not like", "is like"),
}
"""What is said where a test wants its key to match, and where it does not. A verb with "not" holds of a missing key as
well, as a negated test does; any other wants the key to be there. So "is not more than" is not "is at most"."""


MOST_LISTED = 12
"""Values of one test that are said, unless more are wanted."""


def condition_sentences(formula: Formula, most: int = MOST_LISTED) -> tuple[str, ...]:
    """What must hold, one sentence each; all of them must. ``most`` values of a test are listed."""
    parts = formula.parts if isinstance(formula, All) else (formula,)
    return tuple(clause(part, most) for part in parts)


def clause(formula: Formula, most: int = MOST_LISTED) -> str:
    """A formula in words, alternatives joined by "or"."""
    match formula:
        case Holds(Test() as test, negated):
            return describe(test, negated=negated, most=most)
        case Holds(Given(test, found), negated):
            return describe(test, negated=negated, given=found, most=most)
        case Holds(Other(says, denies), negated):
            return denies or f"it is not so that {says}" if negated else says
        case All(parts):
            return " and ".join(_grouped(part, Some, most) for part in parts)
        case Some(parts):
            return ", or ".join(_grouped(part, All, most) for part in parts)
        case Unsure(reason):
            return f"it is not known: {reason}"
        case _:
            return "nothing can meet it" if formula.__class__.__name__ == "Never" else "always"


def _grouped(formula: Formula, kind: type[All] | type[Some], most: int) -> str:
    return f"({clause(formula, most)})" if isinstance(formula, kind) else clause(formula, most)


@lru_cache(maxsize=4096)
def describe(test: Test, *, negated: bool, given: tuple[str, ...] = (), most: int = MOST_LISTED) -> str:
    """One test in words: ``sts:ExternalId is 4711``; with the values of the key, where they are given."""
    if test.operator is None:
        return f"{test.key} {test.written} {listed(test.values, most=most)}"
    if test.operator is Operator.NULL:
        missing = ("true" in (value.lower() for value in test.values)) is not negated
        return f"the request {'does not have' if missing else 'has'} {test.key}"
    verbs = _VERBS[test.operator]
    key = f"{test.key}, which is {listed(given, 'and', most)}," if given else test.key
    if test.quantifier is Quantifier.NONE:
        verb = verbs[1 if negated else 0]
    else:
        verb = verbs[0]
        whole = test.quantifier is Quantifier.ALL
        some = ("not every" if negated else "every") if whole else ("no" if negated else "some")
        key = f"{some} value of {key}"
    texts = test.values if test.variables else [value.replace("${", "${$}{") for value in test.values]
    values = listed(texts, "nor" if "not" in verb and len(test.values) > 1 else "or", most)
    tail = ""
    if test.if_exists and not given:
        tail = " and is there" if negated else " or is missing"
    return f"{key} {verb} {values}{tail}"


def listed(values: Iterable[str], joint: str = "or", most: int = MOST_LISTED) -> str:
    """Values in a row: ``a, b or c``; nothing at all is "one of none"."""
    shown = [_readable(value) for value in values]
    if not shown:
        return "one of none"
    if len(shown) > most:
        shown = [*shown[: most - 1], f"one of {len(shown) - most + 1} more"]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} {joint} {shown[-1]}"


def _readable(value: str) -> str:
    """The value as a policy would write it, plain stars and question marks among wildcards."""
    for character, stand_in in ESCAPED.items():
        value = value.replace(stand_in, f"${{{character}}}")
    return value or "empty"
