"""Whether a bucket policy is public, in Amazon S3's own meaning of the word.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from ipaddress import ip_network

from ..conditions.comparisons import Operator
from ..conditions.conditions import Quantifier, Test
from ..conditions.patterns import is_literal
from ..conditions.variables import has_variable
from .statements import Document, Effect, Statement

_LIMITING = frozenset(
    {
        "aws:principalaccount",
        "aws:principalarn",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:principalservicename",
        "aws:principalservicenameslist",
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:sourceorgid",
        "aws:sourceowner",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:userid",
        "s3:dataaccesspointaccount",
        "s3:dataaccesspointarn",
        "s3:x-amz-server-side-encryption-aws-kms-key-id",
    }
)
"""Keys that, with a fixed value, make a statement for everyone one that is not public. Those of principals beyond S3's
own list only ever limit further. ``aws:username`` is none: whoever it is may name a user of an account so.

https://aws.amazon.com/blogs/storage/understanding-s3-block-public-access/
"""

_WITH_WILDCARDS = {
    "aws:principalarn": re.compile(r"arn:[^:*?]+:[^:*?]+::\d{12}:.*"),
    "aws:userid": re.compile(r"\w+:\*"),
}
"""What these may be and be fixed all the same: anybody of one account, the sessions of one role."""

_OF_BUCKETS = {**_WITH_WILDCARDS, "s3:dataaccesspointarn": re.compile(r"arn:[^:*?]+:s3:[^:]*:\d{12}:.*")}
"""What more may be so in the policy of a bucket: an access point, "as long as the account id is fixed". The same in
that of an access point "would render the access point public"."""

_WIDEST = {4: 8, 6: 32}
"""Networks larger than these are as good as the whole internet to S3: ``0.0.0.0/1`` is."""


def public_statements(document: Document, *, access_point: bool = False) -> Iterator[Statement]:
    """The statements that let in everyone, under no condition that would keep it to some; of the policy of a bucket, or
    of an access point."""
    wild = _WITH_WILDCARDS if access_point else _OF_BUCKETS
    for statement in document.statements:
        lets_in = statement.effect is Effect.ALLOW and _names_everyone(statement)
        if lets_in and not any(_limits(test, wild) for test in _tests(statement)):
            yield statement


def _names_everyone(statement: Statement) -> bool:
    principal = statement.principal
    return bool(principal and (principal.negated or any(map(_is_everyone, principal.entries))))


def _is_everyone(entry: tuple[str, str]) -> bool:
    """Whether an entry of a Principal element is no fixed one: S3 counts web identity providers, with whom whoever it
    is may have an account, as ``graph.facebook.com``."""
    kind, text = entry
    return text == "*" or (kind == "Federated" and not text.startswith("arn:"))


def _tests(statement: Statement) -> Iterator[Test]:
    return (test for test in statement.conditions.tests if isinstance(test, Test))


def _limits(test: Test, wild: Mapping[str, re.Pattern[str]]) -> bool:
    if test.operator in (None, Operator.NULL) or test.if_exists or test.operator.negative:
        return False
    if test.quantifier is Quantifier.ALL or any(map(has_variable, test.values)):
        return False
    key = test.key.lower()
    if key == "aws:sourceip":
        return bool(test.values) and not any(map(_is_wide, test.values))
    if key in wild:
        return all(is_literal(value) or wild[key].fullmatch(value) for value in test.values)
    return key in _LIMITING and all(map(is_literal, test.values))


def _is_wide(text: str) -> bool:
    try:
        network = ip_network(text, strict=False)
    except ValueError:
        return True
    return network.prefixlen < _WIDEST[network.version]
