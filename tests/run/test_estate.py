"""The estate as the graph gives it back, and the questions put to it, on both engines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from muniment.analysis.iam.derive import derive_can_assume
from muniment.errors import NotFound, UsageError
from muniment.graph.database import Database
from muniment.graph.lease import Lease
from muniment.graph.memory import Memory
from muniment.graph.writer import Writer
from muniment.ingest.aws.documents import Document, policy_facts
from muniment.ingest.aws.trust import trust_facts
from muniment.run.estate import administrators, decide_for, load_estate, who_can
from muniment.schema import Edge, Listing, Node, Ownership, Refusal, ScopeId, Status

NOW = datetime(2026, 1, 31, tzinfo=UTC)
READ_AT = "2026-01-31T00:00:00Z"
HOME, MEMBER, CLOSED, OUTSIDE = "111111111111", "222222222222", "333333333333", "999999999999"
ORGANIZATION = f"arn:aws:organizations::{HOME}:organization/o-1"
ROOT, UNIT = f"arn:aws:organizations::{HOME}:root/o-1/r-1", f"arn:aws:organizations::{HOME}:ou/o-1/ou-1"
SCP, FULL = f"arn:aws:organizations::{HOME}:policy/o-1/scp/p-1", "arn:aws:organizations::aws:policy/scp/p-FullAWSAccess"
ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"
LIMIT = f"arn:aws:iam::{MEMBER}:policy/limit"
KEPT = f"arn:aws:iam::{MEMBER}:policy/kept"
ANN, BOB, EVE = (f"arn:aws:iam::{MEMBER}:user/{name}" for name in ("ann", "bob", "eve"))
POINT, ALIAS = f"arn:aws:s3:eu-west-1:{MEMBER}:accesspoint/sales", "sales-hrzrlukc5m36ft7okagglf3gmwluquse1b-s3alias"
OPS = f"arn:aws:iam::{MEMBER}:group/ops"
DEPLOY, APP = f"arn:aws:iam::{MEMBER}:role/deploy", f"arn:aws:iam::{MEMBER}:role/tools/app"
RESERVED = f"arn:aws:iam::{MEMBER}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Ops_0123456789abcdef"
PROVIDER = f"arn:aws:iam::{MEMBER}:saml-provider/AWSSSO_1_DO_NOT_DELETE"
PERMISSION_SET, PEOPLE = "arn:aws:sso:::permissionSet/i/p", "arn:aws:identitystore:::group/g"


def statements(*found: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(found)})


def allow(action: str, resource: str = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: str, resource: str = "*", **more: Any) -> dict[str, Any]:
    return {**allow(action, resource, **more), "Effect": "Deny"}


def listing(
    scope: str, facts: Iterator[Node | Edge] | list[Node | Edge], status: Status = Status.COMPLETE, *refusals: Refusal
) -> Listing:
    found = list(facts)
    return Listing(
        ScopeId.parse(scope),
        [fact for fact in found if isinstance(fact, Node)],
        [fact for fact in found if isinstance(fact, Edge)],
        status,
        refusals,
        started_at=READ_AT,
        finished_at=READ_AT,
    )


def access_point() -> Iterator[Node | Edge]:
    """A bucket that delegates to the access points of its account, and one of these, which lets in Eve."""
    account = {"provider": "aws", "account_id": MEMBER, "region": "eu-west-1"}
    delegates = {"StringEquals": {"s3:DataAccessPointAccount": MEMBER}}
    bucket = statements(allow("s3:*", Principal="*", Condition=delegates))
    point = statements(allow("s3:GetObject", f"{POINT}/object/*", Principal={"AWS": EVE}))
    owned = {"object_ownership": "BucketOwnerEnforced", "ignore_public_acls": True, "restrict_public_buckets": True}
    yield Node("Bucket", "arn:aws:s3:::payroll", {**account, **owned, "name": "payroll", "policy": bucket})
    stated = {"name": "sales", "bucket": "payroll", "alias": ALIAS, "policy": point, "restrict_public_buckets": True}
    yield Node("AccessPoint", POINT, {**account, **stated})
    yield Edge("ACCESS_POINT_OF", POINT, "arn:aws:s3:::payroll")


def organization() -> Iterator[Node | Edge]:
    yield Node(
        "Organization", ORGANIZATION, {"organization_id": "o-1", "management_account_id": HOME, "feature_set": "ALL"}
    )
    yield Node("OrganizationRoot", ROOT, {"path": "o-1/r-1/", "policy_types": ["SERVICE_CONTROL_POLICY"]})
    yield Node("OrganizationalUnit", UNIT, {"path": "o-1/r-1/ou-1/"})
    yield from policy_facts("ServiceControlPolicy", FULL, statements(allow("*")), {"name": "full"})
    yield from policy_facts("ServiceControlPolicy", SCP, statements(deny("s3:DeleteBucket")), {"name": "keep buckets"})
    for account, path in ((HOME, "o-1/r-1/"), (MEMBER, "o-1/r-1/ou-1/"), (CLOSED, "o-1/r-1/ou-1/")):
        properties = {"account_id": account, "path": path, "management": account == HOME, "partition": "aws"}
        yield Node("Account", account, properties)
        yield Edge("ATTACHED_TO", FULL, account)
    yield from (Edge("ATTACHED_TO", FULL, ROOT), Edge("ATTACHED_TO", FULL, UNIT), Edge("ATTACHED_TO", SCP, UNIT))


def role(arn: str, trust: dict[str, Any]) -> Iterator[Node | Edge]:
    document = Document.read(statements({"Effect": "Allow", "Action": "sts:AssumeRole", **trust}))
    facts, malformed = trust_facts(arn, document)
    account = arn.split(":")[4]
    yield Node(
        "Role",
        arn,
        {
            "name": arn.rpartition("/")[2],
            "account_id": account,
            "trust_policy": document.text,
            "trust_malformed": malformed,
            "tags": "{}",
            "service_linked": False,
        },
    )
    yield from facts


def iam() -> Iterator[Node | Edge]:
    yield from policy_facts(
        "ManagedPolicy", ADMIN, statements(allow("*")), {"name": "admin", "versions": 1}, Ownership.SHARED
    )
    yield from policy_facts("ManagedPolicy", LIMIT, statements(allow("ec2:*")), {"name": "limit", "versions": 5})
    yield from policy_facts("ManagedPolicy", KEPT, statements(allow("s3:*")), {"name": "kept", "versions": 2})
    earlier = Document.read(statements(allow("*")))
    stated = {"version": "v1", "document": earlier.text, "document_hash": earlier.hash, "malformed": None}
    yield Node("PolicyVersion", f"{KEPT}#v1", {"name": "kept v1", "account_id": MEMBER, **stated})
    yield Edge("HAS_VERSION", KEPT, f"{KEPT}#v1")
    for arn in (ANN, BOB, EVE):
        yield Node("User", arn, {"name": arn.rpartition("/")[2], "account_id": MEMBER, "tags": '{"team": "red"}'})
    yield Node("Group", OPS, {"name": "ops", "account_id": MEMBER})
    yield from (Edge("MEMBER_OF", ANN, OPS), Edge("ATTACHED_TO", ADMIN, OPS), Edge("ATTACHED_TO", ADMIN, BOB))
    yield Edge("BOUNDED_BY", BOB, LIMIT)
    inline = f"{EVE}/inline-policy/p"
    mfa = {"Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}
    yield from policy_facts("InlinePolicy", inline, statements(allow("sts:AssumeRole", DEPLOY, **mfa)), {})
    yield Edge("ATTACHED_TO", inline, EVE)
    yield from role(DEPLOY, {"Principal": {"AWS": [MEMBER, OUTSIDE, CLOSED]}})
    yield from role(APP, {"Principal": {"Service": "ec2.amazonaws.com"}})
    yield Edge("ATTACHED_TO", ADMIN, APP)
    own = f"{DEPLOY}/inline-policy/own"
    yield from policy_facts(
        "InlinePolicy", own, statements(allow("sqs:*", "arn:aws:sqs:*:*:${aws:PrincipalAccount}-*")), {}
    )
    yield Edge("ATTACHED_TO", own, DEPLOY)
    saml = {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}}
    trust = {"Action": "sts:AssumeRoleWithSAML", "Principal": {"Federated": PROVIDER}, "Condition": saml}
    yield from role(RESERVED, trust)


def identity_center() -> Iterator[Node | Edge]:
    yield Node("PermissionSet", PERMISSION_SET, {"name": "Ops"})
    yield Node("IdentityCenterGroup", PEOPLE, {"name": "people"})
    yield Node("Account", MEMBER, {}, Ownership.REFERENCE)
    yield Edge("PROVISIONED_IN", PERMISSION_SET, MEMBER)
    yield Edge("ASSIGNED_TO", PEOPLE, PERMISSION_SET, {"account_id": MEMBER}, MEMBER)


DENIED = Refusal("iam:GetAccountAuthorizationDetails", "AccessDenied")


def listings() -> dict[str, Listing]:
    return {
        "organizations": listing(f"aws/{HOME}/global/organizations", organization()),
        "home": listing(f"aws/{HOME}/global/iam", []),
        "member": listing(f"aws/{MEMBER}/global/iam", iam()),
        "closed": listing(f"aws/{CLOSED}/global/iam", [], Status.DENIED, DENIED),
        "identity-center": listing(f"aws/{HOME}/eu-west-1/identity-center", identity_center()),
    }


def fill(database: Database, *, without: str = "", more: tuple[Listing, ...] = ()) -> None:
    lease = Lease.acquire(database, "test", 600, lambda: NOW)
    writer = Writer(database, lease, "run-1", lambda: NOW)
    for name, found in listings().items():
        if name != without:
            writer.write(found)
    for found in more:
        writer.write(found)
    lease.release()


def test_what_conclusions_rest_on_comes_back_from_the_graph(database: Database) -> None:
    fill(database)
    estate = load_estate(database)
    assert set(estate.users) == {ANN, BOB, EVE}
    assert set(estate.roles) == {DEPLOY, APP, RESERVED}
    assert estate.users[ANN].groups == (OPS,)
    assert estate.groups[OPS] == (ADMIN,)
    assert estate.users[BOB].boundary == LIMIT
    assert estate.full_policies == {LIMIT}
    assert {of: [version.id for version in others] for of, others in estate.versions.items()} == {KEPT: [f"{KEPT}#v1"]}
    assert estate.versions[KEPT][0].document is estate.policies[ADMIN].document
    assert estate.unread_versions == {LIMIT}
    assert estate.users[ANN].tags == {"team": "red"}
    assert [level.node for level in estate.accounts[MEMBER].levels] == [ROOT, UNIT, MEMBER]
    assert set(estate.accounts[MEMBER].levels[1].service_control) == {FULL, SCP}
    assert estate.accounts[MEMBER].organization == "o-1"
    assert estate.accounts[HOME].management
    assert estate.accounts[MEMBER].unread is None
    assert "AccessDenied" in (estate.accounts[CLOSED].unread or "")
    assert estate.accounts[OUTSIDE].external
    assert [(a.holder, a.role) for a in estate.assignments] == [(PEOPLE, RESERVED)]


def test_conclusions_of_the_graph(database: Database) -> None:
    fill(database)
    facts = derive_can_assume(load_estate(database))
    found = {
        (e.start, e.end): e.properties["decision"] for e in facts if isinstance(e, Edge) and e.type == "CAN_ASSUME"
    }
    sets = {start for start, _ in found if start.startswith("principal-set/")}
    assert {key: word for key, word in found.items() if key[0] not in sets} == {
        (EVE, DEPLOY): "conditional",
        (OUTSIDE, DEPLOY): "conditional",
        (CLOSED, DEPLOY): "unknown",
        ("ec2.amazonaws.com", APP): "allow",
        (PROVIDER, RESERVED): "conditional",
        (PEOPLE, RESERVED): "allow",
    }
    assert {found[start, DEPLOY] for start in sets} == {"allow"}


def test_one_principal(database: Database) -> None:
    fill(database)
    assert decide_for(database, ANN, "s3:ListAllMyBuckets").word == "allow"
    denied = decide_for(database, ANN, "s3:DeleteBucket", "*")
    assert (denied.word, [str(reason) for reason in denied.because]) == (
        "deny",
        [f"{SCP}#1: Deny s3:DeleteBucket on *"],
    )
    assert decide_for(database, BOB, "s3:ListAllMyBuckets").word == "deny"
    assert decide_for(database, BOB, "ec2:RunInstances").word == "allow"
    assert decide_for(database, f"arn:aws:sts::{MEMBER}:assumed-role/app/s", "ec2:RunInstances").word == "allow"
    with_mfa = decide_for(database, EVE, "sts:AssumeRole", DEPLOY)
    assert with_mfa.word == "conditional"
    assert len(with_mfa.conditions) == 1
    assert "aws:MultiFactorAuthPresent" in with_mfa.conditions[0]
    given = {"aws:MultiFactorAuthPresent": True}
    assert decide_for(database, EVE, "sts:AssumeRole", DEPLOY, given).word == "allow"
    assert decide_for(database, EVE, "sts:AssumeRole", DEPLOY, {"aws:MultiFactorAuthPresent": False}).word == "deny"
    assert decide_for(database, f"arn:aws:iam::{MEMBER}:root", "s3:DeleteBucket").word == "deny"
    assert decide_for(database, f"arn:aws:iam::{HOME}:root", "s3:DeleteBucket").word == "allow"
    with pytest.raises(NotFound, match="nobody"):
        decide_for(database, f"arn:aws:iam::{MEMBER}:user/nobody", "s3:ListAllMyBuckets")


def test_everyone_who_can(database: Database) -> None:
    fill(database)
    assert {who for who, _, _ in who_can(database, "ec2:RunInstances")} == {ANN, BOB, APP}
    assert {(who, decision.word) for who, _, decision in who_can(database, "sts:AssumeRole", DEPLOY)} == {
        (ANN, "allow"),
        (APP, "allow"),
        (EVE, "conditional"),
        (CLOSED, "unknown"),
        (OUTSIDE, "conditional"),
    }
    assert list(who_can(database, "s3:DeleteBucket")) == []
    assert {(who, account) for who, account, _ in administrators(database)} == {(ANN, MEMBER), (APP, MEMBER)}
    assert list(administrators(database, HOME)) == []


def test_a_server_reads_the_estate_again_only_where_it_was_written(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(database, more=(listing(f"aws/{MEMBER}/global/s3", access_point()),))
    read = []
    monkeypatch.setattr(f"{who_can.__module__}.load_estate", lambda of: read.append(of) or load_estate(of))
    monkeypatch.setattr(database, "memory", Memory())
    questions = (("ec2:RunInstances", "*"), ("s3:GetObject", f"{POINT}/object/key"), ("s3:Get*", "*"))
    remembered = [sorted(who_can(database, *asked), key=str) for asked in (*questions, *questions)]
    assert len(read) == 1
    fill(
        database,
        more=(listing(f"aws/{MEMBER}/global/iam", [fact for fact in iam() if getattr(fact, "start", "") != ANN]),),
    )
    assert ANN not in {who for who, _, _ in who_can(database, "ec2:RunInstances")}
    assert len(read) == 2
    fill(database)
    monkeypatch.setattr(database, "memory", None)
    assert remembered == 2 * [sorted(who_can(database, *asked), key=str) for asked in questions]


def test_wildcards_ask_about_any_of_the_requests(database: Database) -> None:
    fill(database, more=(listing(f"aws/{MEMBER}/global/s3", access_point()),))
    policy = statements(allow("s3:GetObject", "arn:aws:s3:::open/june/*", Principal={"AWS": APP}))
    stated = {"account_id": HOME, "name": "open", "policy": policy, "object_ownership": "BucketOwnerEnforced"}
    fill(database, more=(listing(f"aws/{HOME}/global/s3", [Node("Bucket", "arn:aws:s3:::open", stated)]),))
    found = {who: made.conditions for who, _, made in who_can(database, "s3:Get*", "arn:aws:s3:::open/*")}
    assert found == {APP: ("the action is s3:GetObject", "the resource matches arn:aws:s3:::open/june/*")}
    assert decide_for(database, ANN, "s3:Get*").word == "allow"
    assert decide_for(database, EVE, "s3:Get*").word == "conditional", "the bucket leaves it to access points"
    assert decide_for(database, EVE, "sqs:*").word == "deny"
    session = decide_for(database, f"arn:aws:sts::{MEMBER}:assumed-role/deploy/s", "sqs:SendMessage", "*")
    assert session.word == "conditional", session
    assert session.conditions == (f"the resource matches arn:aws:sqs:*:*:{MEMBER}-*",)
    assert decide_for(database, APP, "s3:*Object", "arn:aws:s3:::open/*").word == "conditional"
    with pytest.raises(UsageError, match="no action that nobody"):
        decide_for(database, ANN, "nobody:*")


def test_a_resource_policy_that_nobody_reads_decides(database: Database) -> None:
    fill(database)
    assert decide_for(database, ANN, "s3:GetObject", "arn:aws:s3:::bucket/key").word == "unknown"
    assert decide_for(database, ANN, "s3:DeleteBucket", "arn:aws:s3:::bucket").word == "deny"


def test_an_access_point_and_its_bucket_decide_together(database: Database) -> None:
    fill(database, more=(listing(f"aws/{MEMBER}/eu-west-1/s3", list(access_point())),))
    behind = f"{POINT}/object/key"
    assert {who for who, _, _ in who_can(database, "s3:GetObject", behind)} == {ANN, APP, EVE}
    for principal, word in {ANN: "allow", APP: "allow", EVE: "allow", BOB: "deny"}.items():
        assert decide_for(database, principal, "s3:GetObject", behind).word == word
        assert decide_for(database, principal, "s3:GetObject", f"arn:aws:s3:::{ALIAS}/key").word == word
    by_any_way = decide_for(database, EVE, "s3:GetObject", "arn:aws:s3:::payroll/key")
    assert by_any_way.conditions == (f"s3:DataAccessPointAccount is {MEMBER}",)


def test_a_canonical_user_is_the_account_whose_buckets_it_owns(database: Database) -> None:
    policy = statements(allow("s3:GetObject", "arn:aws:s3:::open/*", Principal={"CanonicalUser": ["0a1b", "2c3d"]}))
    stated = {"account_id": HOME, "name": "open", "policy": policy, "object_ownership": "BucketOwnerEnforced"}
    fill(database, more=(listing(f"aws/{HOME}/global/s3", [Node("Bucket", "arn:aws:s3:::open", stated)]),))
    assert decide_for(database, ANN, "s3:GetObject", "arn:aws:s3:::open/key").word == "unknown"
    owned = [
        Node("Bucket", f"arn:aws:s3:::{name}", {"account_id": account, "name": name, "owner_id": owner})
        for name, account, owner in (("a", MEMBER, "0a1b"), ("b", MEMBER, "0a1b"), ("c", CLOSED, "2c3d"))
    ]
    fill(database, more=(listing(f"aws/{MEMBER}/global/s3", owned),))
    assert decide_for(database, ANN, "s3:GetObject", "arn:aws:s3:::open/key").word == "allow"
    assert decide_for(database, EVE, "s3:GetObject", "arn:aws:s3:::open/key").word == "deny", "its account lets it not"


def test_a_key_that_encrypts_is_told_of(database: Database) -> None:
    arn, key = f"arn:aws:secretsmanager:eu-west-1:{MEMBER}:secret:token-AbC123", f"arn:aws:kms:eu-west-1:{MEMBER}:key/1"
    stated = {"provider": "aws", "account_id": MEMBER, "region": "eu-west-1", "name": "token", "kms_key_id": key}
    fill(database, more=(listing(f"aws/{MEMBER}/eu-west-1/secretsmanager", [Node("Secret", arn, stated)]),))
    read = decide_for(database, ANN, "secretsmanager:GetSecretValue", arn)
    deleted = decide_for(database, ANN, "secretsmanager:DeleteSecret", arn)
    refused = decide_for(database, BOB, "secretsmanager:GetSecretValue", arn)
    assert read.word == deleted.word == "allow"
    assert str(read.because[-1]) == f"{arn}: encrypted with {key}, on which it also takes kms:Decrypt"
    assert not any("encrypted" in str(reason) for reason in (*deleted.because, *refused.because))


READ, RUN = "secretsmanager:GetSecretValue", "ec2:RunInstances"
NOT_STORED: dict[str, tuple[str, dict[str, Any], str, tuple[str, str]]] = {
    "an RCP denies others than everyone": (
        "ResourceControlPolicy", deny(READ, Principal={"AWS": BOB}), READ, ("unknown", "unknown")),
    "an RCP denies everyone": ("ResourceControlPolicy", deny(READ, Principal="*"), READ, ("deny", "deny")),
    "an SCP has a principal": ("ServiceControlPolicy", deny(RUN, Principal={"AWS": BOB}), RUN, ("unknown", "unknown")),
    "an SCP has an incomplete ARN": ("ServiceControlPolicy", deny(RUN, "arn:aws:ec2"), RUN, ("unknown", "unknown")),
    "a user's own policy has a principal": (
        "ManagedPolicy", deny(RUN, Principal={"AWS": BOB}), RUN, ("unknown", "allow")),
}  # fmt: skip
"""The kind of a policy, its statement, an action that it denies, and what Ann and a role may."""


@pytest.mark.parametrize(("kind", "statement", "action", "words"), NOT_STORED.values(), ids=NOT_STORED)
def test_what_aws_would_not_store_there_is_not_known(
    database: Database, kind: str, statement: dict[str, Any], action: str, words: tuple[str, str]
) -> None:
    """Of Ann, to whom it is attached or above whom it is, and of a role of the same account."""
    own = kind == "ManagedPolicy"
    arn = f"arn:aws:iam::{MEMBER}:policy/odd" if own else f"arn:aws:organizations::{HOME}:policy/o-1/p-odd"
    facts = [
        *policy_facts(kind, arn, statements(statement), {"name": "odd"}),
        Edge("ATTACHED_TO", arn, ANN if own else UNIT),
    ]
    secret = f"arn:aws:secretsmanager:eu-west-1:{MEMBER}:secret:token-AbC123"
    stated = {"provider": "aws", "account_id": MEMBER, "region": "eu-west-1", "name": "token"}
    types = {"path": "o-1/r-1/", "policy_types": ["SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"]}
    organizations = [fact for fact in organization() if not (isinstance(fact, Node) and fact.id == ROOT)]
    fill(
        database,
        without="organizations",
        more=(
            listing(
                f"aws/{HOME}/global/organizations",
                [*organizations, Node("OrganizationRoot", ROOT, types), *([] if own else facts)],
            ),
            listing(f"aws/{MEMBER}/global/iam", [*iam(), *(facts if own else [])]),
            listing(f"aws/{MEMBER}/eu-west-1/secretsmanager", [Node("Secret", secret, stated)]),
        ),
    )
    resource = secret if action == READ else "*"
    assert tuple(decide_for(database, who, action, resource).word for who in (ANN, APP)) == words


def test_without_the_organization_what_is_allowed_is_not_proven(database: Database) -> None:
    fill(database, without="organizations")
    assert decide_for(database, ANN, "s3:ListAllMyBuckets").word == "unknown"
    assert decide_for(database, BOB, "s3:ListAllMyBuckets").word == "deny"


def test_an_empty_graph_has_nothing(database: Database) -> None:
    estate = load_estate(database)
    assert not estate.users
    assert list(derive_can_assume(estate)) == []
    assert list(who_can(database, "s3:ListAllMyBuckets")) == []


def test_whoever_has_no_policies_here_is_decided_by_what_names_it(database: Database) -> None:
    fill(database)
    stated = {"account_id": HOME, "name": "open", "object_ownership": "BucketOwnerEnforced"}
    stated |= {"restrict_public_buckets": False}
    origin = "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E2"
    named = [OUTSIDE, origin]
    policy = statements(
        allow("s3:GetObject", "arn:aws:s3:::open/*", Principal="*"),
        allow("s3:PutObject", "arn:aws:s3:::open/*", Principal={"Service": "logging.s3.amazonaws.com", "AWS": named}),
    )
    bucket = Node("Bucket", "arn:aws:s3:::open", {**stated, "policy": policy})
    fill(database, more=(listing(f"aws/{HOME}/global/s3", [bucket]),))

    def decided(kind: str, id_: str) -> list[str]:
        asked = (("s3:GetObject", "arn:aws:s3:::open/x"), ("s3:PutObject", "arn:aws:s3:::open/x"), ("s3:Put*", "*"))
        return [decide_for(database, id_, *each, kind=kind).word for each in asked]

    assert decided("Anyone", "*") == ["allow", "deny", "deny"]
    assert decide_for(database, "*", "ec2:RunInstances", kind="Anyone").word == "deny"
    assert decide_for(database, "*", "s3:GetObject", "arn:aws:s3:::elsewhere/x", kind="Anyone").word == "unknown"
    assert decided("ServicePrincipal", "logging.s3.amazonaws.com") == ["allow", "allow", "conditional"]
    assert decided("OtherPrincipal", f"principal:{origin}") == ["allow", "allow", "conditional"]
    assert decided("Account", OUTSIDE) == ["conditional", "conditional", "conditional"]
    assert decide_for(database, PROVIDER, "sts:AssumeRoleWithSAML", RESERVED, kind="SamlProvider").word != "deny"
    with pytest.raises(UsageError, match="account of the register"):
        decide_for(database, MEMBER, "s3:GetObject", "arn:aws:s3:::open/x", kind="Account")
    assert {who for who, _, _ in who_can(database, "s3:PutObject", "arn:aws:s3:::open/x")} >= {
        OUTSIDE,
        "logging.s3.amazonaws.com",
    }
