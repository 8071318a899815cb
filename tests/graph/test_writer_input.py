"""What the writer refuses, and what it takes although it is odd."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from muniment.graph.counts import Counts, Tally
from muniment.graph.database import Database
from muniment.graph.stated import LONGEST_INDEXED, fit, state
from muniment.schema import Edge, Listing, Node

from .estate import SCOPE, graph, ids, listing, properties, reference, role, trusts, writer

ADMIN = role("admin")
EC2 = reference("ServicePrincipal", "ec2.amazonaws.com")

REFUSED = {
    "a kind that is not declared": (
        listing([Node("Wizard", "w")]),
        "the kind Wizard is not declared, or has no nodes of its own",
    ),
    "an abstract kind": (
        listing([Node("Principal", "p")]),
        "the kind Principal is not declared, or has no nodes of its own",
    ),
    "a kind of record": (
        listing([Node("Lease", "writer")]),
        "the kind Lease is not declared, or has no nodes of its own",
    ),
    "a field that is not declared": (
        listing([role("admin", secret="x")]),
        "Role has no field 'secret' that a source may state",
    ),
    "a field that the writer sets": (
        listing([role("admin", scope="mine")]),
        "Role has no field 'scope' that a source may state",
    ),
    "a text for a number": (
        listing([role("admin", max_session_seconds="3600")]),
        "Role.max_session_seconds must be integer, not str",
    ),
    "a truth value for a number": (
        listing([role("admin", max_session_seconds=True)]),
        "Role.max_session_seconds must be integer, not bool",
    ),
    "a number that no database holds": (
        listing([role("admin", max_session_seconds=2**63)]),
        "Role.max_session_seconds is 9223372036854775808, which has more than 64 bits",
    ),
    "more than any document has": (
        listing([role("admin", trust_policy="x" * 15_000_000)]),
        "a Role has 15,000,134 bytes, and the most that can be kept is 15,000,000",
    ),
    "a list of numbers": (
        listing([Node("Statement", "p#1", {"actions": [1]})]),
        "Statement.actions must be strings, and one of its items is not a text",
    ),
    "no id": (listing([Node("Role", "")]), "a Role has no id"),
    "a relationship that is not declared": (
        listing([ADMIN], [Edge("LIKES", ADMIN.id, ADMIN.id)]),
        "the relationship LIKES is not declared",
    ),
    "a relationship of the records": (
        listing([ADMIN], [Edge("OWNS", "run", str(SCOPE))]),
        "the relationship OWNS is not declared",
    ),
    "a conclusion": (
        listing([ADMIN], [Edge("CAN_ASSUME", ADMIN.id, ADMIN.id)]),
        "the relationship CAN_ASSUME is derived",
    ),
    "ends that are not declared": (
        listing([ADMIN, EC2], [Edge("MEMBER_OF", ADMIN.id, EC2.id)]),
        "MEMBER_OF may not join Role and ServicePrincipal",
    ),
}


@pytest.mark.parametrize(("stated", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_not_declared_is_refused_by_name(stated: Listing, message: str) -> None:
    with pytest.raises(ValueError, match=r"bytes|declared|field|must be|64 bits|no id|derived|may not join") as refused:
        state(stated)
    assert str(refused.value) == message


def test_a_relationship_to_nowhere_is_refused_and_nothing_is_written(database: Database) -> None:
    with pytest.raises(ValueError, match=r"neither stated nor in the graph: .*admin -TRUSTS-> ec2\.amazonaws\.com"):
        writer(database).write(listing([ADMIN], [trusts(ADMIN, EC2)]))
    assert ids(database) == []
    assert database.read("MATCH (s:Scope) RETURN s.id AS id") == []


def test_ends_are_checked_against_what_the_graph_knows_too(database: Database) -> None:
    writer(database).write(listing([EC2]))
    with pytest.raises(ValueError, match="MEMBER_OF may not join Role and ServicePrincipal"):
        writer(database).write(listing([ADMIN], [Edge("MEMBER_OF", ADMIN.id, EC2.id)]))


ODD_TEXTS = {
    "quotes": 'it\'s "quoted" and `ticked`',
    "braces and dollars": "{$rows} }} // */ :Role",
    "escapes": "back\\slash \\n \\u0000",
    "control characters": "".join(map(chr, range(32))) + "\x7f\x85",
    "unicode": "Zürich 東京 🏛️ e\u0301 \u202e \u2028 \ufeff",
    "very long": "x" * 100_000,
}


@pytest.mark.parametrize("text", ODD_TEXTS.values(), ids=ODD_TEXTS.keys())
def test_odd_texts_come_back_as_they_were(database: Database, text: str) -> None:
    odd = Node("Role", f"arn:aws:iam::111122223333:role/{text}", {"description": text, "trust_policy": text})
    end = reference("OtherPrincipal", text)
    stated = listing([odd, end], [trusts(odd, end, key=text, principal=text, actions=[text, text])])
    writer(database).write(stated)
    assert writer(database).write(stated) == Counts(statements=1, rows=1)
    found = properties(database, fit(odd.id))
    assert (found["description"], found["trust_policy"]) == (text, text)
    ((start, _, end_id, edge),) = graph(database)["edges"]
    assert (start, end_id, dict(edge)["principal"], dict(edge)["actions"]) == (
        fit(odd.id),
        fit(text),
        text,
        [text, text],
    )


def test_half_a_surrogate_pair_is_replaced(database: Database) -> None:
    odd = Node("Role", "arn:aws:iam::111122223333:role/\ud800", {"name": "\udfff", "description": "\ud83c\udfdb"})
    writer(database).write(listing([odd]))
    assert writer(database).write(listing([odd])) == Counts(statements=1, rows=1)
    found = properties(database, "arn:aws:iam::111122223333:role/\ufffd")
    assert (found["name"], found["description"]) == ("\ufffd", "🏛")


@given(st.text(st.characters(), max_size=50).map(lambda text: text * 200))
def test_long_ids_stay_distinct_and_can_be_indexed(text: str) -> None:
    assert len(fit(text).encode()) <= LONGEST_INDEXED
    assert fit(fit(text)) == fit(text)
    if len(text.encode("utf-8", "surrogatepass")) > LONGEST_INDEXED:
        assert fit(text + "a") != fit(text + "b")


def test_a_document_of_ten_megabytes_is_written(database: Database) -> None:
    document = '{"Statement": [' + ", ".join(['"' + "x" * 1000 + '"'] * 10_000) + "]}"
    nodes = [role("admin", trust_policy=document), *(role(f"r{number}") for number in range(10))]
    writer(database).write(listing(nodes))
    assert properties(database, ADMIN.id)["trust_policy"] == document
    assert len(ids(database)) == 11
    changed = writer(database).write(listing([role("admin", trust_policy=document + " "), *nodes[1:]]))
    assert changed.nodes == Tally(changed=1)
    assert properties(database, ADMIN.id)["trust_policy"] == document + " "
