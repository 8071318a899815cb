"""Resources with policy variables, such as ``arn:aws:s3:::home/${aws:username}/*``: it takes a request to tell them.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-no-value
"""

from __future__ import annotations

from collections.abc import Iterable

from .comparisons import Operator
from .conditions import Other, Test
from .context import Context
from .formula import ALWAYS, NEVER, Formula, Holds, all_of, any_of
from .patterns import arn_glob
from .variables import Unresolved, substitute, unknown_keys, widest


def covered(patterns: Iterable[str], negated: bool, resource: str, context: Context) -> Formula:
    """Whether a Resource that lists the patterns, or a NotResource (``negated``), takes in the resource."""
    left: list[Formula] = []
    for pattern in patterns:
        try:
            if arn_glob(substitute(pattern, context))(resource):
                return NEVER if negated else ALWAYS
        except Unresolved as missing:
            possible = arn_glob(widest(pattern, context))(resource)
            if negated and arn_glob(_before_variable(pattern))(resource):
                if missing.absent:
                    return NEVER  # "any attempt to match it fails and causes the statement to be invalid"
                left += (Holds(Test(Operator.NULL, key, ("false",))) for key in unknown_keys(pattern, context))
            if possible and not missing.absent:
                matches = Other(f"{pattern} matches {resource}", f"{pattern} does not match {resource}")
                left.append(Holds(matches, negated))
    return all_of(left) if negated else any_of(left)


def resolved(patterns: Iterable[str], negated: bool, context: Context) -> tuple[tuple[str, ...], bool]:
    """The patterns with what the context knows of their variables, and whether any variable is left."""
    kept: list[str] = []
    pending = False
    for pattern in patterns:
        try:
            kept.append(substitute(pattern, context))
        except Unresolved as missing:
            if not missing.absent:
                kept.append(pattern)
                pending = True
            elif negated:
                kept.append(_before_variable(pattern))  # Whatever comes to the variable, it leaves out.
    return tuple(kept), pending


def _before_variable(pattern: str) -> str:
    """The segments of an ARN before its first variable: where those do not match, the variable is never looked at."""
    return f"{pattern[: pattern.index('${')].rpartition(':')[0]}:*"
