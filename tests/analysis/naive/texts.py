"""Patterns, variables and ARNs as the IAM User Guide describes them, compared character by character.

Sources, quoted beside the code:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping

ANY = object()
"""``*`` in a pattern: any combination of characters."""
ONE = object()
"""``?`` in a pattern: any single character."""

Token = str | object

WITH_VARIABLES = "2012-10-17"


class Unresolved(Exception):
    """A policy variable has no value in the request and no default."""


def tokens(pattern: str, context: Mapping[str, list[str]], version: str) -> list[Token]:
    """The pattern as literal characters, ``ANY`` and ``ONE``, its variables replaced by values of the request.

    "Variables were introduced in version 2012-10-17. Earlier versions of the policy language don't support policy
    variables. If you don't include the Version element and set it to an appropriate version date, variables like
    ${aws:username} are treated as literal strings in the policy."
    """
    if version == WITH_VARIABLES:
        found = re.search(r"\$\{([^}]*)\}", pattern)
        if found:
            before = _wildcards(pattern[: found.start()])
            return [*before, *utf16(_value(found[1], context)), *tokens(pattern[found.end() :], context, version)]
    return _wildcards(pattern)


def literal(text: str, context: Mapping[str, list[str]], version: str) -> str:
    """A text without wildcards (of StringEquals and the like), its variables replaced."""
    characters = tokens(text, context, version)
    written = "".join("*" if token is ANY else "?" if token is ONE else str(token) for token in characters)
    return written.encode("utf-16-be", "surrogatepass").decode("utf-16-be")


def _wildcards(text: str) -> list[Token]:
    """An asterisk (*) represents any combination of characters and a question mark (?) any single character."""
    return [ANY if character == "*" else ONE if character == "?" else character for character in utf16(text)]


def utf16(text: str) -> list[str]:
    """The characters as AWS counts them: UTF-16 units."""
    encoded = text.encode("utf-16-be", "surrogatepass")
    return [chr(int.from_bytes(encoded[at : at + 2], "big")) for at in range(0, len(encoded), 2)]


def _value(variable: str, context: Mapping[str, list[str]]) -> str:
    # "${*} - use where you need an * (asterisk) character. ${?} - use where you need a ? (question mark) character.
    # ${$} - use where you need a $ (dollar sign) character."
    if variable in ("*", "?", "$"):
        return variable
    # "To add a default value to a variable, surround the default value with single quotes (' '), and separate the
    # variable text and the default value with a comma and space (, )."
    with_default = re.fullmatch(r"(.*?)\s*,\s*'(.*)'", variable)
    name = with_default[1] if with_default else variable
    # "Key names are case-insensitive. For example, aws:CurrentTime is equivalent to AWS:currenttime."
    values = context.get(name.strip().lower(), [])
    # "You can use any available single-valued context key as a policy variable, but you cannot use a multivalued
    # context key as a policy variable."
    if len(values) == 1:
        return values[0]
    if with_default and not values:
        return with_default[2]
    # "not present means that the value is not in the current request information, and any attempt to match it fails
    # and causes the statement to be invalid."
    raise Unresolved(variable)


def like(pattern: list[Token], text: str) -> bool:
    """Whether a pattern matches the whole of a text, with no limits to what a wildcard may match."""
    # positions of the text that the pattern so far can have reached
    units = utf16(text)
    reached = {0}
    for token in pattern:
        if token is ANY:
            reached = {later for position in reached for later in range(position, len(units) + 1)}
        else:
            reached = {
                position + 1
                for position in reached
                if position < len(units) and (token is ONE or token == units[position])
            }
    return len(units) in reached


def resource_like(pattern: list[Token], resource: str) -> bool:
    """Whether a Resource entry matches the resource of a request.

    "You can use wildcard characters (* and ?) within the individual segments of an ARN (the parts separated by colons)
    … If the * wildcard is the last character of a resource ARN segment, it can expand to match beyond the colon
    boundaries." The resource part, after the fifth colon, is one segment whatever it holds. "When you specify an
    incomplete ARN (one with fewer than the standard six fields) in an identity-based policy, AWS automatically
    completes the ARN by adding wildcard characters (*) to all missing fields."
    """
    if any(token is not ANY for token in pattern):
        pattern = pattern + [":", ANY] * (5 - pattern.count(":"))
    resource = "".join(utf16(resource))
    reached = {0}
    colons = 0
    for index, token in enumerate(pattern):
        beyond_colons = colons >= 5 or index + 1 == len(pattern) or pattern[index + 1] == ":"
        colons += token == ":"
        if token is ANY:
            reached = {
                later
                for position in reached
                for later in range(position, len(resource) + 1)
                if beyond_colons or ":" not in resource[position:later]
            }
        elif token is ONE:
            reached = {
                position + 1
                for position in reached
                if position < len(resource) and (colons >= 5 or resource[position] != ":")
            }
        else:
            reached = {position + 1 for position in reached if position < len(resource) and resource[position] == token}
    return len(resource) in reached


def arn_like(pattern: list[Token], arn: str) -> bool:
    """Whether an ARN operator's value matches an ARN of the request.

    "Each of the six colon-delimited components of the ARN is checked separately and each can include multi-character
    match wildcards (*) or single-character match wildcards (?)."
    """
    components: list[list[Token]] = [[]]
    for token in pattern:
        if token == ":" and len(components) < 6:
            components.append([])
        else:
            components[-1].append(token)
    parts = arn.split(":", 5)
    if len(components) != 6 or len(parts) != 6:
        return False
    return all(like(component, part) for component, part in zip(components, parts, strict=True))
