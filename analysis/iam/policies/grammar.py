"""The elements of a statement as JSON has them. What breaks the grammar is told, and the rest is read all the same.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial

from ..conditions.conditions import Conditions
from ..conditions.patterns import ARN_SEGMENTS
from ..conditions.variables import malformed
from ..remembered import Remembered
from .principals import PrincipalElement

UNCONDITIONAL = Conditions()
ACTION = re.compile(r"\*+(:\*+)?$|[\w-]+:", re.ASCII)
"""What an action begins with: "a service namespace as an action prefix", which has no wildcard; or every action.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
"""

ARN = re.compile(r"arn(:|$)|(a(rn?)?)?[*?$]")
"""What a resource begins with: "Error – Invalid ARN prefix: Add the required prefix (arn) to the resource ARN".

https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-error-invalid-arn-prefix
"""

_NEGATABLE = ("Principal", "Action", "Resource")
ELEMENTS = frozenset(("Sid", "Effect", "Condition", *_NEGATABLE, *(f"Not{name}" for name in _NEGATABLE)))
"""What a statement may have. Names regard case: a ``resource`` is none."""

_CONDITIONS = {
    variables: Remembered(partial(Conditions.parse, variables=variables), 1 << 20) for variables in (False, True)
}
"""What parses a Condition block, by whether it may have policy variables, up to a megabyte of them being remembered:
the same few stand in most statements of an organization, whatever else those say."""


def distinct(members: list[tuple[str, object]]) -> dict[str, object]:
    """An object of JSON: "Individual elements must not contain multiple instances of the same key"."""
    made = dict(members)
    if len(made) != len(members):
        raise ValueError("an object has the same key twice")
    return made


def patterns(raw: Mapping[str, object], element: str, flaws: list[str]) -> tuple[tuple[str, ...] | None, bool]:
    """What an element lists, such as Action, or its opposite, NotAction, and which of them it is; None of neither."""
    plain, negated = raw.get(element), raw.get(f"Not{element}")
    if plain is not None and negated is not None:
        flaws.append(f"it has both {element} and Not{element}")
        return None, False
    value = plain if negated is None else negated
    if value is None:
        return None, False
    if isinstance(value, str):
        return (value,), negated is not None
    texts = value if isinstance(value, list | tuple) else [value]
    if set(map(type, texts)) != {str} and not all(isinstance(text, str) for text in texts):
        flaws.append(f"{element} has something other than texts")
        return None, False
    return tuple(texts), negated is not None


def actions_of(raw: Mapping[str, object], flaws: list[str]) -> tuple[tuple[str, ...] | None, bool]:
    """What Action lists, or NotAction, and which of them it is; None where nobody can tell what that takes in.

    One of no service may be that of any: ``GetObject`` is no other than ``*:GetObject``.
    """
    actions, negated = patterns(raw, "Action", flaws)
    if actions is None:
        if not flaws:
            flaws.append("the statement has no actions")
        return None, negated
    wrong = [action for action in actions if not ACTION.match(action)]
    if not wrong:
        return actions, negated
    flaws += (f"{action!r} is no action: it names no service" for action in wrong)
    possible = tuple(f"*:{action}" if action in wrong and ":" not in action else action for action in actions)
    return None if negated else possible, negated


def resources_of(
    raw: Mapping[str, object], flaws: list[str], *, variables: bool
) -> tuple[tuple[str, ...] | None, bool]:
    """What Resource lists, or NotResource, and which of them it is; None where nobody can tell what that takes in.

    "You can't use a variable to replace parts of the ARN before the fifth colon, such as the service or account."

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-wheretouse
    """
    resources, negated = patterns(raw, "Resource", flaws)
    told = True
    for text in resources or ():
        if not text.startswith(("arn:", "*")) and not ARN.match(text):
            flaws.append(f"{text!r} is neither an ARN nor *")
            told = False
        elif variables and "${" in text:
            if malformed(text):
                flaws.append(f"{text} has a policy variable that is not well-formed")
                told = False
            elif text[: text.index("${")].count(":") < ARN_SEGMENTS - 1:
                flaws.append(f"{text} has a policy variable before its fifth colon, where none may be")
                told = told and not negated
    return resources if told else None, negated


def principals(raw: Mapping[str, object], flaws: list[str]) -> PrincipalElement | None:
    """The Principal or NotPrincipal; None where there is none, or none that can be read."""
    try:
        if "NotPrincipal" in raw:
            return PrincipalElement.parse(raw["NotPrincipal"], negated=True)
        if "Principal" in raw:
            return PrincipalElement.parse(raw["Principal"])
    except ValueError as error:
        flaws.append(str(error))
    return None


def conditions_of(raw: Mapping[str, object], variables: bool, flaws: list[str]) -> Conditions:
    """The Condition block; no conditions where it cannot be read."""
    try:
        return _CONDITIONS[variables](raw["Condition"])
    except ValueError as error:
        flaws.append(str(error))
    return UNCONDITIONAL


def can_match(resource: str) -> bool:
    """Whether a resource of a policy with principals matches any: an incomplete ARN, which AWS completes "in an
    identity-based policy", does so only by a wildcard that reaches beyond a colon.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
    """
    return "*" in resource or resource.count(":") >= ARN_SEGMENTS - 1
