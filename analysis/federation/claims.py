"""What a statement's conditions ask of a token: which values each claim may have, and what else must hold.

Alternatives are patterns in which a character that stands for itself is written as ``patterns.ESCAPED`` writes it.
Where conditions together are narrower than any one of them, one of them is kept: what is said to be admitted is never
less than what is.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-saml
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from ..iam.conditions.comparisons import Operator
from ..iam.conditions.conditions import Quantifier, Test
from ..iam.conditions.patterns import ESCAPED, covers, glob, is_literal, literal_prefix
from ..iam.conditions.variables import VARIABLE

Patterns = tuple[str, ...]

ALWAYS_THERE = frozenset({"sub", "aud"})
"""Claims that every token has: what is asked of them "if they exist" is asked of all."""

_LITERAL = {Operator.STRING_EQUALS, Operator.STRING_EQUALS_IGNORE_CASE}
_WANTS = {*_LITERAL, Operator.STRING_LIKE}
_REFUSES = {
    Operator.STRING_NOT_EQUALS: Operator.STRING_EQUALS,
    Operator.STRING_NOT_EQUALS_IGNORE_CASE: Operator.STRING_EQUALS_IGNORE_CASE,
    Operator.STRING_NOT_LIKE: Operator.STRING_LIKE,
}
_ISSUED = frozenset({"sub", "aud", "amr", "azp", "oaud"})
"""Claims by which a key is known to be an issuer's, whatever the issuer."""


@dataclass
class Claims:
    """What is asked: ``wanted`` values by claim, any of them; ``refused`` subjects; ``others``, tests of other keys.

    ``telling`` are claims, besides those that are always there, of which the issuer says what they tell; the rest are
    among the ``others``. ``impossible`` says why nobody can meet it. ``any_case`` tells that the case of the subject
    does not matter.
    """

    telling: frozenset[str] = frozenset()
    wanted: dict[str, Patterns] = field(default_factory=dict)
    refused: Patterns = ()
    others: list[Test] = field(default_factory=list)
    impossible: str | None = None
    any_case: bool = False

    def take(self, tests: Iterable[Test], prefix: str) -> None:
        """Take in tests that must hold, of a token of the issuer whose keys begin with ``prefix``."""
        for test in tests:
            claim = claim_of(test.key, prefix)
            if claim is not None:
                self._claim(test, claim)
            elif _is_issued(test.key) and _wants_value(test):
                self.impossible = f"no token of {prefix} has the key {test.key}, which is another provider's"
            else:
                self.others.append(test)

    def refuse(self, tests: tuple[Test, ...], prefix: str) -> bool:
        """Take in a statement that denies; false where it is too much for this, and may take more away."""
        if not tests:
            self.impossible = "a statement denies it"
            return True
        (test, *more) = tests
        if more or claim_of(test.key, prefix) != "sub" or test.quantifier is not Quantifier.NONE:
            return False
        if test.operator in _REFUSES and not test.if_exists:
            self._want("sub", _patterns(test, _REFUSES[test.operator]))
            return True
        if test.operator in _WANTS and not _has_unknown(test):
            self.refused += _patterns(test, test.operator)
            return True
        return False

    def subjects(self) -> Patterns | None:
        """Patterns of the subjects that are admitted, refused ones left out; None where nothing is asked of them."""
        wanted = self.wanted.get("sub")
        if wanted is None or self.any_case:
            return wanted
        return tuple(p for p in wanted if not any(_takes_in(refused, p) for refused in self.refused))

    def _claim(self, test: Test, claim: str) -> None:
        surely = claim in ALWAYS_THERE or not (test.if_exists or test.quantifier is Quantifier.ALL)
        if test.operator in _WANTS and surely and (claim in ALWAYS_THERE or claim in self.telling):
            self.any_case |= claim == "sub" and test.operator is Operator.STRING_EQUALS_IGNORE_CASE
            self._want(claim, _patterns(test, test.operator))
        elif test.operator in _REFUSES and claim == "sub" and not _has_unknown(test):
            self.refused += _patterns(test, _REFUSES[test.operator])
        elif test.operator is Operator.NULL and claim in ALWAYS_THERE:
            if {value.lower() for value in test.values} == {"true"}:
                self.impossible = f"every token has {test.key}"
        else:
            self.others.append(test)

    def _want(self, claim: str, patterns: Patterns) -> None:
        held = self.wanted.get(claim)
        any_case = claim == "sub" and self.any_case
        both = patterns if held is None else tuple(dict.fromkeys(_common(held, patterns, any_case=any_case)))
        self.wanted[claim] = both
        if not both:
            self.impossible = f"no {claim} meets all that is asked of it"


def claim_of(key: str, prefix: str) -> str | None:
    """The claim that a condition key names, in lower case; None where it is not of that issuer."""
    lowered = key.lower()
    return lowered[len(prefix) + 1 :] if lowered.startswith(f"{prefix.lower()}:") else None


def shown(pattern: str) -> str:
    """A pattern as a person writes it: escaped characters as themselves."""
    for character, stand_in in ESCAPED.items():
        pattern = pattern.replace(stand_in, character)
    return pattern


def _is_issued(key: str) -> bool:
    prefix, _, claim = key.lower().rpartition(":")
    return claim in _ISSUED and ("." in prefix or prefix == "saml")


def _wants_value(test: Test) -> bool:
    """Whether a request without the key fails the test."""
    operator = test.operator
    if operator is None or operator is Operator.NULL or test.if_exists or test.quantifier is Quantifier.ALL:
        return False
    return not operator.negative or test.quantifier is Quantifier.ANY


def _has_unknown(test: Test) -> bool:
    """Whether a value has a policy variable of which nobody knows what it comes to: it surely refuses nothing."""
    found = (variable[1] for value in test.values for variable in VARIABLE.finditer(value)) if test.variables else ()
    return any(variable not in (*ESCAPED, "$") for variable in found)


@lru_cache(maxsize=16384)
def _patterns(test: Test, operator: Operator) -> Patterns:
    return tuple(dict.fromkeys(_pattern(value, operator, variables=test.variables) for value in test.values))


def _pattern(value: str, operator: Operator, *, variables: bool) -> str:
    """The value as a pattern: a policy variable may come to anything."""
    pieces, end = [], 0
    for found in VARIABLE.finditer(value) if variables else ():
        pieces += [_text(value[end : found.start()], operator), ESCAPED.get(found[1], "$" if found[1] == "$" else "*")]
        end = found.end()
    return "".join([*pieces, _text(value[end:], operator)])


def _text(text: str, operator: Operator) -> str:
    if operator in _LITERAL:
        for character, stand_in in ESCAPED.items():
            text = text.replace(character, stand_in)
    return text


def _common(one: Patterns, other: Patterns, *, any_case: bool) -> Iterable[str]:
    """Patterns that together take in all that matches one of each; ``any_case`` where one does not regard case."""
    for left in one:
        for right in other:
            first, second = (left.lower(), right.lower()) if any_case else (left, right)
            if _takes_in(second, first):
                yield left
            elif _takes_in(first, second):
                yield right
            elif not (is_literal(left) or is_literal(right)) and _may_meet(first, second):
                yield max(left, right, key=lambda pattern: len(literal_prefix(pattern)))


def _takes_in(wider: str, narrower: str) -> bool:
    if is_literal(narrower):
        return bool(glob(wider)(shown(narrower)))
    return covers(wider, narrower)


def _may_meet(left: str, right: str) -> bool:
    one, other = literal_prefix(left), literal_prefix(right)
    return one.startswith(other) or other.startswith(one)
