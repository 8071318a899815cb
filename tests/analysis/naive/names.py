"""The few names that random policies and requests are made of, so that they meet."""

from __future__ import annotations

from typing import Any

HOME, AWAY = "111122223333", "444455556666"
PROVIDER = f"arn:aws:iam::{HOME}:oidc-provider/token.actions.githubusercontent.com"

PRINCIPALS: list[Any] = [
    f"arn:aws:iam::{HOME}:user/ada",
    f"arn:aws:iam::{HOME}:user/ada",
    f"arn:aws:iam::{HOME}:user/team/bob",
    f"arn:aws:iam::{HOME}:user/team/bob",
    f"arn:aws:iam::{HOME}:role/app",
    f"arn:aws:iam::{HOME}:role/app",
    f"arn:aws:sts::{HOME}:assumed-role/app/one",
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
    {"AWS": f"arn:aws-cn:iam::{HOME}:root"},
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
    ("s3:PutBucketPolicy", "arn:aws:s3:::reports"),
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
# fmt: off
ACTION_PATTERNS = [
    "*", "*", "s3:*", "s3:Get*", "S3:getobject", "s3:?etObject", "s3:*Object", "s3:List*", "sqs:*",
    "sqs:SendMessage?", "sts:*", "sts:AssumeRole", "sts:AssumeRole*", "kms:*", "kms:Decrypt", "iam:*", "ec2:Run*",
    "*:*", "s3express:*",
]
RESOURCE_PATTERNS = [
    "*", "*", "arn:aws:s3:::*", "arn:aws:s3:::reports", "arn:aws:s3:::reports/*", "arn:aws:s3:::reports/ada/?.csv",
    "arn:aws:s3:::reports/${aws:username}/*", "arn:aws:s3:::reports/${aws:PrincipalTag/team, 'blue'}/*",
    "arn:aws:s3:::reports/${*}", "arn:aws:s3:::*/a:*", "arn:aws:s3", "arn:aws:sqs:*", "arn:aws:sqs:eu-*:jobs",
    f"arn:aws:sqs:*:{HOME}:jobs", f"arn:aws:sqs:eu-west-?:{HOME}:j*s", "arn:aws:sqs:eu*3:jobs", "arn:*:sqs:*:*:*",
    "arn:aws:*:*:*:*",
    f"arn:aws:iam::{HOME}:*", "arn:aws:iam::*:role/app", f"arn:aws:iam::{HOME}:user/${{aws:username}}",
    "arn:aws:kms:*:*:key/*", "arn:aws:ec2:*", "arn:aws-cn:s3:::*",
]
# fmt: on

TEXTS = ["ada", "Ada", "blue", "red", "reports/ada", "*", "\U00010400da"]
PATTERNS = [
    *TEXTS,
    "a*",
    "?da",
    "??da",
    "\U00010428DA",
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
NETWORKS = [*ADDRESSES, "203.0.113.0/24", "0.0.0.0/0", "10.0.0.9/+8", "2001:db8::/32", "2001:db8::1/32", "::/0"]
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

MALFORMED: dict[str, list[Any]] = {
    "arn": ["bucket", ""],
    "date": ["yesterday", "2026-06-01T12:30:00.5009Z"],
    "number": ["ten", ""],
    "bool": ["yes", " true "],
    "address": ["localhost", "203.0.113.7/32"],
}
"""Values of each type that few requests have, most of them of another type."""

COMPARED_WITH: dict[str, tuple[list[str], list[Any]]] = {
    "string": (["StringEquals", "StringEqualsIgnoreCase", "StringLike"], PATTERNS),
    "strings": (["StringEquals", "StringEqualsIgnoreCase", "StringLike"], PATTERNS),
    "arn": (["ArnEquals", "ArnLike", "StringLike"], ARN_PATTERNS),
    "date": (["DateEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals"], MOMENTS),
    "number": (
        ["NumericEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals"],
        NUMBERS,
    ),
    "bool": (["Bool", "StringEquals"], ["true", "false", True, "no", "${aws:MultiFactorAuthPresent}"]),
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
