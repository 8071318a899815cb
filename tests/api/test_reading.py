"""What GraphQL reads: nodes, lists and relationships, on both engines."""

from __future__ import annotations

from typing import Any

import pytest
from muniment.api.graphql.names import plural, relationship_field
from muniment.api.graphql.root import schema
from muniment.graph.database import Database
from muniment.schema import SCHEMA

from ..queries import estate
from .conftest import Ask

ROLES = sorted(
    [
        estate.ADMIN,
        estate.PROD_ADMIN,
        estate.DEV_ADMIN,
        estate.OPEN,
        estate.CHECKOUT_DEPLOYER,
        estate.DEPLOYER,
        estate.SSO,
    ]
)
LIST = """query ($first: Int, $after: String, $by: RoleOrder, $way: Direction!, $filter: RoleFilter) {
  roles(first: $first, after: $after, orderBy: $by, direction: $way, filter: $filter) {
    totalCount pageInfo { hasNextPage endCursor } edges { cursor node { id name } }
  }
}"""


def test_every_kind_and_relationship_is_there() -> None:
    text = schema().as_str()
    for name in SCHEMA.kinds:
        if SCHEMA.is_a(name, "Asset"):
            assert f" {plural(name)}(" in text, name
    for name, relationship in SCHEMA.relationships.items():
        if all(SCHEMA.is_a(end, "Asset") for pair in relationship.ends for end in pair):
            assert f" {relationship_field(name, 'out')}(" in text, name
            assert f" {relationship_field(name, 'in')}(" in text, name


def test_a_node_by_its_id(ask: Ask) -> None:
    query = "query ($id: ID!) { node(id: $id) { __typename id ... on Role { name accountId } } }"
    found = ask(query, id=estate.ADMIN)["node"]
    assert found == {"__typename": "Role", "id": estate.ADMIN, "name": "Admin", "accountId": estate.PAY}
    assert ask(query, id="arn:aws:iam::1:role/none") == {"node": None}


@pytest.mark.parametrize("first", [1, 3])
@pytest.mark.parametrize("by", [None, "NAME", "CREATED_AT"])
@pytest.mark.parametrize("way", ["ASC", "DESC"])
def test_pages_hold_everything_once_and_in_order(ask: Ask, first: int, by: str | None, way: str) -> None:
    whole = _pages(ask, 500, by, way)
    assert sorted(node["id"] for node in whole) == sorted(set(ROLES))
    assert _pages(ask, first, by, way) == whole
    if by in (None, "ID"):
        assert [node["id"] for node in whole] == sorted(ROLES, reverse=way == "DESC")
    if by == "NAME":
        names = [node["name"] or "" for node in whole]
        assert names == sorted(names, reverse=way == "DESC")


def _pages(ask: Ask, first: int, by: str | None, way: str) -> list[dict[str, Any]]:
    nodes: list[dict[str, Any]] = []
    after = None
    while True:
        found = ask(LIST, first=first, after=after, by=by, way=way)["roles"]
        assert found["totalCount"] == len(ROLES)
        nodes += [edge["node"] for edge in found["edges"]]
        if not found["pageInfo"]["hasNextPage"]:
            return nodes
        after = found["pageInfo"]["endCursor"]
        assert after == found["edges"][-1]["cursor"]


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ({"name": {"eq": "Admin"}}, {estate.ADMIN, estate.DEV_ADMIN}),
        ({"name": {"contains": "Admin"}, "accountId": {"eq": estate.PAY}}, {estate.ADMIN, estate.PROD_ADMIN}),
        ({"name": {"in": ["ProdAdmin", "nobody"]}}, {estate.PROD_ADMIN}),
        ({"name": {"startsWith": "Prod"}}, {estate.PROD_ADMIN}),
        ({"name": {"endsWith": "nAdmin"}}, set()),
        ({"name": {"exists": False}}, set()),
        ({"id": {"eq": estate.SSO}}, {estate.SSO}),
        ({"name": {"eq": "' OR 1=1 //"}}, set()),
        ({"name": {"eq": "Admin\\u0000`$ids"}}, set()),
    ],
)
def test_filters(ask: Ask, test: dict[str, Any], expected: set[str]) -> None:
    found = ask(LIST, first=50, way="ASC", filter=test)["roles"]
    assert {edge["node"]["id"] for edge in found["edges"]} == expected
    assert found["totalCount"] == len(expected)


def test_relationships_carry_their_own_fields(ask: Ask) -> None:
    query = """query ($id: ID!) { node(id: $id) { ... on Role {
      canAssumeFrom(first: 50) { totalCount edges { decision because conditions node { id __typename } } } } } }"""
    found = ask(query, id=estate.PROD_ADMIN)["node"]["canAssumeFrom"]
    assert found["totalCount"] == len(found["edges"]) > 0
    assert all(edge["decision"] in ("allow", "conditional", "unknown") for edge in found["edges"])
    ids = [edge["node"]["id"] for edge in found["edges"]]
    assert ids == sorted(ids)
    only = query.replace("first: 50", "first: 50, decision: [CONDITIONAL]")
    some = ask(only, id=estate.PROD_ADMIN)["node"]["canAssumeFrom"]
    assert some["edges"] == [edge for edge in found["edges"] if edge["decision"] == "conditional"]
    assert some["totalCount"] == len(some["edges"])


@pytest.mark.parametrize("first", [1, 2, 50])
def test_pages_of_relationships_are_the_same_from_one_node_and_from_many(ask: Ask, first: int) -> None:
    one = """query ($id: ID!, $first: Int, $after: String) { node(id: $id) { ... on Account {
      contains(first: $first, after: $after) { pageInfo { hasNextPage endCursor } edges { node { id } } } } } }"""
    many = """query ($first: Int) { accounts(first: 50) { edges { node { id
      contains(first: $first) { edges { node { id } } } } } } }"""
    firsts = {
        edge["node"]["id"]: [inner["node"]["id"] for inner in edge["node"]["contains"]["edges"]]
        for edge in ask(many, first=first)["accounts"]["edges"]
    }
    for account, beginning in firsts.items():
        found: list[str] = []
        after = None
        while True:
            page = ask(one, id=account, first=first, after=after)["node"]["contains"]
            found += [edge["node"]["id"] for edge in page["edges"]]
            after = page["pageInfo"]["endCursor"]
            if not page["pageInfo"]["hasNextPage"]:
                break
        assert found[:first] == beginning
        assert len(set(found)) == len(found)


@pytest.fixture
def queries(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The queries that requests have come to."""
    sent: list[str] = []
    read = Database.read

    def counted(self: Database, cypher: str, /, *arguments: Any, **parameters: Any) -> Any:
        sent.append(cypher)
        return read(self, cypher, *arguments, **parameters)

    monkeypatch.setattr(Database, "read", counted)
    return sent


@pytest.mark.parametrize(
    ("query", "most"),
    [
        ("{ roles(first: 1) { edges { node { id } } } }", 1),
        ("{ roles(first: 50) { edges { node { id name accountId trustPolicy } } } }", 1),
        (
            "{ roles(first: 50) { totalCount edges { node { canAssumeFrom { totalCount edges { node { id } } } } } } }",
            4,
        ),
        ("{ accounts(first: 50) { edges { node { contains { edges { node { id __typename } } } } } } }", 2),
        (
            "{ accounts(first: 9) { edges { node { contains(first: 9) { edges { node { ... on Role { "
            "canAssumeFrom(first: 9) { edges { node { ... on Role { canAssume(first: 3) { edges { node { id } } } } "
            "} } } } } } } } } } }",
            4,
        ),
        ('{ a: node(id: "1") { id } b: node(id: "2") { id } c: node(id: "3") { id } }', 1),
    ],
)
def test_a_level_is_one_query_however_many_nodes_it_has(
    ask_embedded: Ask, queries: list[str], query: str, most: int
) -> None:
    ask_embedded(query)
    assert 0 < len(queries) <= most


def test_relationships_of_one_node_are_read_once_and_with_it(ask_embedded: Ask, queries: list[str]) -> None:
    query = """query ($id: ID!, $n: Int = 7) { node(id: $id) { ...known ... on Account { contains { totalCount } } } }
      fragment known on Role { name canAssumeFrom(first: $n) { edges { decision node { ...named } } } }
      fragment named on Principal { id name }"""
    found = ask_embedded(query, id=estate.PROD_ADMIN)["node"]
    assert found["canAssumeFrom"]["edges"]
    assert all(
        edge["node"]["name"] for edge in found["canAssumeFrom"]["edges"] if ":role/" in edge["node"].get("id", "")
    )
    assert len(queries) == len(set(queries)) == 3
    assert not any("trust_policy" in cypher for cypher in queries), "what nobody asks for is not read"


def test_a_node_and_one_relationship_are_one_query(ask: Ask, queries: list[str]) -> None:
    """Also of several nodes at once, of one from which the relationship leads nowhere, and of one that is not there."""
    page = "on Role { name canAssumeFrom(first: 2) { pageInfo { hasNextPage } edges { decision node { id } } } }"
    ids = [estate.PROD_ADMIN, estate.DEV_ADMIN, estate.ALICE, estate.PAY, "nothing"]
    one = [ask(f"query ($id: ID!) {{ node(id: $id) {{ id ... {page} }} }}", id=id_)["node"] for id_ in ids]
    assert len(queries) == len(ids)
    assert [found and found["id"] for found in one] == [*ids[:-1], None]
    assert one[0]["canAssumeFrom"]["edges"]
    queries.clear()
    fields = " ".join(f"n{at}: node(id: $i{at}) {{ id ...r }}" for at in range(len(ids)))
    given = ", ".join(f"$i{at}: ID!" for at in range(len(ids)))
    found = ask(f"query ({given}) {{ {fields} }} fragment r {page}", **{f"i{at}": id_ for at, id_ in enumerate(ids)})
    assert list(found.values()) == one
    assert len(queries) == 1


def test_lists_say_how_completely_they_are_known(ask_embedded: Ask, queries: list[str]) -> None:
    said = "knowledge { complete asOf missing { scope reason } }"
    found = ask_embedded(
        f"{{ roles(first: 2) {{ {said} edges {{ node {{ trusts {{ {said} }} }} }} }} status {{ {said} }} }}"
    )
    expected = found["status"]["knowledge"]
    assert found["roles"]["knowledge"] == expected
    assert [edge["node"]["trusts"]["knowledge"] for edge in found["roles"]["edges"]] == [expected] * 2
    queries.clear()
    ask_embedded("{ roles(first: 2) { edges { node { id } } } }")
    assert len(queries) == 1, "it is not found out where nobody asks"
