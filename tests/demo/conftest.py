"""The demo's organization, built once for all tests of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from muniment.demo.organization import Organization, build
from muniment.demo.server import Emulator
from muniment.ingest import Entrance, LiveSource, Plan, discover, listings
from muniment.schema import Edge, Listing, Node


@dataclass(frozen=True)
class Estate:
    """What was built, and what the real collectors read of it."""

    built: Organization
    plan: Plan
    listings: list[Listing]

    def nodes(self, kind: str, account: str = "") -> list[Node]:
        """Listed nodes of a kind, in one account where that is named."""
        account_id = self.built.account_ids[account] if account else None
        return [
            node
            for listing in self.listings
            for node in listing.nodes
            if node.kind == kind
            and node.ownership != "reference"
            and (account_id is None or node.properties.get("account_id") == account_id)
        ]

    def named(self, kind: str, name: str, account: str = "") -> Node:
        """The only node of that kind and name."""
        (only,) = [node for node in self.nodes(kind, account) if node.properties["name"] == name]
        return only

    def edges(self, kind: str) -> list[Edge]:
        """Relationships of a type."""
        return [edge for listing in self.listings for edge in listing.edges if edge.type == kind]


@pytest.fixture(scope="session")
def estate() -> Iterator[Estate]:
    """The demo organization as Muniment reads it."""
    with pytest.MonkeyPatch.context() as environment, Emulator() as emulator:
        environment.delenv("AWS_PROFILE", raising=False)
        for name, value in emulator.environment.items():
            environment.setenv(name, value)
        built = build(emulator.endpoint)
        source = LiveSource(Entrance())
        plan = discover(source)
        yield Estate(built, plan, list(listings(plan, source)))
