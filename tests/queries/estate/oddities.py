"""Data resources, who has access to them, and what only checks are there to find."""

from __future__ import annotations

from muniment.schema import Edge, Listing, Node, ScopeId

from .names import ACME, ALICE, BOB, LAKE, OUTSIDE, PAY, PAYDEV, PERMISSION_SET, READ_AT, role_arn, user_arn
from .read import inline, listing, trust

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
        trust(VENDOR, OUTSIDE, 1),
        trust(VENDOR, CLOSED, 2),
    ]
    anything = {"Effect": "Allow", "Action": ["iam:PassRole", "sts:AssumeRole"], "Resource": ["*"]}
    more_nodes, more_edges = inline(DUAL, anything)
    return listing(f"aws/{PAYDEV}/global/oddities", nodes + more_nodes, edges + more_edges)
