"""ARNs and scopes are taken apart and put together without loss."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from muniment.schema import Arn, ScopeId

segment = st.text(st.characters(blacklist_characters=":"), max_size=12)
full_segment = segment.filter(bool)


@given(full_segment, full_segment, segment, segment, st.text(min_size=1, max_size=30))
def test_an_arn_is_what_it_was_parsed_from(
    partition: str, service: str, region: str, account: str, resource: str
) -> None:
    text = f"arn:{partition}:{service}:{region}:{account}:{resource}"
    assert str(Arn.parse(text)) == text


@pytest.mark.parametrize(
    "text", ["", "arn", "role/x", "arn:aws:iam::111122223333", "arn:aws::x:y:z", "ARN:aws:iam::1:role/x", "AIDAEXAMPLE"]
)
def test_what_is_not_an_arn_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an ARN"):
        Arn.parse(text)
    assert Arn.maybe(text) is None


def test_a_role_keeps_its_path() -> None:
    arn = Arn.parse("arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/Admin")
    assert (arn.resource_type, arn.name) == ("role", "Admin")


@pytest.mark.parametrize("text", ["", "aws", "aws/1/global", "aws/1/global/iam/x", "aws//global/iam"])
def test_what_is_not_a_scope_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a scope"):
        ScopeId.parse(text)


def test_a_scope_is_what_it_was_parsed_from() -> None:
    assert str(ScopeId.parse("aws/111122223333/global/iam")) == "aws/111122223333/global/iam"
