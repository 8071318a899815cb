"""Policy documents in every form, and in none."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from muniment.ingest.aws.documents import LARGEST_DOCUMENT, Document, policy_facts
from muniment.schema import Edge, Node, content_hash

POLICY: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [
        {"Sid": "Réad", "Effect": "Allow", "Action": "s3:Get*", "Resource": ["arn:aws:s3:::a+b/*", "*"]},
        {"Effect": "Deny", "NotAction": ["iam:*"], "NotResource": "*", "Condition": {"Bool": {"aws:x": "true"}}},
    ],
}
TEXT = json.dumps(POLICY)


@pytest.mark.parametrize(
    "raw",
    [
        POLICY,
        TEXT,
        TEXT.encode(),
        quote(TEXT),
        quote(quote(TEXT)),
        json.dumps(TEXT),
        quote(json.dumps(TEXT)),
        json.dumps(POLICY, indent=2),
        json.dumps(POLICY, ensure_ascii=False),
    ],
    ids=["object", "text", "bytes", "encoded", "encoded-twice", "quoted", "quoted-encoded", "indented", "unicode"],
)
def test_every_encoding_is_the_same_document(raw: object) -> None:
    document = Document.read(raw)
    assert document == Document.read(POLICY)
    assert json.loads(document.text or "") == POLICY
    assert document.malformed is None


def test_statements_are_lists_whatever_they_were() -> None:
    facts = list(policy_facts("ManagedPolicy", "arn:aws:iam::111122223333:policy/p", TEXT, {"account_id": "1" * 12}))
    first, second = (fact.properties for fact in facts if isinstance(fact, Node) and fact.kind == "Statement")
    assert (first["sid"], first["effect"], first["actions"]) == ("Réad", "Allow", ["s3:Get*"])
    assert first["resources"] == ["arn:aws:s3:::a+b/*", "*"]
    assert "not_actions" not in first
    assert (second["not_actions"], second["not_resources"]) == (["iam:*"], ["*"])
    assert json.loads(str(second["conditions"])) == {"Bool": {"aws:x": "true"}}
    assert [(fact.start, fact.end) for fact in facts if isinstance(fact, Edge)] == [
        ("arn:aws:iam::111122223333:policy/p", f"arn:aws:iam::111122223333:policy/p#{number}") for number in (1, 2)
    ]


def test_one_statement_needs_no_list() -> None:
    document = Document.read({"Statement": POLICY["Statement"][0]})
    assert [number for number, _ in document.statements] == [1]


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (None, "there is none"),
        ("", "Expecting value"),
        ("not a policy", "Expecting value"),
        ("[1]", "it is a list"),
        ("7", "it is a int"),
        (b"\xff\xfe", "can't decode"),
        ('{"Statement": [', "Expecting value"),
        ('{"Statement": NaN}', "NaN"),
        ("[" * 100_000, "recursion"),
        ('{"Statement": {"Effect": "Allow", "Effect": "Deny"}}', "'Effect' occurs twice"),
        ({"Version": "2012-10-17"}, "no Statement"),
        ({"Statement": "x"}, "statement 1: it is not an object"),
        ({"Statement": [{"Effect": "allow", "Action": "*"}]}, "statement 1: its Effect is 'allow'"),
        ({"Statement": [{"Effect": "Allow"}]}, "either Action or NotAction"),
        ({"Statement": [{"Effect": "Allow", "Action": "*", "NotAction": "*"}]}, "either Action or NotAction"),
        ({"Statement": [{"Effect": "Allow", "Action": {"a": 1}}]}, "its Action is neither"),
        ({"Statement": [{"Effect": "Allow", "Action": ["a", 1]}]}, "its Action is neither"),
        ({"Statement": [{"Effect": "Allow", "Action": "*", "Condition": []}]}, "its Condition is not an object"),
    ],
)
def test_what_cannot_be_understood_says_why_and_is_kept(raw: object, says: str) -> None:
    document = Document.read(raw)
    assert says in (document.malformed or "")
    (node,) = policy_facts("ManagedPolicy", "arn:aws:iam::111122223333:policy/p", raw, {})
    assert isinstance(node, Node)
    assert says in str(node.properties["malformed"])


def test_statements_beside_a_malformed_one_keep_their_numbers() -> None:
    document = Document.read({"Statement": [{"Effect": "Maybe"}, *POLICY["Statement"]]})
    assert [number for number, _ in document.statements] == [2, 3]
    assert (document.malformed or "").startswith("statement 1:")


@pytest.mark.parametrize("as_object", [False, True])
def test_ten_megabytes_are_not_kept(as_object: bool) -> None:
    policy = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "x" * 10_000_000}]}
    document = Document.read(policy if as_object else json.dumps(policy))
    assert document.text is None
    assert document.statements == ()
    assert "characters long" in (document.malformed or "")
    assert Document.read("x" * LARGEST_DOCUMENT).text is not None


def test_the_hash_does_not_depend_on_the_order_of_keys() -> None:
    reversed_keys = {name: POLICY[name] for name in reversed(POLICY)}
    assert Document.read(reversed_keys).hash == Document.read(POLICY).hash
    assert Document.read({**POLICY, "Version": "2008-10-17"}).hash != Document.read(POLICY).hash


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)
LONE_SURROGATES = st.text(st.characters(categories=["Cs", "L", "Cc"]))
STATEMENTS = st.fixed_dictionaries(
    {"Effect": st.sampled_from(["Allow", "Deny", "allow"])},
    optional={
        "Sid": LONE_SURROGATES,
        "Action": LONE_SURROGATES | st.lists(LONE_SURROGATES) | JSON,
        "NotAction": LONE_SURROGATES,
        "Resource": JSON,
        "Condition": JSON,
        "Principal": JSON,
    },
)


@given(JSON | st.binary() | st.fixed_dictionaries({"Statement": st.lists(STATEMENTS | JSON, max_size=3) | STATEMENTS}))
def test_no_document_stops_the_collection(raw: object) -> None:
    for fact in policy_facts("ManagedPolicy", "arn:aws:iam::111122223333:policy/p", raw, {"account_id": "1" * 12}):
        if isinstance(fact, Node):
            content_hash(fact.kind, fact.properties)
            json.dumps(fact.properties, ensure_ascii=False).encode()
