"""A small organization as facts, with one of everything that the questions are about.

acme (management)        carol
payments-prod            Admin, ProdAdmin, bob        (prod by name)
payments-nonprod         Admin                        (nonprod by name, though its unit is Prod)
checkout                 Deployer, OrganizationAccountAccessRole, open to *   (prod by unit)
shared-services          Deployer, alice, ci, gathered in one set
data-lake                AdministratorAccess of Identity Center               (prod by tag)
999999999999             an account that only policies name
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import orjson
from muniment.graph.database import Database
from muniment.graph.lease import Lease
from muniment.graph.ledger import Ledger
from muniment.graph.writer import Writer
from muniment.schema import Edge, Listing, Node, Ownership, Refusal, ScopeId, Status

NOW = datetime(2026, 1, 31, 10, 0, tzinfo=UTC)
READ_AT = "2026-01-31T09:00:00Z"

ACME, PAY, PAYDEV, CHECKOUT, SHARED, LAKE, OUTSIDE = (digit * 12 for digit in "1234569")
PLACES = {
    ACME: ("acme", (), {}),
    PAY: ("payments-prod", ("Workloads", "Prod"), {}),
    PAYDEV: ("payments-nonprod", ("Workloads", "Prod"), {}),
    CHECKOUT: ("checkout", ("Workloads", "Prod"), {}),
    SHARED: ("shared-services", ("Infrastructure",), {}),
    LAKE: ("data-lake", ("Data",), {"Environment": "Production"}),
}
MFA = "the caller signed in with MFA (aws:MultiFactorAuthPresent is true)"


def role_arn(account: str, name: str) -> str:
    return f"arn:aws:iam::{account}:role/{name}"


def user_arn(account: str, name: str) -> str:
    return f"arn:aws:iam::{account}:user/{name}"


ADMIN, PROD_ADMIN = role_arn(PAY, "Admin"), role_arn(PAY, "ProdAdmin")
DEV_ADMIN = role_arn(PAYDEV, "Admin")
OPEN, CHECKOUT_DEPLOYER = role_arn(CHECKOUT, "OrganizationAccountAccessRole"), role_arn(CHECKOUT, "Deployer")
DEPLOYER, ALICE, CI = role_arn(SHARED, "Deployer"), user_arn(SHARED, "alice"), user_arn(SHARED, "ci")
SSO = role_arn(LAKE, "aws-reserved/sso.amazonaws.com/AWSReservedSSO_AdministratorAccess_0123456789abcdef")
BOB, CAROL = user_arn(PAY, "bob"), user_arn(ACME, "carol")
DANA, PLATFORM = "arn:aws:identitystore:::user/d-1", "arn:aws:identitystore:::group/g-1"
NOBODY_KNOWN = "arn:aws:identitystore:::group/g-2"
SET = f"principal-set/{SHARED}/abc"
GITHUB = f"arn:aws:iam::{CHECKOUT}:oidc-provider/token.actions.githubusercontent.com"
BASTION = f"arn:aws:ec2:eu-west-1:{PAY}:instance/i-0123456789abcdef0"
FUNCTION = f"arn:aws:lambda:eu-west-1:{CHECKOUT}:function:orders"
POLICY, SCP = f"arn:aws:iam::{PAY}:policy/Everything", "arn:aws:organizations::111111111111:policy/o-a/scp/p-1"
PERMISSION_SET = "arn:aws:sso:::permissionSet/ssoins-1/ps-1"
ADMINISTRATOR_ACCESS = "arn:aws:iam::aws:policy/AdministratorAccess"
INSTANCE = "arn:aws:sso:::instance/ssoins-1"
DELETED = "AIDAEXAMPLEDELETED000"


def listings() -> list[Listing]:
    """What was read: each scope completely."""
    return [
        _organizations(),
        *(_iam(account) for account in PLACES),
        _identity_center(),
        *(listing(f"aws/{id_}/global/contacts", *(_contacts() if id_ == PAY else ([], []))) for id_ in PLACES),
        *(listing(f"aws/{id_}/global/last-accessed", *(_used() if id_ == PAY else ([], []))) for id_ in PLACES),
        *(listing(f"aws/{id_}/eu-west-1/access-analyzer", *(_found() if id_ == PAY else ([], []))) for id_ in PLACES),
        listing("muniment/all/global/principal-sets", [_SET, *_KINDS, _SUBJECT], []),
    ]


_SET = Node("PrincipalSet", SET, {"name": "set", "account_id": SHARED, "members": 3})
_KINDS = [Node("IdentityKind", f"identity-kind/{kind}", {"name": kind}) for kind in ("human", "machine", "unknown")]
_SUBJECT = Node(
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


def conclusions() -> dict[ScopeId, list[Edge]]:
    """What was concluded, by scope."""
    return {
        ScopeId.parse("muniment/all/global/can-assume"): _can_assume(),
        ScopeId.parse("muniment/all/global/administers"): _administers(),
        ScopeId.parse("muniment/all/global/escalations"): _escalations(),
        ScopeId.parse("muniment/all/global/provisioned-as"): [
            Edge("PROVISIONED_AS", PERMISSION_SET, SSO, {"account_id": LAKE})
        ],
        ScopeId.parse("muniment/all/global/federation"): [_admitted()],
        ScopeId.parse("muniment/all/global/identities"): _identified(),
    }


def fill(
    database: Database, read: list[Listing] | None = None, concluded: dict[ScopeId, list[Edge]] | None = None
) -> None:
    """Write listings and conclusions with the real writer."""
    lease = Lease.acquire(database, "test", 600, lambda: NOW)
    writer = Writer(database, lease, "run-1", lambda: NOW)
    for one in listings() if read is None else read:
        writer.write(one)
    for scope, edges in (conclusions() if concluded is None else concluded).items():
        writer.derive(scope, sorted({edge.type for edge in edges}), edges, complete=True)
    lease.release()


def ran(database: Database) -> None:
    """Have the ledger tell of a run."""
    ledger = Ledger(database, lambda: NOW)
    with Lease.acquire(database, "test", 600, lambda: NOW) as lease:
        ledger.start_run(lease, "run-1", "aws", {}, "schedule estate")
        ledger.finish_run(lease, "run-1", "complete", calls=7, seconds=3, scopes=2, incomplete=0, changes=5)


def unread(scope: str, status: Status, *refusals: Refusal) -> Listing:
    """A scope that could not be read completely."""
    return Listing(ScopeId.parse(scope), (), (), status, refusals, finished_at=READ_AT)


def listing(scope: str, nodes: list[Node], edges: list[Edge] | None = None) -> Listing:
    """A scope that was read completely."""
    return Listing(ScopeId.parse(scope), nodes, edges or [], calls=1, started_at=READ_AT, finished_at=READ_AT)


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
        _trust(PROD_ADMIN, OUTSIDE, 1, {"StringEquals": {"sts:ExternalId": "x"}}),
        _trust(PROD_ADMIN, DELETED, 2),
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
    edges += [_trust(OPEN, "*", 1), _trust(CHECKOUT_DEPLOYER, GITHUB, 1, kind="Federated")]
    return nodes, edges


def _shared() -> tuple[list[Node], list[Edge]]:
    nodes = [Node("ServicePrincipal", "ec2.amazonaws.com", {"name": "ec2.amazonaws.com"}, Ownership.REFERENCE)]
    return nodes, [_trust(DEPLOYER, "ec2.amazonaws.com", 1, kind="Service")]


def _used() -> tuple[list[Node], list[Edge]]:
    """ProdAdmin may do anything and used S3 and EC2 only; bob used nothing; of Admin there is no report."""
    reports = {PROD_ADMIN: ["ec2", "iam", "lambda", "s3"], BOB: ["s3"]}
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


def _trust(role: str, principal: str, number: int, conditions: object = None, kind: str = "AWS") -> Edge:
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


def can_assume(start: str, role: str, decision: str = "allow", *conditions: str, reason: str | None = None) -> Edge:
    properties = {
        "derived": True,
        "decision": decision,
        "conditions": list(conditions),
        "because": [f"{role}#trust/1: allows {start}"],
        "action": "sts:AssumeRole",
        "reason": reason,
    }
    return Edge("CAN_ASSUME", start, role, properties, "sts:AssumeRole")


def _can_assume() -> list[Edge]:
    return [
        *(Edge("GATHERED_IN", member, SET, {"derived": True}) for member in (ALICE, CI, DEPLOYER)),
        can_assume(SET, ADMIN),
        can_assume(ADMIN, PROD_ADMIN),
        can_assume(PROD_ADMIN, ADMIN),
        can_assume(CAROL, DEPLOYER),
        can_assume(CAROL, PROD_ADMIN, "unknown", reason="the boundary of carol was not read"),
        can_assume("ec2.amazonaws.com", DEPLOYER),
        can_assume(PLATFORM, SSO),
        can_assume(NOBODY_KNOWN, SSO),
        can_assume(SSO, PROD_ADMIN, "conditional", MFA),
        can_assume(OUTSIDE, PROD_ADMIN, "conditional", "sts:ExternalId is 'x'"),
        can_assume("*", OPEN),
        can_assume(GITHUB, CHECKOUT_DEPLOYER, "conditional", "the subject is repo:acme/checkout"),
    ]


def _admitted() -> Edge:
    properties = {
        "derived": True,
        "action": "sts:AssumeRole",
        "provider": GITHUB,
        "audiences": ["sts.amazonaws.com"],
        "conditions": [],
        "statement_id": f"{CHECKOUT_DEPLOYER}#trust/1",
    }
    return Edge("ADMITTED_TO", _SUBJECT.id, CHECKOUT_DEPLOYER, properties, f"1/{GITHUB}")


def _identified() -> list[Edge]:
    people, machines = (BOB, CAROL, ALICE, SSO, DANA), (CI, DEPLOYER, CHECKOUT_DEPLOYER)
    found = [(who, "human") for who in people] + [(who, "machine") for who in machines]
    found += [(f"arn:aws:iam::{account}:root", "human") for account in PLACES]
    found += [(role, "unknown") for role in (ADMIN, PROD_ADMIN, DEV_ADMIN, OPEN)]
    return [
        Edge(
            "IDENTIFIED_AS",
            who,
            f"identity-kind/{kind}",
            {
                "derived": True,
                "evidence": "none" if kind == "unknown" else "use",
                "weak": who == CI,
                "because": ["it was seen"],
                "also": ["machine"] if who == BOB else None,
                "doubts": ["its name has ci in it, like a machine's"] if who == ALICE else None,
            },
        )
        for who, kind in found
    ]


def escalation(start: str, end: str, technique: str, decision: str = "allow", *conditions: str, **more: Any) -> Edge:
    properties = {
        "derived": True,
        "decision": decision,
        "conditions": list(conditions),
        "because": [f"policy of {start}#1: allows it"],
        "technique": technique,
        "compute": [],
        "through": [],
        **more,
    }
    return Edge("CAN_ESCALATE_TO", start, end, properties, technique)


def _escalations() -> list[Edge]:
    unread = f"the instances of account {SHARED} were not read"
    return [
        escalation(CHECKOUT_DEPLOYER, CHECKOUT, "iam-009"),
        escalation(CHECKOUT_DEPLOYER, OPEN, "lambda-003", compute=[FUNCTION]),
        escalation(SET, ALICE, "iam-002"),
        escalation(SET, DEPLOYER, "lambda-001", "conditional", MFA),
        escalation(CI, DEPLOYER, "ssm-001", "unknown", reason=unread),
        escalation(CAROL, ACME, "iam-014", through=[role_arn(ACME, "Ops")]),
    ]


def _administers() -> list[Edge]:
    holders = {ADMIN: PAY, PROD_ADMIN: PAY, BOB: PAY, DEV_ADMIN: PAYDEV, OPEN: CHECKOUT, SSO: LAKE}
    return [
        Edge(
            "ADMINISTERS",
            holder,
            account,
            {"derived": True, "decision": "allow", "because": [f"{holder}: AdministratorAccess allows everything"]},
        )
        for holder, account in holders.items()
    ]


OPEN_BUCKET, CLOSED_BUCKET = "arn:aws:s3:::acme-site", "arn:aws:s3:::acme-payroll"
ACCESS_SET, RESOURCE_SET = f"access-set/{PAY}/0", f"resource-set/{PAY}/Bucket/0"


def resources() -> Listing:
    """Data resources of the payments account."""
    here = {"account_id": PAY, "provider": "aws", "region": "eu-west-1"}
    secret = f"arn:aws:secretsmanager:eu-west-1:{PAY}:secret:db-0a1b2c"
    snapshot = "arn:aws:ec2:eu-west-1::snapshot/snap-0"
    nodes = [
        Node("Bucket", OPEN_BUCKET, {**here, "name": "acme-site", "policy": "{}"}),
        Node("Bucket", CLOSED_BUCKET, {**here, "name": "acme-payroll", "policy_unread": "AccessDenied"}),
        Node("Secret", secret, {**here, "name": "db", "rotation_enabled": False, "last_changed_at": READ_AT}),
        Node("Snapshot", snapshot, {**here, "name": "snap-0", "public": True, "shared_with": [ACME]}),
        Node("AccessSet", ACCESS_SET, {"name": "two principals", "members": 2}),
        Node("ResourceSet", RESOURCE_SET, {"name": "two buckets", "members": 2}),
    ]
    return listing(f"aws/{PAY}/eu-west-1/s3", nodes, [])


def has_access() -> dict[ScopeId, list[Edge]]:
    """Who has access to them."""
    said = {"derived": True, "level": "Read", "decision": "allow", "because": ["x#1: Allow"], "conditions": []}
    edges = [
        Edge("HAS_ACCESS", "*", OPEN_BUCKET, {**said, "external": True, "actions": ["s3:GetObject"]}, "Read"),
        Edge("HAS_ACCESS", ALICE, CLOSED_BUCKET, {**said, "external": True, "actions": ["s3:GetObject"]}, "Read"),
        Edge("HAS_ACCESS", ACCESS_SET, RESOURCE_SET, {**said, "external": False, "actions": ["s3:GetObject"]}, "Read"),
        Edge("SHARES_ACCESS", BOB, ACCESS_SET, {"derived": True}),
        Edge("ALIKE_IN", OPEN_BUCKET, RESOURCE_SET, {"derived": True}),
        Edge("ALIKE_IN", CLOSED_BUCKET, RESOURCE_SET, {"derived": True}),
    ]
    return {ScopeId.parse("muniment/all/global/has-access"): edges}


CLOSED, ADRIFT = "7" * 12, "8" * 12
DUAL, VENDOR = user_arn(PAYDEV, "dual"), role_arn(PAYDEV, "Vendor")
EVE = "arn:aws:identitystore:::user/d-2"


def oddities() -> Listing:
    """What checks are there to find, and nothing else of this estate has."""
    organizations = "arn:aws:organizations::111111111111:policy/o-a/scp"
    in_payments = {"account_id": PAYDEV, "provider": "aws", "region": "eu-west-1"}
    server, unassigned = f"arn:aws:ec2:eu-west-1:{PAYDEV}:instance/i-1", "arn:aws:sso:::permissionSet/ssoins-1/ps-2"
    bucket = {"account_id": ACME, "region": "eu-west-1", "block_public_policy": False, "policy": "{}"}
    nodes = [
        Node("Account", CLOSED, {"name": "closed", "account_id": CLOSED, "state": "SUSPENDED", "path": "o-a/r-a/"}),
        Node("Account", ADRIFT, {"name": "adrift", "account_id": ADRIFT, "state": "ACTIVE", "path": "o-a/r-a/"}),
        Node("Organization", "organization/o-b", {"name": "bills", "feature_set": "CONSOLIDATED_BILLING"}),
        Node("ServiceControlPolicy", f"{organizations}/p-2", {"name": "Forgotten", "aws_managed": False}),
        Node("Bucket", "arn:aws:s3:::acme-bills", {**bucket, "name": "acme-bills"}),
        Node("BackupVault", f"arn:aws:backup:eu-west-1:{PAYDEV}:backup-vault:all", {**in_payments, "locked": False}),
        Node("User", DUAL, {"name": "dual", "account_id": PAYDEV}),
        *(Node("AccessKey", f"{DUAL}/access-key/{n}", {"account_id": PAYDEV, "active": True}) for n in (1, 2)),
        Node("Role", VENDOR, {"name": "Vendor", "account_id": PAYDEV}),
        Node("Instance", server, {**in_payments, "name": "old", "imds_required": False}),
        Node("SamlProvider", f"arn:aws:iam::{PAYDEV}:saml-provider/old", {"name": "old", "account_id": PAYDEV}),
        Node("ManagedPolicy", f"arn:aws:iam::{PAYDEV}:policy/Old", {"name": "Old", "account_id": PAYDEV}),
        Node("PermissionSet", unassigned, {"name": "Nobody"}),
        Node("IdentityCenterUser", EVE, {"name": "Eve", "user_name": "eve@acme.test", "active": False}),
    ]
    edges = [
        *(Edge("HAS_ACCESS_KEY", DUAL, f"{DUAL}/access-key/{n}") for n in (1, 2)),
        Edge("RUNS_AS", server, VENDOR, {"capacity": "instance", "credentials": True}, "instance"),
        Edge("ASSIGNED_TO", EVE, PERMISSION_SET, {"account_id": LAKE}, LAKE),
        _trust(VENDOR, OUTSIDE, 1),
        _trust(VENDOR, CLOSED, 2),
    ]
    anything = {"Effect": "Allow", "Action": ["iam:PassRole", "sts:AssumeRole"], "Resource": ["*"]}
    more_nodes, more_edges = inline(DUAL, anything)
    return listing(f"aws/{PAYDEV}/global/oddities", nodes + more_nodes, edges + more_edges)


def all_conclusions() -> dict[ScopeId, list[Edge]]:
    """What was concluded of the whole estate, the oddities and the data resources too."""
    concluded = {**conclusions(), **has_access()}
    concluded[ScopeId.parse("muniment/all/global/can-assume")].append(can_assume(VENDOR, OPEN))
    return concluded
