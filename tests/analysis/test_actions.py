"""What is known of AWS's actions, and which of them a pattern takes in."""

from __future__ import annotations

import pytest
from muniment.analysis.iam.policies.actions import AccessLevel, actions, matching, services


def test_an_action_has_its_level_and_the_resources_it_can_be_confined_to() -> None:
    action = actions()["s3:getobject"]
    assert (action.name, action.service, action.level) == ("s3:GetObject", "s3", AccessLevel.READ)
    assert "object" in action.resource_types
    assert actions()["iam:passrole"].level is AccessLevel.PERMISSIONS


@pytest.mark.parametrize(
    ("pattern", "inside", "outside"),
    [
        ("s3:GetObject", {"s3:getobject"}, {"s3:getobjectacl"}),
        ("S3:getobject*", {"s3:getobject", "s3:getobjectacl"}, {"s3:putobject"}),
        ("s3:Get?bject", {"s3:getobject"}, {"s3:getobjectacl"}),
        ("s3*:ListBuckets", set(), {"s3:listbucket"}),
        ("*:Describe*", {"ec2:describeinstances", "rds:describedbinstances"}, {"ec2:runinstances"}),
        ("*", {"ec2:runinstances", "iam:passrole"}, set()),
        ("nobody:Knows", set(), {"s3:getobject"}),
    ],
)
def test_a_pattern_takes_in(pattern: str, inside: set[str], outside: set[str]) -> None:
    found = matching(pattern)
    assert inside <= found
    assert not outside & found


def test_every_action_belongs_to_one_service() -> None:
    assert sum(map(len, services().values())) == len(actions())
    assert matching("*") == actions().keys()
