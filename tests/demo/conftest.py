"""The demo's organization, built once for all tests of it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from muniment.cli.main import run
from muniment.demo.accounts import HOME_REGION
from muniment.demo.organization import Organization, build
from muniment.demo.server import Emulator
from muniment.graph import embedded
from muniment.ingest import Entrance, LiveSource, Plan, Request, discover, listings
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
        plan = discover(source, Request(regions=(HOME_REGION,)))
        yield Estate(built, plan, list(listings(plan, source)))


@pytest.fixture(scope="session")
def register(estate: Estate, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The demo organization in a graph, to which the command line is turned."""
    data_dir = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as environment:
        for name in [name for name in os.environ if name.startswith("MUNIMENT_")]:
            environment.delenv(name)
        environment.setenv("MUNIMENT_DATA_DIR", str(data_dir))
        try:
            assert run(["ingest", "aws", "--regions", HOME_REGION]) == 0
            yield
        finally:
            embedded.stop(data_dir)
