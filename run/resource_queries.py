"""What of the graph the permission engine reads of resources: all of them, or those with some ids."""

from __future__ import annotations

_COLUMNS = """RETURN r.id AS id, r.account_id AS account, r.region AS region, r.tags AS tags, r.scope AS scope,
       r.policy AS policy, r.policy_malformed AS malformed, r.policy_unread AS unread, r.kms_key_id AS kms_key"""

_MORE = {
    "Bucket": """, r.acl AS acl, r.object_ownership AS ownership, r.ignore_public_acls AS ignore_public_acls,
       r.restrict_public_buckets AS restrict_public_buckets, r.access_points_unread AS access_points_unread""",
    "KmsKey": ", r.grants AS grants, r.manager AS manager",
    "Snapshot": ", r.public AS public, r.shared_with AS shared_with",
}

KINDS = (
    "BackupVault",
    "Bucket",
    "KmsKey",
    "LambdaFunction",
    "Parameter",
    "Queue",
    "Repository",
    "Secret",
    "Snapshot",
    "Table",
    "Topic",
)
"""Kinds of resource with access of their own to decide."""

_ACCESS_POINT = f"""{_COLUMNS}, r.bucket AS bucket, r.vpc_id AS vpc, r.alias AS alias,
       r.restrict_public_buckets AS restrict_public_buckets, r.ignore_public_acls AS ignore_public_acls"""

OWNERS = """MATCH (b:Bucket) WHERE b.owner_id IS NOT NULL
RETURN DISTINCT b.owner_id AS id, b.account_id AS account"""
"""Which account each canonical user is, as its buckets tell."""

ACCESS_POINTS = f"MATCH (r:AccessPoint) {_ACCESS_POINT}"
ACCESS_POINT = f"MATCH (r:AccessPoint {{id: $id}}) {_ACCESS_POINT}"
ACCESS_POINT_BY_ALIAS = f"MATCH (r:AccessPoint {{alias: $alias}}) {_ACCESS_POINT}"

RESOURCES = {kind: f"MATCH (r:{kind}) {_COLUMNS}{_MORE.get(kind, '')}" for kind in KINDS}
RESOURCES_BY_ID = {
    kind: f"UNWIND $ids AS wanted MATCH (r:{kind} {{id: wanted}}) {_COLUMNS}{_MORE.get(kind, '')}" for kind in KINDS
}
