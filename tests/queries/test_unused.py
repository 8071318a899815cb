"""What was not used, told apart from what may have been: of the latter AWS's report was not read."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from muniment.graph.database import Database
from muniment.queries.least_privilege import least_privilege
from muniment.queries.library import saved
from muniment.queries.review import review_access
from muniment.queries.running import run
from muniment.schema import Edge, Node, Ownership, ScopeId

from .estate import NOW, PAY, fill, listing, role_arn, user_arn

LONG_AGO, LATELY = "2023-01-01T00:00:00Z", "2026-01-20T00:00:00Z"
IDLE, BUSY, UNREAD, KEYS, PUSHES = (user_arn(PAY, name) for name in ("idle", "busy", "unread", "keys", "pushes"))
SSH_KEY, CERTIFICATE = f"{PUSHES}/ssh-public-key/APKA1", f"{PUSHES}/signing-certificate/1"
IDENTITIES = ScopeId.parse("muniment/all/global/identities")
QUIET, SEEN = role_arn(PAY, "Quiet"), role_arn(PAY, "Seen")


def _user(arn: str, **more: Any) -> Node:
    return Node("User", arn, {"name": arn.rpartition("/")[2], "account_id": PAY, "created_at": LONG_AGO, **more})


def _key(holder: str, **more: Any) -> list[Node | Edge]:
    key = f"{holder}/access-key/1"
    stated = {"name": "key 1", "account_id": PAY, "active": True, "rotated_at": LONG_AGO, **more}
    return [Node("AccessKey", key, stated), Edge("HAS_ACCESS_KEY", holder, key)]


def _facts() -> list[Node | Edge]:
    password = {"console_access": True, "password_changed_at": LONG_AGO}
    return [
        _user(IDLE, **password),
        *_key(IDLE, use_known=True),
        _user(BUSY, **password),
        *_key(BUSY, use_known=True, last_used_at=LATELY),
        _user(UNREAD),
        *_key(UNREAD, use_known=False),
        _user(KEYS, console_access=False),
        *_key(KEYS, use_known=False),
        *(Node("Role", arn, {"name": arn[-5:], "account_id": PAY, "created_at": LONG_AGO}) for arn in (QUIET, SEEN)),
        _user(PUSHES, console_access=False),
        Node(
            "SshPublicKey",
            SSH_KEY,
            {"name": "SSH public key APKA1", "account_id": PAY, "active": True, "created_at": LATELY},
        ),
        Node("SigningCertificate", CERTIFICATE, {"account_id": PAY, "active": False, "created_at": LONG_AGO}),
        Edge("HAS_CREDENTIAL", PUSHES, SSH_KEY),
        Edge("HAS_CREDENTIAL", PUSHES, CERTIFICATE),
        Node("InlinePolicy", f"{PUSHES}/inline-policy/push", {"name": "push", "account_id": PAY}),
        Edge("ATTACHED_TO", f"{PUSHES}/inline-policy/push", PUSHES),
        Node("Service", "service/s3", {"name": "s3"}, Ownership.SHARED),
        Edge("ACCESSED", SEEN, "service/s3", {"last_accessed_at": LATELY}),
    ]


@pytest.fixture(scope="module", params=["embedded", "neo4j"])
def used(request: pytest.FixtureRequest) -> Database:
    """Users and roles of which the use of some was not read, on either engine."""
    database: Database = request.getfixturevalue(f"{request.param}_connection")
    database.write(lambda tx: tx.run("MATCH (n) WHERE NOT n:Register DETACH DELETE n").consume())
    facts = _facts()
    nodes = [fact for fact in facts if isinstance(fact, Node)]
    edges = [fact for fact in facts if isinstance(fact, Edge)]
    machine = Node("IdentityKind", "identity-kind/machine", {"name": "machine"})
    identified = Edge("IDENTIFIED_AS", PUSHES, machine.id, {"derived": True})
    fill(database, [listing(f"aws/{PAY}/global/iam", [*nodes, machine], edges)], {IDENTITIES: [identified]})
    return database


def test_what_was_not_read_is_in_no_list_of_unused_things(used: Database) -> None:
    def answered(name: str) -> set[str]:
        return {next(iter(row.values())) for row in run(used, saved()[name], {}, now=NOW).rows}

    assert answered("unused-users") == {IDLE}
    assert answered("unused-passwords") == {IDLE, BUSY}
    assert answered("unused-access-keys") == {f"{IDLE}/access-key/1"}
    assert answered("unused-roles") == {QUIET}, "the other one used a service, which its last use does not tell"
    assert answered("unknown-use") == {UNREAD, f"{UNREAD}/access-key/1", f"{KEYS}/access-key/1", SSH_KEY}


@pytest.mark.parametrize(
    ("principal", "findings"),
    [
        (IDLE, {"unused principal", "unused password", "unused access key"}),
        (BUSY, {"unused password"}),
        (UNREAD, {"use not known"}),
        (KEYS, {"use not known"}),
        (PUSHES, {"use not known"}),
        (QUIET, {"unused principal"}),
        (SEEN, set()),
    ],
)
def test_of_one_principal_too(used: Database, principal: str, findings: set[str]) -> None:
    assert {row["finding"] for row in least_privilege(used, principal, now=NOW).rows} == findings


def test_a_credential_of_whose_use_aws_does_not_tell_has_an_age_alone(used: Database) -> None:
    (row,) = run(used, saved()["long-lived-credentials"], {}, now=NOW).rows
    assert (row["holder"], row["credential"], row["kind"]) == (PUSHES, "SSH public key APKA1", "machine")
    assert (row["since"], row["age_days"], row["last_used"], row["unused_days"]) == (LATELY, 11, None, None)
    assert run(used, saved()["long-lived-credentials"], {"days": "30"}, now=NOW).rows == []
    credentials = {line["principal"]: line["credentials"] for line in review_access(used, now=NOW).rows}
    assert credentials[PUSHES] == ["SSH public key APKA1: 11 days old, of whose use AWS tells nothing"]


def test_where_such_credentials_were_not_read_it_is_said(used: Database) -> None:
    missing = run(used, saved()["long-lived-credentials"], {}, now=NOW).knowledge.missing
    assert "user-credentials" in " ".join(one.scope for one in missing)


def test_rows_that_several_queries_give_have_an_order(used: Database) -> None:
    rows = run(used, saved()["unknown-use"], {}, now=NOW).rows
    assert [row["subject"] for row in rows] == sorted(row["subject"] for row in rows)


def test_ages_are_told_in_days_by_the_clock_of_who_asks(used: Database) -> None:
    def ages(now: datetime) -> dict[str, tuple[int, int | None]]:
        rows = run(used, saved()["old-access-keys"], {}, now=now).rows
        return {row["holder"]: (row["age_days"], row["unused_days"]) for row in rows}

    assert ages(NOW) == {IDLE: (1126, None), BUSY: (1126, 11), UNREAD: (1126, None), KEYS: (1126, None)}
    assert ages(NOW + timedelta(days=30))[BUSY] == (1156, 41)
