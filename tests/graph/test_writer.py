"""What the graph holds after a scope was written, on both engines."""

from __future__ import annotations

import orjson
import pytest
from muniment.graph.counts import Counts, Tally
from muniment.graph.database import Database
from muniment.schema import Edge, Listing, Refusal, Status

from .estate import (
    ACCOUNT,
    CONCLUSIONS,
    OTHER,
    SCOPE,
    Clock,
    assumes,
    changes,
    graph,
    ids,
    listing,
    properties,
    record,
    reference,
    role,
    shared,
    trusts,
    writer,
)

ADMIN, AUDIT, STRANGER = role("admin"), role("audit"), role("stranger", "444455556666")
EC2 = reference("ServicePrincipal", "ec2.amazonaws.com", name="ec2.amazonaws.com")
POLICY = shared("ManagedPolicy", "arn:aws:iam::aws:policy/ReadOnlyAccess", name="ReadOnlyAccess")
FIRST = shared("Statement", f"{POLICY.id}#1", effect="Allow", actions=["s3:Get*"])
SECOND = shared("Statement", f"{POLICY.id}#2", effect="Allow", actions=["ec2:Describe*"])


def holds(policy: str, statement: str) -> Edge:
    return Edge("HAS_STATEMENT", policy, statement)


def attached(policy: str, to: str) -> Edge:
    return Edge("ATTACHED_TO", policy, to)


def test_what_is_stated_is_there_with_all_its_labels(database: Database) -> None:
    counts = writer(database).write(listing([ADMIN, EC2], [trusts(ADMIN, EC2)]))
    assert (counts.nodes, counts.relationships) == (Tally(created=2), Tally(created=1))
    nodes = {tuple(labels) for labels, _ in graph(database)["nodes"]}
    assert nodes == {("Asset", "Principal", "Role"), ("Asset", "Principal", "ServicePrincipal")}
    found = properties(database, ADMIN.id)
    assert {name: found[name] for name in ("name", "scope", "first_seen", "changed_at")} == {
        "name": "admin",
        "scope": str(SCOPE),
        "first_seen": "2026-01-31T10:00:00Z",
        "changed_at": "2026-01-31T10:00:00Z",
    }


def test_an_unchanged_scope_costs_one_statement(database: Database) -> None:
    stated = listing([ADMIN, EC2, POLICY, FIRST], [trusts(ADMIN, EC2), holds(POLICY.id, FIRST.id)])
    writer(database).write(stated)
    before = graph(database)
    assert writer(database, "again").write(stated) == Counts(statements=1, rows=1)
    assert graph(database) == before
    assert changes(database, "again") == []


def test_only_what_differs_is_written_and_recorded(database: Database) -> None:
    clock = Clock()
    writer(database, clock=clock).write(listing([ADMIN, AUDIT, EC2], [trusts(ADMIN, EC2), trusts(AUDIT, EC2)]))
    clock.advance(3600)
    described = role("admin", description="Does everything")
    counts = writer(database, "second", clock).write(listing([described, EC2], [trusts(described, EC2, effect="Deny")]))
    assert (counts.nodes, counts.relationships) == (Tally(changed=1, removed=1), Tally(changed=1, removed=1))
    assert ids(database) == [ADMIN.id, EC2.id]
    found = properties(database, ADMIN.id)
    assert (found["first_seen"], found["changed_at"]) == ("2026-01-31T10:00:00Z", "2026-01-31T11:00:00Z")
    assert changes(database, "second") == [
        ("changed", "Role", ADMIN.id),
        ("changed", "TRUSTS", f"{ADMIN.id} -TRUSTS-> {EC2.id}"),
        ("removed", "Role", AUDIT.id),
        ("removed", "TRUSTS", f"{AUDIT.id} -TRUSTS-> {EC2.id}"),
    ]
    (change,) = database.read(
        "MATCH (c:Change) WHERE c.run = 'second' AND c.kind = 'TRUSTS' AND c.operation = 'changed' "
        "RETURN c.before AS before, c.after AS after"
    )
    assert (orjson.loads(change["before"]), orjson.loads(change["after"])) == ({"effect": "Allow"}, {"effect": "Deny"})


def test_a_first_reading_is_recorded_as_one_change(database: Database) -> None:
    writer(database, "first").write(listing([ADMIN, AUDIT, EC2], [trusts(ADMIN, EC2)]))
    assert changes(database, "first") == [("created", "Scope", str(SCOPE))]
    (change,) = database.read("MATCH (c:Change) RETURN c.after AS after")
    assert orjson.loads(change["after"]) == {"nodes": 3, "relationships": 1}


def test_a_property_that_is_no_longer_stated_is_gone(database: Database) -> None:
    writer(database).write(listing([role("admin", description="old")]))
    writer(database).write(listing([ADMIN]))
    assert "description" not in properties(database, ADMIN.id)


@pytest.mark.parametrize("status", [Status.DENIED, Status.FAILED])
def test_what_could_not_be_read_changes_nothing_but_the_record(database: Database, status: Status) -> None:
    clock = Clock()
    writer(database, clock=clock).write(listing([ADMIN]))
    before = graph(database)
    clock.advance(60)
    refusal = Refusal("iam:GetAccountAuthorizationDetails", "AccessDenied", "no identity-based policy allows it")
    refused = Listing(SCOPE, [], [], status, [refusal], calls=1)
    assert writer(database, "second", clock).write(refused) == Counts(statements=1, rows=1)
    assert graph(database) == before
    assert record(database) == {
        "id": str(SCOPE),
        "source": "aws",
        "account_id": ACCOUNT,
        "region": "global",
        "collector": "iam",
        "status": str(status),
        "attempted_at": "2026-01-31T10:01:00Z",
        "completed_at": "2026-01-31T10:00:00Z",
        "refusals": [str(refusal)],
        "calls": 1,
        "nodes": 1,
        "relationships": 0,
        "run": "second",
    }


def test_a_partial_listing_adds_and_changes_and_removes_nothing(database: Database) -> None:
    known = role("admin", description="known", path="/")
    writer(database).write(listing([known, AUDIT, EC2], [trusts(known, EC2, principal="ec2"), trusts(AUDIT, EC2)]))
    partial = [role("admin", path="/new/"), role("fresh"), EC2]
    stated = listing(partial, [trusts(ADMIN, EC2, effect="Deny")], status=Status.PARTIAL)
    counts = writer(database).write(stated)
    assert (counts.nodes, counts.relationships) == (Tally(created=1, changed=1), Tally(changed=1))
    found = properties(database, ADMIN.id)
    assert (found["description"], found["path"]) == ("known", "/new/")
    assert AUDIT.id in ids(database)
    (edge,) = (edge for edge in graph(database)["edges"] if edge[0] == ADMIN.id)
    assert {"effect": "Deny", "principal": "ec2"}.items() <= dict(edge[3]).items()
    assert (record(database)["nodes"], record(database)["relationships"]) == (3, 2)
    assert writer(database).write(stated) == Counts(statements=1, rows=1)


def test_a_removed_node_that_others_refer_to_becomes_a_reference(database: Database) -> None:
    writer(database).write(listing([role("admin", description="secret plan")]))
    writer(database).write(listing([STRANGER, reference("Role", ADMIN.id)], [trusts(STRANGER, ADMIN)], scope=OTHER))
    counts = writer(database).write(listing([]))
    assert counts.nodes == Tally(removed=1)
    found = properties(database, ADMIN.id)
    assert {name: found.get(name) for name in ("name", "account_id", "scope", "description")} == {
        "name": "admin",
        "account_id": ACCOUNT,
        "scope": "reference",
        "description": None,
    }
    assert len(graph(database)["edges"]) == 1
    assert writer(database).prune() == Counts()
    assert writer(database).write(listing([ADMIN])).nodes == Tally(created=1)
    assert properties(database, ADMIN.id)["scope"] == str(SCOPE)


def test_a_reference_changes_nothing_of_what_is_known(database: Database) -> None:
    writer(database).write(listing([ADMIN]))
    before = properties(database, ADMIN.id)
    writer(database).write(listing([reference("Role", ADMIN.id, name="hearsay")], scope=OTHER))
    assert properties(database, ADMIN.id) == before


def test_a_node_is_taken_over_by_the_last_scope_that_lists_it_completely(database: Database) -> None:
    writer(database).write(listing([ADMIN, AUDIT]))
    writer(database).write(listing([ADMIN, AUDIT], scope=OTHER, status=Status.PARTIAL))
    assert properties(database, ADMIN.id)["scope"] == str(SCOPE)
    assert writer(database).write(listing([ADMIN], scope=OTHER)).nodes == Tally(changed=1)
    assert properties(database, ADMIN.id)["scope"] == str(OTHER)
    writer(database).write(listing([AUDIT]))
    assert ids(database) == [ADMIN.id, AUDIT.id]


def test_a_reference_of_another_kind_is_replaced_and_keeps_its_relationships(database: Database) -> None:
    guess = reference("OtherPrincipal", ADMIN.id)
    writer(database).write(listing([STRANGER, guess], [trusts(STRANGER, guess, principal="?")], scope=OTHER))
    writer(database).write(listing([ADMIN]))
    (edge,) = graph(database)["edges"]
    assert edge[:3] == (STRANGER.id, "TRUSTS", ADMIN.id)
    assert dict(edge[3])["principal"] == "?"
    assert [labels for labels, _ in graph(database)["nodes"]] == [["Asset", "Principal", "Role"]] * 2


def test_relationships_between_the_same_nodes_are_told_apart_by_key(database: Database) -> None:
    several = [trusts(ADMIN, EC2, "1"), trusts(ADMIN, EC2, "2")]
    writer(database).write(listing([ADMIN, EC2], several))
    assert len(graph(database)["edges"]) == 2
    assert writer(database).write(listing([ADMIN, EC2], several[1:])).relationships == Tally(removed=1)
    assert [dict(edge[3])["key"] for edge in graph(database)["edges"]] == ["2"]


def test_shared_facts_belong_to_no_scope_and_change_for_all(database: Database) -> None:
    both = [POLICY, FIRST, SECOND], [holds(POLICY.id, FIRST.id), holds(POLICY.id, SECOND.id)]
    one = [*both[0], ADMIN], [*both[1], attached(POLICY.id, ADMIN.id)]
    two = [*both[0], STRANGER], [*both[1], attached(POLICY.id, STRANGER.id)]
    writer(database).write(listing(*one))
    assert writer(database).write(listing(*two, scope=OTHER)).nodes == Tally(created=1)
    assert writer(database).write(listing(*one)) == Counts(statements=1, rows=1)
    writer(database).write(listing([POLICY, FIRST, ADMIN], [holds(POLICY.id, FIRST.id), attached(POLICY.id, ADMIN.id)]))
    assert SECOND.id in ids(database)
    assert writer(database).prune().nodes == Tally(removed=1)
    assert ids(database) == [ADMIN.id, STRANGER.id, POLICY.id, FIRST.id]


def test_what_nothing_refers_to_is_pruned_and_nothing_else(database: Database) -> None:
    facts = [POLICY, FIRST, ADMIN, EC2]
    writer(database).write(
        listing(facts, [holds(POLICY.id, FIRST.id), attached(POLICY.id, ADMIN.id), trusts(ADMIN, EC2)])
    )
    assert writer(database).prune() == Counts()
    writer(database).write(listing([ADMIN]))
    counts = writer(database, "pruning").prune()
    assert (counts.nodes, counts.relationships) == (Tally(removed=3), Tally(removed=1))
    assert ids(database) == [ADMIN.id]
    assert len(changes(database, "pruning")) == 4


def test_conclusions_about_a_removed_node_go_with_it(database: Database) -> None:
    writer(database).write(listing([ADMIN, AUDIT]))
    writer(database).derive(CONCLUSIONS, ["CAN_ASSUME"], [assumes(AUDIT, ADMIN)], complete=True)
    counts = writer(database, "second").write(listing([AUDIT]))
    assert (counts.nodes, counts.relationships) == (Tally(removed=1), Tally(removed=1))
    assert ids(database) == [AUDIT.id]
    assert ("removed", "CAN_ASSUME", f"{AUDIT.id} -CAN_ASSUME-> {ADMIN.id}") in changes(database, "second")


def test_a_record_says_how_much_a_scope_states_and_who_read_it(database: Database) -> None:
    database.write(lambda tx: tx.run("CREATE (:IngestRun {id: 'one'}), (:IngestRun {id: 'two'})").consume())
    for run in ("one", "two"):
        writer(database, run).write(listing([ADMIN, EC2], [trusts(ADMIN, EC2)]))
    assert (record(database)["nodes"], record(database)["relationships"]) == (1, 1)
    owners = database.read("MATCH (r:IngestRun)-[:OWNS]->(s:Scope) RETURN r.id AS run, s.id AS scope")
    assert owners == [{"run": "two", "scope": str(SCOPE)}]
