"""What was read of the estate: a listing for each scope."""

from __future__ import annotations

import json

import orjson
from muniment.schema import Edge, Listing, Node, Ownership, Refusal, ScopeId, Status

from .names import (
    ACME,
    ADMIN,
    ADMINISTRATOR_ACCESS,
    ALICE,
    BASTION,
    BOB,
    CAROL,
    CHECKOUT,
    CHECKOUT_DEPLOYER,
    CI,
    DANA,
    DELETED,
    DEPLOYER,
    DEV_ADMIN,
    FUNCTION,
    GITHUB,
    INSTANCE,
    LAKE,
    NOBODY_KNOWN,
    OPEN,
    OUTSIDE,
    PAY,
    PERMISSION_SET,
    PLACES,
    PLATFORM,
    POLICY,
    PROD_ADMIN,
    READ_AT,
    SCP,
    SET,
    SHARED,
    SSO,
)


def listings() -> list[Listing]:
    """What was read: each scope completely."""
    return [
        _organizations(),
        *(_iam(account) for account in PLACES),
        _identity_center(),
        *(listing(f"aws/{id_}/global/contacts", *(_contacts() if id_ == PAY else ([], []))) for id_ in PLACES),
        *(listing(f"aws/{id_}/global/last-accessed", *(_used() if id_ == PAY else ([], []))) for id_ in PLACES),
        *(listing(f"aws/{id_}/eu-west-1/access-analyzer", *(_found() if id_ == PAY else ([], []))) for id_ in PLACES),
        listing("muniment/all/global/principal-sets", [_SET, *_KINDS, SUBJECT], []),
    ]


_SET = Node("PrincipalSet", SET, {"name": "set", "account_id": SHARED, "members": 3})
_KINDS = [Node("IdentityKind", f"identity-kind/{kind}", {"name": kind}) for kind in ("human", "machine", "unknown")]
SUBJECT = Node(
    "FederatedSubject",
    "federated-subject/token.actions.githubusercontent.com/1",
    {
        "name": "any repository of acme",
        "provider": "GitHub",
        "issuer": "token.actions.githubusercontent.com",
        "subject": "repo:acme/*",
        "breadth": "any-repository",
        "signs_in": "machine",
        "organization": "acme",
        "repository": "*",
    },
)


def _organizations() -> Listing:
    root, unit = "arn:aws:organizations::1:root/o-a/r-a", "arn:aws:organizations::1:ou/o-a/ou-a"
    organization = "arn:aws:organizations::1:organization/o-a"
    accounts = [
        Node(
            "Account",
            id_,
            {
                "name": name,
                "account_id": id_,
                "provider": "aws",
                "state": "ACTIVE",
                "path_names": list(units),
                "path": "o-a/r-a/",
                "tags": json.dumps(tags),
                "email": f"{name}@acme.test",
                "management": id_ == ACME,
                "joined_at": "2020-01-01T00:00:00Z",
            },
        )
        for id_, (name, units, tags) in PLACES.items()
    ]
    nodes = [
        Node("Organization", organization, {"name": "acme", "organization_id": "o-a", "management_account_id": ACME}),
        Node("OrganizationRoot", root, {"name": "Root", "path": "o-a/r-a/"}),
        Node("OrganizationalUnit", unit, {"name": "Workloads", "path": "o-a/r-a/ou-a/", "unit_id": "ou-a"}),
        Node("ServiceControlPolicy", SCP, {"name": "KeepOut", "document": json.dumps({"Statement": EVERYTHING})}),
        *accounts,
    ]
    edges = [
        Edge("CONTAINS", organization, root),
        Edge("CONTAINS", root, unit),
        *(Edge("CONTAINS", root, account.id) for account in accounts),
        Edge("ATTACHED_TO", SCP, root),
        Edge(
            "DELEGATES_TO",
            organization,
            SHARED,
            {"service": "sso.amazonaws.com", "since": "2024-01-01T00:00:00Z"},
            "sso.amazonaws.com",
        ),
    ]
    return listing(f"aws/{ACME}/global/organizations", nodes, edges)


def _iam(account: str) -> Listing:
    facts = {PAY: _payments, CHECKOUT: _checkout, SHARED: _shared}.get(account)
    nodes, edges = facts() if facts else ([], [])
    nodes += [
        role(arn) for arn in (ADMIN, PROD_ADMIN, DEV_ADMIN, OPEN, CHECKOUT_DEPLOYER, DEPLOYER, SSO) if account in arn
    ]
    nodes += [_user(arn) for arn in (ALICE, CI, BOB, CAROL) if account in arn]
    nodes.append(
        Node(
            "RootUser",
            f"arn:aws:iam::{account}:root",
            {
                "name": "root",
                "account_id": account,
                "mfa_active": False,
                "access_keys_present": False,
                "password_last_used": "2026-01-20T00:00:00Z" if account == ACME else None,
            },
        )
    )
    return listing(f"aws/{account}/global/iam", nodes, edges)


def role(arn: str) -> Node:
    name, account = arn.rpartition("/")[2], arn.split(":")[4]
    properties = {
        "name": name,
        "account_id": account,
        "provider": "aws",
        "created_at": "2021-01-01T00:00:00Z",
        "tags": "{}",
        "trust_malformed": "it is not JSON" if arn == DEV_ADMIN else None,
    }
    return Node("Role", arn, properties)


def _user(arn: str) -> Node:
    properties = {
        "name": arn.rpartition("/")[2],
        "account_id": arn.split(":")[4],
        "console_access": True,
        "mfa_active": arn != BOB,
        "unique_id": f"AIDA{arn.rpartition('/')[2].upper()}",
        "created_at": "2021-01-01T00:00:00Z" if arn == BOB else None,
    }
    return Node("User", arn, properties)


def _payments() -> tuple[list[Node], list[Edge]]:
    group, key = f"arn:aws:iam::{PAY}:group/ops", f"{BOB}/access-key/1"
    nodes = [
        Node(
            "ManagedPolicy",
            POLICY,
            {
                "name": "Everything",
                "account_id": PAY,
                "aws_managed": False,
                "document": json.dumps({"Statement": [MACHINES]}),
            },
        ),
        Node(
            "ManagedPolicy",
            ADMINISTRATOR_ACCESS,
            {"name": "AdministratorAccess", "aws_managed": True, "document": json.dumps({"Statement": EVERYTHING})},
            Ownership.SHARED,
        ),
        Node("Group", group, {"name": "ops", "account_id": PAY}),
        Node(
            "AccessKey",
            key,
            {"account_id": PAY, "active": True, "rotated_at": "2024-01-01T00:00:00Z", "use_known": True},
        ),
        Node("Account", OUTSIDE, {"name": OUTSIDE, "account_id": OUTSIDE}, Ownership.REFERENCE),
        Node("DeletedPrincipal", DELETED, {"name": DELETED}, Ownership.REFERENCE),
        Node(
            "Instance",
            BASTION,
            {"name": "bastion", "account_id": PAY, "region": "eu-west-1", "public": True, "ssm_managed": True},
        ),
    ]
    edges = [
        Edge("ATTACHED_TO", POLICY, ADMIN),
        Edge("ATTACHED_TO", POLICY, group),
        Edge("BOUNDED_BY", BOB, POLICY),
        Edge("MEMBER_OF", BOB, group),
        Edge("HAS_ACCESS_KEY", BOB, key),
        Edge("ATTACHED_TO", ADMINISTRATOR_ACCESS, ADMIN),
        trust(PROD_ADMIN, OUTSIDE, 1, {"StringEquals": {"sts:ExternalId": "x"}}),
        trust(PROD_ADMIN, DELETED, 2),
        Edge("RUNS_AS", BASTION, PROD_ADMIN, {"capacity": "instance", "credentials": True}, "instance"),
    ]
    more_nodes, more_edges = inline(PROD_ADMIN, EVERYTHING, ALL_BUT_IAM)
    return nodes + more_nodes, edges + more_edges


def _checkout() -> tuple[list[Node], list[Edge]]:
    nodes = [
        Node("Anyone", "*", {"name": "*"}, Ownership.REFERENCE),
        Node("OidcProvider", GITHUB, {"name": "token.actions.githubusercontent.com", "account_id": CHECKOUT}),
        Node("LambdaFunction", FUNCTION, {"name": "orders", "account_id": CHECKOUT, "region": "eu-west-1"}),
    ]
    edges = [Edge("RUNS_AS", FUNCTION, OPEN, {"capacity": "function", "credentials": True}, "function")]
    edges += [trust(OPEN, "*", 1), trust(CHECKOUT_DEPLOYER, GITHUB, 1, kind="Federated")]
    return nodes, edges


def _shared() -> tuple[list[Node], list[Edge]]:
    nodes = [Node("ServicePrincipal", "ec2.amazonaws.com", {"name": "ec2.amazonaws.com"}, Ownership.REFERENCE)]
    return nodes, [trust(DEPLOYER, "ec2.amazonaws.com", 1, kind="Service")]


def _used() -> tuple[list[Node], list[Edge]]:
    """ProdAdmin may do anything and used S3 and EC2 only; bob used nothing; of Admin there is no report."""
    reports = {PROD_ADMIN: ["ec2", "iam", "lambda", "s3"], BOB: ["ec2", "s3"]}
    used = {
        "s3": {
            "last_accessed_at": "2026-01-20T00:00:00Z",
            "actions": json.dumps({"ListAllMyBuckets": "2026-01-20T00:00:00Z"}),
            "unused_actions": ["DeleteBucket"],
        },
        "ec2": {"last_accessed_at": "2025-06-01T00:00:00Z"},
    }
    nodes, edges = [], []
    for arn, services in reports.items():
        unused = [service for service in services if arn == BOB or service not in used]
        report = f"{arn}/last-accessed"
        nodes.append(Node("LastAccessed", report, {"account_id": PAY, "services": services, "unused_services": unused}))
        edges.append(Edge("HAS_LAST_ACCESSED", arn, report))
    for service, use in used.items():
        nodes.append(Node("Service", f"service/{service}", {"name": service}, Ownership.SHARED))
        edges.append(Edge("ACCESSED", PROD_ADMIN, f"service/{service}", use))
    return nodes, edges


def _found() -> tuple[list[Node], list[Edge]]:
    analyzer = f"arn:aws:access-analyzer:eu-west-1:{PAY}:analyzer/outside"
    finding = Node(
        "AccessFinding",
        f"{analyzer}/finding/1",
        {
            "account_id": PAY,
            "finding_type": "ExternalAccess",
            "resource": PROD_ADMIN,
            "public": False,
            "principals": [f"AWS {OUTSIDE}"],
            "actions": ["sts:AssumeRole"],
            "conditions": json.dumps([{"sts:ExternalId": "x"}]),
        },
    )
    return [Node("Analyzer", analyzer, {"account_id": PAY}), finding], [
        Edge("REPORTS", analyzer, finding.id),
        Edge("CONCERNS", finding.id, PROD_ADMIN),
    ]


def inline(holder: str, *statements: dict[str, object]) -> tuple[list[Node], list[Edge]]:
    """An inline policy of a holder, with its statements."""
    policy = f"{holder}/inline-policy/all"
    document = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    nodes = [Node("InlinePolicy", policy, {"name": "all", "account_id": PAY, "document": document})]
    edges = [Edge("ATTACHED_TO", policy, holder)]
    for number, statement in enumerate(statements, 1):
        stated = {
            "effect": statement["Effect"],
            "actions": statement.get("Action"),
            "not_actions": statement.get("NotAction"),
            "resources": statement.get("Resource"),
        }
        nodes.append(Node("Statement", f"{policy}#{number}", stated))
        edges.append(Edge("HAS_STATEMENT", policy, f"{policy}#{number}"))
    return nodes, edges


EVERYTHING = {"Effect": "Allow", "Action": ["*"], "Resource": ["*"]}
MACHINES = {"Effect": "Allow", "Action": "ec2:*", "Resource": "*"}
ALL_BUT_IAM = {"Effect": "Allow", "NotAction": ["iam:*"], "Resource": ["*"]}


def trust(role: str, principal: str, number: int, conditions: object = None, kind: str = "AWS") -> Edge:
    properties = {
        "effect": "Allow",
        "negated": False,
        "principal": principal,
        "principal_type": kind,
        "actions": ["sts:AssumeRole"],
        "conditions": orjson.dumps(conditions).decode() if conditions else None,
        "statement_id": f"{role}#trust/{number}",
    }
    return Edge("TRUSTS", role, principal, properties, str(number))


def _identity_center() -> Listing:
    nodes = [
        Node("IdentityCenterInstance", INSTANCE, {"name": "acme"}),
        Node("PermissionSet", PERMISSION_SET, {"name": "AdministratorAccess"}),
        Node(
            "IdentityCenterUser", DANA, {"name": "Dana Smith", "user_name": "dana@acme.test", "email": "d.s@acme.test"}
        ),
        Node("IdentityCenterGroup", PLATFORM, {"name": "Platform"}),
        Node("IdentityCenterGroup", NOBODY_KNOWN, {"name": "Auditors"}),
    ]
    edges = [
        Edge("MEMBER_OF", DANA, PLATFORM),
        Edge("ASSIGNED_TO", PLATFORM, PERMISSION_SET, {"account_id": LAKE}, LAKE),
    ]
    return listing(f"aws/{ACME}/us-east-1/identity-center", nodes, edges)


def _contacts() -> tuple[list[Node], list[Edge]]:
    contact = f"contact/{PAY}/SECURITY"
    node = Node("Contact", contact, {"name": "Sec", "type": "SECURITY", "email": "sec@acme.test", "account_id": PAY})
    return [node], [Edge("HAS_CONTACT", PAY, contact)]


def unread(scope: str, status: Status, *refusals: Refusal) -> Listing:
    """A scope that could not be read completely."""
    return Listing(ScopeId.parse(scope), (), (), status, refusals, finished_at=READ_AT)


def listing(scope: str, nodes: list[Node], edges: list[Edge] | None = None) -> Listing:
    """A scope that was read completely."""
    return Listing(ScopeId.parse(scope), nodes, edges or [], calls=1, started_at=READ_AT, finished_at=READ_AT)
