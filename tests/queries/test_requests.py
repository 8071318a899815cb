"""What the words of "can … do … on …" are taken for."""

from __future__ import annotations

import pytest
from muniment.errors import UsageError
from muniment.queries.requests import checked_action, within

BUCKET, POINT = "arn:aws:s3:::payroll", "arn:aws:s3:eu-west-1:111111111111:accesspoint/sales"
TABLE = "arn:aws:dynamodb:eu-west-1:111111111111:table/t"


@pytest.mark.parametrize(
    ("action", "resource", "meant"),
    [
        ("s3:GetObject", BUCKET, f"{BUCKET}/*"),
        ("s3:GetObject", f"{BUCKET}/june.csv", f"{BUCKET}/june.csv"),
        ("s3:ListBucket", BUCKET, BUCKET),
        ("s3:GetObject", POINT, f"{POINT}/object/*"),
        ("s3:Get*", BUCKET, BUCKET),
        ("s3:GetObject", "*", "*"),
        ("dynamodb:Query", TABLE, TABLE),
        ("s3:ListAllMyBuckets", BUCKET, BUCKET),
        ("iam:CreateUser", "arn:aws:iam::111111111111:role/x", "arn:aws:iam::111111111111:role/x"),
        ("nobody:Knows", BUCKET, BUCKET),
    ],
)
def test_a_bucket_stands_for_its_objects_where_only_they_are_asked_about(
    action: str, resource: str, meant: str
) -> None:
    assert within(action, resource) == meant


@pytest.mark.parametrize(("text", "hint"), [("GetObject", "s3:GetObject"), ("read", "Give its service"), ("s3:", "")])
def test_what_is_no_action_is_refused(text: str, hint: str) -> None:
    with pytest.raises(UsageError) as refused:
        checked_action(text)
    assert hint in (refused.value.hint or "")
