"""The Condition block: every operator, and what it says when a key is missing, has many values, or is not known.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-no-value
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from enum import StrEnum
from functools import lru_cache

from ..immutable import immutable
from .comparisons import COMPARISONS, Comparison, Incomparable, Malformed, Operator, is_arn, truth
from .context import UNKNOWN, Context, Found
from .formula import ALWAYS, NEVER, Formula, Holds, Unsure, both_of
from .patterns import glob
from .variables import Unresolved, has_variable, malformed, sole_variable, substitute, widest


class Quantifier(StrEnum):
    """How an operator takes a key with many values."""

    NONE = ""
    ANY = "ForAnyValue"
    ALL = "ForAllValues"

    __hash__ = str.__hash__  # as that of Operator


_OPERATORS = {operator.lower(): operator for operator in Operator}
_QUANTIFIERS = {quantifier.lower(): quantifier for quantifier in Quantifier}


@immutable()
class Other:
    """A condition on the request that no condition key expresses; ``says`` is a clause: "the session is named x", and
    ``denies``, where there is one, its opposite."""

    says: str
    denies: str = ""


@immutable()
class Test:
    """One operator applied to one key: ``StringEqualsIfExists`` ``aws:PrincipalTag/team`` against values.

    ``operator`` is None where AWS has none of that name, or does not say what it means without values; ``written`` is
    how the policy writes it. ``variables`` tells whether any value has ``${…}`` in it that is a policy variable, which
    it is from policy version 2012-10-17 on.
    """

    operator: Operator | None
    key: str
    values: tuple[str, ...]
    quantifier: Quantifier = Quantifier.NONE
    if_exists: bool = False
    variables: bool = False
    written: str = ""
    denies: bool = False
    """Whether it is of a Deny, where that matters: see ``_unfit``."""

    def holds(self, context: Context) -> Formula:
        """Whether the request meets it, as far as its context is known."""
        return self.of(context.find(self.key), context)

    def of(self, found: Found, context: Context) -> Formula:
        """The same of a request with these values of the key; ``context`` is asked for variables only."""
        if self.operator is None:
            if parse_operator(self.written)[0] is None:
                return Unsure(f"the condition operator {self.written!r} is not one of AWS's")
            return Unsure(f"{self.written} has no values for {self.key}: what that means AWS does not say")
        if self.operator is Operator.NULL:
            return self._null(found if found is UNKNOWN else bool(found))
        values, pending = self._resolve(context) if self.variables else (self.values, False)
        if self.variables and self.operator in _OF_ARNS and not all(map(is_arn, values)):
            unfit = self._unfit(found, values)
            if unfit is not None:
                return unfit
        if found is UNKNOWN:
            if not values and self.operator.negative and self.quantifier is not Quantifier.ANY:
                return ALWAYS  # Every value of the policy has a variable without a value: nothing is equal to it.
            return Holds(self._with(values, pending))
        if found and self.quantifier is not Quantifier.NONE:
            found = tuple(value for value in found if value)
            if not found:  # The key is there, whatever IfExists says of a missing one, and has an empty set of values.
                return ALWAYS if self.quantifier is Quantifier.ALL else NEVER
        if not found:
            return ALWAYS if self._when_missing() else NEVER
        if len(found) > 1 and self.quantifier is Quantifier.NONE:
            return NEVER  # "Multivalued context keys require a condition set operator", negated operators too.
        settled = tuple(v for v in values if not has_variable(v)) if pending else values
        matches = COMPARISONS[self.operator]
        try:
            met = self._met(found, settled, matches)
        except Incomparable as error:
            return Unsure(f"{self.written or self.operator} on {self.key}: {error}")
        if pending and self._met(found, settled, self._at_widest(values, matches, context)) is not met:
            return self._pending(found, values)
        return ALWAYS if met else NEVER

    def _with(self, values: tuple[str, ...], pending: bool) -> Test:
        """What is left of the test: other values, of which ``pending`` tells whether any still has a variable."""
        if pending is self.variables and values == self.values and not self.denies:
            return self
        return replace(self, values=values, variables=pending, denies=False)

    def _unfit(self, found: Found, values: tuple[str, ...]) -> Formula | None:
        """What it says where a variable makes a pattern of ARNs that is none; None where it does not come to that.

        AWS goes through the patterns in order. An ARN that comes to one that is none, before one that it matches, no
        Allow lets through and every Deny refuses, whatever the operator.
        """
        if not found or (found is not UNKNOWN and not any(map(is_arn, found))):
            return None
        pending = any(map(has_variable, values))
        first = next((n for n, value in enumerate(values) if not is_arn(value) and not has_variable(value)), None)
        if first is None:
            return None
        if found is UNKNOWN or len(found) > 1 or pending:
            return Unsure(f"{self.written or self.operator} on {self.key}: {values[first]!r} is not an ARN")
        assert self.operator is not None
        if COMPARISONS[self.operator](found[0], values[:first]):
            return None
        return ALWAYS if self.denies else NEVER

    def _null(self, present: object) -> Formula:
        """``Null``: ``true`` wants the key missing, any other text wants it there. With ForAllValues or ForAnyValue it
        asks for nothing: "they always return a true or false respectively".

        https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-suggestion-null-with-qualifier
        """
        if self.quantifier is not Quantifier.NONE:
            return ALWAYS if self.quantifier is Quantifier.ALL else NEVER
        if self.if_exists:
            return Unsure(f"{self.written} on {self.key}: AWS has no IfExists of Null")
        wanted = set(map(truth, self.values))
        if len(wanted) > 1:
            return ALWAYS
        if not isinstance(present, bool):
            return Holds(self)
        return NEVER if present in wanted else ALWAYS

    def _when_missing(self) -> bool:
        assert self.operator is not None
        if self.if_exists or self.quantifier is Quantifier.ALL:
            return True
        return self.operator.negative and self.quantifier is not Quantifier.ANY

    def _met(self, found: tuple[str, ...], values: tuple[str, ...], matches: Comparison) -> bool:
        """Whether known values of the key meet it; Incomparable where that hangs on a value of the policy that is not
        of the operator's type."""
        if len(found) == 1:
            return self._one(matches, found[0], values)
        settles = self.quantifier is Quantifier.ANY  # One value that does is enough, or one that does not.
        doubt: Incomparable | None = None
        for value in found:
            try:
                if self._one(matches, value, values) is settles:
                    return settles
            except Incomparable as error:
                doubt = error
        if doubt:
            raise doubt
        return not settles

    def _one(self, matches: Comparison, value: str, values: tuple[str, ...]) -> bool:
        assert self.operator is not None
        try:
            return matches(value, values) is not self.operator.negative
        except Malformed:
            return False
        except Incomparable:
            if self.operator.negative:
                raise
            return False

    def _resolve(self, context: Context) -> tuple[tuple[str, ...], bool]:
        """The values with their variables put in, and whether any variable is not known.

        A value whose variable the request does not have is "effectively null. There is no equal or like value": it
        matches nothing, and is left out. "Inverted condition operators like StringNotEquals or StringNotLike do match".
        """
        assert self.operator is not None
        if not self.variables or not self.operator.takes_variables:
            return self.values, False
        resolved: list[str] = []
        pending = False
        for value in self.values:
            try:
                resolved.append(substitute(value, context, literal=not self.operator.takes_wildcards))
            except Unresolved as missing:
                if not missing.absent:
                    pending = True
                    resolved.append(value)
        return tuple(resolved), pending

    def _at_widest(self, values: tuple[str, ...], matches: Comparison, context: Context) -> Comparison:
        """The comparison if the variables that are not known came to whatever a value of the request wants."""
        assert self.operator is not None
        wild = self.operator.takes_wildcards
        patterns = [glob(widest(value, context, wild=wild).lower()) for value in values if has_variable(value)]

        def compare(value: str, wanted: tuple[str, ...]) -> bool:
            return matches(value, wanted) or any(fits(value.lower()) for fits in patterns)

        return compare

    def _pending(self, found: tuple[str, ...], values: tuple[str, ...]) -> Formula:
        """The key is known, a variable in the values is not: turned round where one variable is the whole value."""
        if len(found) > 1:
            return Holds(Given(self._with(values, pending=True), found))
        left = tuple(value for value in values if has_variable(value))  # The others do not match.
        turned = sole_variable(left[0]) if len(left) == 1 else None
        if turned and self.operator in _TURNED:
            operator = _TURNED[self.operator]
            return Holds(Test(operator, turned, found, written=operator))
        return Holds(Given(self._with(left, pending=True), found))


_TURNED = {
    Operator.STRING_EQUALS: Operator.STRING_EQUALS,
    Operator.STRING_NOT_EQUALS: Operator.STRING_NOT_EQUALS,
    Operator.STRING_EQUALS_IGNORE_CASE: Operator.STRING_EQUALS_IGNORE_CASE,
    Operator.STRING_NOT_EQUALS_IGNORE_CASE: Operator.STRING_NOT_EQUALS_IGNORE_CASE,
    Operator.STRING_LIKE: Operator.STRING_EQUALS,
    Operator.STRING_NOT_LIKE: Operator.STRING_NOT_EQUALS,
}
"""What compares a text to a variable, by what compares the variable to the text. A wildcard in a variable's value is
none."""


_OF_ARNS = frozenset((Operator.ARN_EQUALS, Operator.ARN_LIKE, Operator.ARN_NOT_EQUALS, Operator.ARN_NOT_LIKE))


@immutable()
class Given:
    """A test of a key whose values are known, and those of policy variables in it are not."""

    test: Test
    found: tuple[str, ...]


@immutable(eq=False)
class Recurring:
    """A test that request after request is put to, and what it said of the values of its key.

    What a test without variables says depends on nothing but the values, and these recur as well: the account, the
    region, the tag of a team. Beside the test it is found sooner than in one cache for all.
    """

    test: Test
    said: dict[Found, Formula] = field(default_factory=dict)

    def of(self, found: Found, context: Context) -> Formula:
        """What the test says of values of which it ``said`` nothing yet."""
        held = self.test.of(found, context)
        if not self.test.variables:
            if len(self.said) >= MOST_SAID:
                self.said.clear()
            self.said[found] = held
        return held


MOST_SAID = 1024
"""Values of one key that a test keeps what it said of."""


@immutable()
class Conditions:
    """A Condition block: all of its tests must hold."""

    tests: tuple[Test, ...] = ()
    _recurring: tuple[tuple[str, dict[Found, Formula], Recurring], ...] | None = field(
        init=False, default=None, repr=False, compare=False
    )
    """The tests by their keys, in lower case, and what each said already; made when they are first put to a request."""

    def _to_recur(self) -> tuple[tuple[str, dict[Found, Formula], Recurring], ...]:
        recurring = [(test.key.lower(), Recurring(test)) for test in self.tests]
        made = tuple((key, one.said, one) for key, one in recurring)
        object.__setattr__(self, "_recurring", made)
        return made

    def hold(self, context: Context) -> Formula:
        """Whether the request meets them all."""
        held: Formula = ALWAYS
        known, absent = context.known, None if context.closed else UNKNOWN
        for key, said, recurring in self._to_recur() if self._recurring is None else self._recurring:
            found = known.get(key, absent)
            if found is UNKNOWN:
                found = context.find_folded(key)
            one = said.get(found)
            if one is None:
                one = recurring.of(found, context)
            if one is NEVER:
                return NEVER
            if one is not ALWAYS:
                held = both_of(held, one)
        return held

    @property
    def of_a_deny(self) -> Conditions:
        """The same as they are in a Deny."""
        if not any(test.variables and test.operator in _OF_ARNS for test in self.tests):
            return self
        return Conditions(tuple(replace(test, denies=test.variables) for test in self.tests))

    @classmethod
    def parse(cls, raw: object, *, variables: bool) -> Conditions:
        """From JSON; ValueError where it is not what the grammar has. Unknown operators parse, and are unsure later."""
        if not isinstance(raw, dict):
            raise ValueError("Condition is not an object")
        return cls(tuple(_tests(raw, variables)))


def _tests(raw: Mapping[str, object], variables: bool) -> Iterator[Test]:
    for written, keys in raw.items():
        if not isinstance(keys, dict):
            raise ValueError(f"Condition {written} is not an object")
        operator, quantifier, if_exists = parse_operator(written)
        for key, value in keys.items():
            values = _values(written, value)
            if not values and operator and not _says_what_none_means(operator, quantifier, if_exists):
                yield Test(None, key, values, written=written)
                continue
            varied = variables and any("${" in text for text in values)
            if varied and any(map(malformed, values)):
                raise ValueError(f"Condition {written} has a policy variable that is not well-formed")
            yield Test(operator, key, values, quantifier, if_exists, varied, written)


def _says_what_none_means(operator: Operator, quantifier: Quantifier, if_exists: bool) -> bool:
    """Whether AWS says what an operator with an empty list of values matches: with ForAnyValue nothing, with
    ForAllValues or IfExists a missing key alone. Of others its page says that they hold, and that they allow nothing.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-suggestion-empty-array-condition
    """
    return operator is not Operator.NULL and not operator.negative and (if_exists or quantifier is not Quantifier.NONE)


@lru_cache(maxsize=4096)
def parse_operator(written: str) -> tuple[Operator | None, Quantifier, bool]:
    """``ForAllValues:StringLikeIfExists`` taken apart; None for an operator that AWS does not have."""
    prefix, colon, rest = written.partition(":")
    if not colon:
        prefix, rest = "", written
    name = rest.lower()
    if_exists = name.endswith("ifexists")
    operator = _OPERATORS.get(name.removesuffix("ifexists"))
    quantifier = _QUANTIFIERS.get(prefix.lower())
    if quantifier is None:
        return None, Quantifier.NONE, if_exists
    return operator, quantifier, if_exists


def _values(written: str, raw: object) -> tuple[str, ...]:
    values = raw if isinstance(raw, list | tuple) else [raw]
    texts = []
    for value in values:
        if isinstance(value, bool):
            texts.append("true" if value else "false")
        elif isinstance(value, str | int | float):
            texts.append(str(value))
        else:
            raise ValueError(f"Condition {written} has a value that is neither text, number nor boolean")
    return tuple(texts)
