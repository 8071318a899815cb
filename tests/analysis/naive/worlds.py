"""Random policies and requests, of few names so that they meet: what the two evaluators are compared on.

A world is a set of policies and several requests that are made under them, most of them for one target that the
policies are about. Hypothesis chooses which policies there are and one number for each of them, from which the policy
is made: it is fast, and a failure still shrinks to few policies. Only what the documentation settles is
generated: keys with several values take set operators, as they must, and every value is of its key's type.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from hypothesis import strategies as st

HOME, AWAY = "111122223333", "444455556666"
PROVIDER = f"arn:aws:iam::{HOME}:oidc-provider/token.actions.githubusercontent.com"

PRINCIPALS: list[Any] = [
    f"arn:aws:iam::{HOME}:user/ada",
    f"arn:aws:iam::{HOME}:user/ada",
    f"arn:aws:iam::{HOME}:user/team/bob",
    f"arn:aws:iam::{HOME}:role/app",
    f"arn:aws:sts::{HOME}:assumed-role/app/one",
    f"arn:aws:sts::{HOME}:assumed-role/app/one",
    f"arn:aws:sts::{HOME}:assumed-role/app/two",
    f"arn:aws:sts::{HOME}:federated-user/ada",
    f"arn:aws:iam::{HOME}:root",
    f"arn:aws:iam::{HOME}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig",
    f"arn:aws:sts::{HOME}:assumed-role/AWSServiceRoleForConfig/one",
    f"arn:aws:iam::{AWAY}:user/ada",
    f"arn:aws:sts::{AWAY}:assumed-role/app/one",
    {"service": "sns.amazonaws.com"},
    {"federated": PROVIDER},
    {"anonymous": True},
]
NAMED_PRINCIPALS: list[Any] = [
    "*",
    {"AWS": HOME},
    {"AWS": f"arn:aws:iam::{HOME}:root"},
    {"AWS": AWAY},
    {"AWS": f"arn:aws:iam::{HOME}:user/ada"},
    {"AWS": [f"arn:aws:iam::{HOME}:user/team/bob", f"arn:aws:iam::{AWAY}:user/ada"]},
    {"AWS": f"arn:aws:iam::{HOME}:user/*"},
    {"AWS": f"arn:aws:iam::{HOME}:role/app"},
    {"AWS": f"arn:aws:iam::{HOME}:role/path/app"},
    {"AWS": f"arn:aws:sts::{HOME}:assumed-role/app/one"},
    {"AWS": [f"arn:aws:sts::{HOME}:assumed-role/app/one", f"arn:aws:iam::{HOME}:role/app", HOME]},
    {"AWS": [f"arn:aws:iam::{HOME}:user/ada", f"arn:aws:iam::{HOME}:root"]},
    {"AWS": [f"arn:aws:sts::{HOME}:federated-user/ada", HOME]},
    {"AWS": f"arn:aws:sts::{HOME}:federated-user/ada", "Service": "sns.amazonaws.com"},
    {"Service": ["sns.amazonaws.com", "ec2.amazonaws.com"]},
    {"Service": "ec2.amazonaws.com"},
    {"Federated": PROVIDER},
]
TARGETS: list[tuple[str, str]] = [
    ("s3:GetObject", "arn:aws:s3:::reports/ada/a.csv"),
    ("s3:GetObject", "arn:aws:s3:::reports/${aws:username}/*"),
    ("s3:PutObject", "arn:aws:s3:::reports/blue/a:b"),
    ("s3:ListBucket", "arn:aws:s3:::reports"),
    ("s3:ListAllMyBuckets", "*"),
    ("SQS:sendmessage", f"arn:aws:sqs:eu-west-1:{HOME}:jobs"),
    ("sts:AssumeRole", f"arn:aws:iam::{HOME}:role/app"),
    ("sts:AssumeRoleWithWebIdentity", f"arn:aws:iam::{HOME}:role/app"),
    ("kms:Decrypt", f"arn:aws:kms:eu-west-1:{HOME}:key/1"),
    ("kms:RetireGrant", f"arn:aws:kms:eu-west-1:{HOME}:key/1"),
    ("kms:ListKeys", "*"),
    ("iam:GetUser", f"arn:aws:iam::{HOME}:user/ada"),
    ("ec2:RunInstances", f"arn:aws:ec2:eu-west-1:{HOME}:instance/i-1"),
]
ACTION_PATTERNS = [
    *[
        "*",
        "*",
        "s3:*",
        "s3:Get*",
        "S3:getobject",
        "s3:?etObject",
        "s3:*Object",
        "s3:List*",
        "sqs:*",
        "sqs:SendMessage?",
    ],
    *[
        "sts:*",
        "sts:AssumeRole",
        "sts:AssumeRole*",
        "kms:*",
        "kms:Decrypt",
        "iam:*",
        "ec2:Run*",
        "*:Get*",
        "s3express:*",
    ],
]
RESOURCE_PATTERNS = [
    *["*", "*", "arn:aws:s3:::*", "arn:aws:s3:::reports", "arn:aws:s3:::reports/*", "arn:aws:s3:::reports/ada/?.csv"],
    *["arn:aws:s3:::reports/${aws:username}/*", "arn:aws:s3:::reports/${aws:PrincipalTag/team, 'blue'}/*"],
    *["arn:aws:s3:::reports/${*}", "arn:aws:s3:::*/a:*", "arn:aws:s3", "arn:aws:sqs:*", "arn:aws:sqs:eu-*:jobs"],
    *[f"arn:aws:sqs:*:{HOME}:jobs", f"arn:aws:sqs:eu-west-?:{HOME}:j*s", "arn:aws:sqs:eu*3:jobs", "arn:aws:*:*:*:*"],
    *[f"arn:aws:iam::{HOME}:*", "arn:aws:iam::*:role/app", f"arn:aws:iam::{HOME}:user/${{aws:username}}"],
    *["arn:aws:kms:*:*:key/*", "arn:aws:ec2:*", "arn:aws-cn:s3:::*"],
]

TEXTS = ["ada", "Ada", "blue", "red", "reports/ada", "*"]
PATTERNS = [
    *TEXTS,
    "a*",
    "?da",
    "*d*",
    "${aws:username}",
    "${aws:PrincipalTag/team, 'blue'}",
    "${aws:PrincipalTag/team}*",
]
ARNS = [
    f"arn:aws:sns:eu-west-1:{HOME}:topic",
    f"arn:aws:iam::{HOME}:user/ada",
    f"arn:aws:iam::{HOME}:role/app",
    "arn:aws:s3:::a:b",
]
ARN_PATTERNS = [
    *ARNS,
    f"arn:aws:sns:*:{HOME}:*",
    "arn:aws:iam::*:*",
    "arn:*:*:*:*:*/ada",
    "arn:aws:iam::*:user/${aws:username}",
]
MOMENTS = ["2026-01-01T00:00:00Z", "1767225600", "2026-01-01", "2025-12-31T23:00:00-01:00", "2026-06-01T12:30:00.5Z"]
NUMBERS = ["5", "5.0", "9", "10", "-1", "0.5"]
ADDRESSES = ["203.0.113.7", "203.0.114.1", "10.0.0.1", "2001:db8::1", "2001:DB8:1::9"]
NETWORKS = [*ADDRESSES, "203.0.113.0/24", "0.0.0.0/0", "10.0.0.0/8", "2001:db8::/32", "::/0"]
BINARIES = ["QQ==", "Qg=="]

KEYS: dict[str, tuple[list[Any], str]] = {
    "aws:username": (TEXTS, "string"),
    "aws:PrincipalTag/team": (TEXTS, "string"),
    "aws:ResourceTag/Team": (TEXTS, "string"),
    "s3:prefix": (TEXTS, "string"),
    "aws:TagKeys": ([["blue"], ["ada", "blue"], ["red", "Ada", "*"], []], "strings"),
    "aws:SourceArn": (ARNS, "arn"),
    "aws:PrincipalArn": (ARNS, "arn"),
    "aws:CurrentTime": (MOMENTS, "date"),
    "s3:max-keys": ([*NUMBERS, 5, 9.0], "number"),
    "aws:SecureTransport": (["true", "false", True, False], "bool"),
    "aws:MultiFactorAuthPresent": (["true", "false"], "bool"),
    "aws:SourceIp": (ADDRESSES, "address"),
    "example:Binary": (BINARIES, "binary"),
}
"""Each context key: the values that requests have of it, and its type."""

COMPARED_WITH: dict[str, tuple[list[str], list[Any]]] = {
    "string": (["StringEquals", "StringEqualsIgnoreCase", "StringLike"], PATTERNS),
    "strings": (["StringEquals", "StringEqualsIgnoreCase", "StringLike"], PATTERNS),
    "arn": (["ArnEquals", "ArnLike", "StringLike"], ARN_PATTERNS),
    "date": (["DateEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals"], MOMENTS),
    "number": (
        ["NumericEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals"],
        NUMBERS,
    ),
    "bool": (["Bool", "StringEquals"], ["true", "false", True]),
    "address": (["IpAddress"], NETWORKS),
    "binary": (["BinaryEquals"], BINARIES),
}
NEGATED = {
    "StringEquals": "StringNotEquals",
    "StringEqualsIgnoreCase": "StringNotEqualsIgnoreCase",
    "StringLike": "StringNotLike",
    "NumericEquals": "NumericNotEquals",
    "DateEquals": "DateNotEquals",
    "ArnEquals": "ArnNotEquals",
    "ArnLike": "ArnNotLike",
    "IpAddress": "NotIpAddress",
}
FULL_ACCESS = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
RCP_FULL_ACCESS = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}],
}


@dataclass(frozen=True)
class World:
    """Policies, and requests that are made under them."""

    policies: dict[str, Any]
    requests: list[dict[str, Any]]

    def given(self) -> list[dict[str, Any]]:
        """The objects to simulate: each request together with the policies that it is under."""
        return [
            {
                **{name: value for name, value in self.policies.items() if name not in request["without"]},
                **request["asks"],
            }
            for request in self.requests
        ]


def worlds(size: int) -> st.SearchStrategy[World]:
    """Worlds of as many requests each."""
    return st.integers(0, len(TARGETS) - 1).flatmap(lambda target: _about(target, size))


def _about(target: int, size: int) -> st.SearchStrategy[World]:
    def made(make: Callable[[Random, int], dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
        return st.integers(0, 2**32).map(lambda number: make(Random(number), target))

    own = made(lambda random, about: policy(random, about))
    named = made(lambda random, about: policy(random, about, NAMED_PRINCIPALS))
    guardrail = made(lambda random, about: policy(random, about, ["*"]))
    together = st.fixed_dictionaries(
        {
            "identity_policies": st.lists(own, max_size=3),
            "permission_boundaries": st.one_of(st.none(), st.lists(own, min_size=1, max_size=1)),
            "session_policies": st.one_of(st.none(), st.lists(own, min_size=1, max_size=2)),
            "resource_policy": st.one_of(st.none(), named, named, named),
            "service_control_policies": _levels(FULL_ACCESS, own),
            "resource_control_policies": _levels(RCP_FULL_ACCESS, guardrail),
            "endpoint_policies": st.one_of(st.none(), st.just([RCP_FULL_ACCESS]), st.lists(guardrail, max_size=1)),
            "settings": st.sampled_from([{}, {}, {}, {"management_account": HOME}]),
        }
    )
    return st.builds(World, together, st.lists(made(request), min_size=size, max_size=size))


def _levels(full: dict[str, Any], some: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[list[Any]]:
    """Policies per level of an organization, full access among them more often than not."""
    level = st.one_of(st.just([full]), some.map(lambda extra: [full, extra]), st.lists(some, max_size=2))
    return st.lists(level, max_size=3)


def request(random: Random, target: int) -> dict[str, Any]:
    """One request, mostly for the target, and which of its world's policies it is not under."""
    action, resource = TARGETS[target] if random.random() < 0.8 else random.choice(TARGETS)
    asks = {
        "principal": random.choice(PRINCIPALS),
        "action": action,
        "resource": resource,
        "resource_account": AWAY if ":s3:::" in resource and random.random() < 0.25 else HOME,
        "context": {
            random.choice([key, key.lower()]): random.choice(values)
            for key, (values, _) in KEYS.items()
            if random.random() < 0.6
        },
        "mode": "strict",
    }
    without = [name for name, rate in LEFT_OUT.items() if random.random() < rate]
    return {"asks": asks, "without": without}


LEFT_OUT = {
    "permission_boundaries": 0.7,
    "session_policies": 0.6,
    "endpoint_policies": 0.8,
    "service_control_policies": 0.7,
    "resource_control_policies": 0.6,
    "resource_policy": 0.2,
}
"""How often a request is not under a type of policy, so that one does not hide what the others do."""


def policy(random: Random, target: int, principals: list[Any] | None = None) -> dict[str, Any]:
    """One document; ``principals`` are what a Principal element may be, None where there is none."""
    some = [_statement(random, target, principals) for _ in range(random.choice([1, 1, 2, 3]))]
    version = random.choice(["2012-10-17"] * 5 + ["2008-10-17", None])
    document = {"Statement": some[0] if len(some) == 1 and random.random() < 0.5 else some}
    return {"Version": version, **document} if version else document


def _statement(random: Random, target: int, principals: list[Any] | None) -> dict[str, Any]:
    denies = random.random() < 0.25
    statement: dict[str, Any] = {"Effect": "Deny" if denies else "Allow"}
    if principals:
        excepts = denies and len(principals) > 1 and random.random() < 0.4
        statement["NotPrincipal" if excepts else "Principal"] = random.choice(principals)
    service, name = TARGETS[target][0].split(":")
    likely = ["*", f"{service}:*", f"{service.upper()}:{name[:3]}*"]
    statement["Action"] = _some(random, likely if random.random() < 0.8 else ACTION_PATTERNS)
    statement["Resource"] = _some(random, ["*"] if random.random() < 0.5 else RESOURCE_PATTERNS)
    for element in ("Action", "Resource"):
        if random.random() < 0.1:
            statement[f"Not{element}"] = _some(random, ACTION_PATTERNS if element == "Action" else RESOURCE_PATTERNS)
            del statement[element]
    if random.random() < (0.85 if denies else 0.35):
        statement["Condition"] = _condition(random)
    return statement


def _condition(random: Random) -> dict[str, dict[str, Any]]:
    """A Condition element of one or two tests."""
    built: dict[str, dict[str, Any]] = {}
    for _ in range(random.choice([1, 1, 2])):
        key = random.choice(list(KEYS))
        operator, wanted = _test(random, KEYS[key][1])
        built.setdefault(operator, {})[random.choice([key, key.lower(), key.upper()])] = wanted
    return built


def _test(random: Random, kind: str) -> tuple[str, Any]:
    """An operator for keys of a type, and what it compares with."""
    if random.random() < 0.1:
        return "Null", random.choice(["true", "false", True])
    operators, values = COMPARED_WITH[kind]
    operator = random.choice(operators)
    if random.random() < 0.35:
        operator = NEGATED.get(operator, operator)
    suffix = random.choice(["", "", "", "IfExists"])
    sets = ["ForAllValues:", "ForAnyValue:"] + ([] if kind == "strings" else [""] * 4)
    return random.choice(sets) + operator + suffix, _some(random, values)


def _some(random: Random, entries: list[Any]) -> Any:
    """An entry as it is, or a list of some."""
    if random.random() < 0.5:
        return random.choice(entries)
    return [random.choice(entries) for _ in range(random.choice([1, 2, 3]))]
