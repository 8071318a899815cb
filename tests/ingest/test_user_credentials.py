"""What is read of users' credentials beside passwords and access keys.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListSSHPublicKeys.html
https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListServiceSpecificCredentials.html
"""

from __future__ import annotations

from typing import Any

from muniment.ingest import Entrance, LiveSource, Request, discover, listings
from muniment.schema import Ownership, Status

from .answers import Answers, edges, nodes, read
from .cloud import MANAGEMENT, Cloud

ACCOUNT = "111122223333"
ANN = f"arn:aws:iam::{ACCOUNT}:user/ann"
KEY, OLD_KEY = (f"{ANN}/ssh-public-key/APKA1234567890EXAMPL{number}" for number in (1, 2))
GIT, BEDROCK, KEYSPACES = (f"{ANN}/service-credential/ACCA1234567890EXAMPL{number}" for number in (1, 2, 3))


def found(**errors: str) -> tuple[Any, Any]:
    return read(Answers("user-credentials", **errors), "user-credentials", ACCOUNT)


def test_ssh_public_keys_are_told_by_whether_they_sign_in() -> None:
    reader, facts = found()
    keys = nodes(facts, "SshPublicKey")
    assert {id_: key.properties["active"] for id_, key in keys.items()} == {KEY: True, OLD_KEY: False}
    assert keys[KEY].properties["created_at"] == "2022-05-01T08:00:00Z"
    assert reader.status is Status.COMPLETE


def test_credentials_of_single_services_are_told_with_the_service_and_when_they_expire() -> None:
    _, facts = found()
    credentials = {id_: node.properties for id_, node in nodes(facts, "ServiceCredential").items()}
    assert {id_: one["service"] for id_, one in credentials.items()} == {
        GIT: "codecommit.amazonaws.com",
        BEDROCK: "bedrock.amazonaws.com",
        KEYSPACES: "cassandra.amazonaws.com",
    }
    assert [credentials[id_]["active"] for id_ in (GIT, BEDROCK, KEYSPACES)] == [True, False, False]
    assert credentials[BEDROCK]["expires_at"] == "2025-10-01T08:00:00Z"
    assert credentials[GIT]["expires_at"] is None


def test_each_is_its_users_and_users_are_named_alone() -> None:
    _, facts = found()
    assert edges(facts, "HAS_CREDENTIAL") == {(ANN, one) for one in (KEY, OLD_KEY, GIT, BEDROCK, KEYSPACES)}
    assert {user.ownership for user in nodes(facts, "User").values()} == {Ownership.REFERENCE}


def test_two_calls_are_made_for_a_user_and_one_for_a_page_of_users() -> None:
    reader, _ = found()
    assert reader.calls == 2 + (2 + 1 + 1) + (2 + 1 + 1)


def test_what_may_not_be_listed_is_not_taken_for_none() -> None:
    for operation in ("ListSSHPublicKeys", "ListServiceSpecificCredentials"):
        reader, facts = found(**{operation: "AccessDenied"})
        assert reader.status is Status.PARTIAL
        assert [(one.action, one.code) for one in reader.refusals] == [(f"iam:{operation}", "AccessDenied")]
        assert edges(facts, "HAS_CREDENTIAL"), "the other listing is read all the same"


def test_nobody_is_asked_about_once_a_batch_was_refused(monkeypatch: Any) -> None:
    monkeypatch.setattr("muniment.ingest.aws.user_credentials.BATCH", 1)
    reader, _ = found(ListSSHPublicKeys="AccessDenied")
    assert reader.source.asked.count("ListSSHPublicKeys") == 1


def test_an_emulated_account(cloud: Cloud, entrance: Entrance) -> None:
    """The emulator has SSH public keys, and does not have credentials of single services, which is said."""
    iam = cloud.client("iam")
    user = iam.create_user(UserName="ann")["User"]["Arn"]
    key = iam.upload_ssh_public_key(UserName="ann", SSHPublicKeyBody="ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ ann")
    identifier = key["SSHPublicKey"]["SSHPublicKeyId"]
    source = LiveSource(entrance)
    plan = discover(source, Request(collectors=("account",), also=("user-credentials",)))
    (listing,) = [
        one for one in listings(plan, source, sleep=lambda _: None) if one.scope.collector == "user-credentials"
    ]
    assert (user, f"{user}/ssh-public-key/{identifier}") in {(edge.start, edge.end) for edge in listing.edges}
    assert user.startswith(f"arn:aws:iam::{MANAGEMENT}:")
    assert [refusal.action for refusal in listing.refusals] == ["iam:ListServiceSpecificCredentials"]
    assert listing.status is Status.PARTIAL
