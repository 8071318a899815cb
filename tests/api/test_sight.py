"""A caller that is limited to accounts sees what belongs to them and what is AWS's own: on both engines."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient
from muniment.api.graphql.names import plural, relationship_field
from muniment.api.security.sight import may_see
from muniment.schema import SCHEMA

from ..queries import estate
from .conftest import CALLERS, asking, refused

KINDS = sorted(name for name in SCHEMA.kinds if SCHEMA.is_a(name, "Asset"))
LIMITED = [name for name, caller in CALLERS.items() if caller.limited]
LIST = "{{ {}(first: 500) {{ totalCount edges {{ node {{ id __typename ... on Asset {{ accountId }} }} }} }} }}"


def _nodes(client: TestClient, kind: str, credential: str) -> dict[str, dict[str, Any]]:
    found = asking(client, credential)(LIST.format(plural(kind)))[plural(kind)]
    nodes = {edge["node"]["id"]: edge["node"] for edge in found["edges"]}
    assert found["totalCount"] == len(nodes)
    return nodes


def _seen(node: dict[str, Any], credential: str) -> bool:
    accounts = CALLERS[credential].accounts
    assert accounts is not None
    return may_see({"id": node["id"], "account_id": node["accountId"]}, SCHEMA.lineage(node["__typename"]), accounts)


@pytest.mark.parametrize("credential", LIMITED)
def test_lists_hold_what_belongs_to_its_accounts(client: TestClient, credential: str) -> None:
    whole = _nodes(client, "Asset", "admin")
    assert any(not _seen(node, credential) for node in whole.values())
    for kind in ("Asset", "Principal", "Role", "User", "Account", "ManagedPolicy", "Statement", "ServicePrincipal"):
        expected = {
            id_ for id_, node in whole.items() if SCHEMA.is_a(node["__typename"], kind) and _seen(node, credential)
        }
        assert _nodes(client, kind, credential).keys() == expected, kind


@pytest.mark.parametrize("credential", LIMITED)
def test_a_node_of_another_account_is_as_if_it_were_not_there(client: TestClient, credential: str) -> None:
    query = "query ($id: ID!) { node(id: $id) { id } }"
    for id_, node in _nodes(client, "Asset", "admin").items():
        found = asking(client, credential)(query, id=id_)["node"]
        assert found == ({"id": id_} if _seen(node, credential) else None), id_


@pytest.mark.parametrize("credential", ["pay", "two", "none"])
def test_no_relationship_leads_out(client: TestClient, credential: str) -> None:
    fields = " ".join(
        f"... on {start} {{ {start}_{field}: {field}(first: 20) {{ totalCount edges {{ node {{ id __typename "
        f"... on Asset {{ accountId }} }} }} }} }}"
        for relationship in ("CONTAINS", "CAN_ASSUME", "ATTACHED_TO", "HAS_STATEMENT", "TRUSTS", "CAN_ESCALATE_TO")
        for pair in SCHEMA.relationships[relationship].ends[:1]
        for start, direction in ((pair[0], "out"), (pair[1], "in"))
        for field in [relationship_field(relationship, direction)]  # type: ignore[arg-type]
        if start != "Asset"
    )
    found = asking(client, credential)(f"{{ assets(first: 40) {{ edges {{ node {{ {fields} }} }} }} }}")
    pages = [page for edge in found["assets"]["edges"] for page in edge["node"].values() if isinstance(page, dict)]
    for page in pages:
        assert page["totalCount"] == len(page["edges"])
        assert all(_seen(edge["node"], credential) for edge in page["edges"])
    assert credential == "none" or any(page["edges"] for page in pages)


@pytest.mark.parametrize(
    "narrowed",
    [
        '(filter: {accountId: {eq: "333333333333"}})',
        '(filter: {accountId: {ne: "222222222222"}})',
        '(filter: {id: {contains: "333333333333"}})',
        '(filter: {name: {in: ["Admin", "Deployer"]}}, orderBy: NAME, direction: DESC)',
        '(changedSince: "2000-01-01T00:00:00Z", orderBy: ACCOUNT_ID, direction: DESC)',
        '(after: "WyIiXQ")',
        '(orderBy: NAME, after: "WyIiLCAiIl0")',
    ],
)
def test_no_filter_order_or_cursor_tells_of_others(client: TestClient, narrowed: str) -> None:
    found = asking(client, "pay")(
        f"{{ roles{narrowed} {{ totalCount pageInfo {{ hasNextPage endCursor }} edges {{ node {{ accountId }} }} }} }}"
    )["roles"]
    assert {edge["node"]["accountId"] for edge in found["edges"]} <= {estate.PAY}
    assert found["totalCount"] == len(found["edges"])
    assert found["pageInfo"]["hasNextPage"] is False


def test_a_mistake_tells_a_reader_nothing_of_the_schema(client: TestClient) -> None:
    assert "Did you mean" not in refused(client, "{ rolse { totalCount } }", "pay")["message"]
