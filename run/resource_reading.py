"""Resources read from the graph, as the permission engine sees them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson

from ..analysis.iam.conditions.patterns import action_glob
from ..analysis.iam.evaluation.access_control_lists import Ownership
from ..analysis.iam.evaluation.access_points import ALIAS, THROUGH
from ..analysis.iam.evaluation.canonical_users import accounts_of, names_canonical_users, with_accounts
from ..analysis.iam.evaluation.resources import Blocks, Resource
from ..analysis.iam.policies.statements import Document, Policy
from ..graph.database import Database
from ..schema.identifiers import Arn
from .resource_queries import ACCESS_POINT, ACCESS_POINT_BY_ALIAS, ACCESS_POINTS, OWNERS, RESOURCES, RESOURCES_BY_ID

Row = Mapping[str, Any]

_SERVICES = {
    "backup": "BackupVault",
    "dynamodb": "Table",
    "ec2": "Snapshot",
    "ecr": "Repository",
    "kms": "KmsKey",
    "lambda": "LambdaFunction",
    "rds": "Snapshot",
    "s3": "Bucket",
    "secretsmanager": "Secret",
    "sns": "Topic",
    "sqs": "Queue",
    "ssm": "Parameter",
}
"""The kind of resource that an ARN of a service can name."""


def all_resources(database: Database) -> dict[str, Resource]:
    """Every resource that a scope states, by its ARN, and every access point."""
    queries = {**RESOURCES, "AccessPoint": ACCESS_POINTS}
    return _resources(database, ((kind, row) for kind, query in queries.items() for row in database.read(query)))


def resources_of(database: Database, service: str) -> dict[str, Resource]:
    """Every resource of the services that a pattern of prefixes, ``s3``, matches."""
    kinds = dict.fromkeys(kind for prefix, kind in _SERVICES.items() if action_glob(service)(prefix))
    return _resources(database, ((kind, row) for kind in kinds for row in database.read(RESOURCES[kind])))


def resource_of(database: Database, arn: str) -> dict[str, Resource]:
    """The resource of that ARN, and what an access point leads to; empty where the graph has none."""
    parsed = Arn.maybe(arn)
    point, alias = THROUGH.fullmatch(arn), ALIAS.fullmatch(arn)
    if point:
        return _with_bucket(database, database.read(ACCESS_POINT, id=point[1]))
    if alias:
        return _with_bucket(database, database.read(ACCESS_POINT_BY_ALIAS, alias=alias[1]))
    kind = _SERVICES.get(parsed.service) if parsed else None
    return {} if kind is None else _by_id(database, kind, [arn])


def _with_bucket(database: Database, rows: Iterable[Row]) -> dict[str, Resource]:
    found = _resources(database, (("AccessPoint", row) for row in rows))
    return found | _by_id(database, "Bucket", [point.bucket for point in found.values() if point.bucket])


def _by_id(database: Database, kind: str, ids: Sequence[str]) -> dict[str, Resource]:
    return _resources(database, ((kind, row) for row in database.read(RESOURCES_BY_ID[kind], ids=ids)))


def _resources(database: Database, rows: Iterable[tuple[str, Row]]) -> dict[str, Resource]:
    """Resources by ARN; those that others only name are left out."""
    found = {row["id"]: _resource(kind, row) for kind, row in rows if row["scope"] != "reference"}
    if not any(map(names_canonical_users, found.values())):
        return found
    known = accounts_of((row["id"], row["account"]) for row in database.read(OWNERS))
    naming = {arn: with_accounts(one, known) for arn, one in found.items() if names_canonical_users(one)}
    return found | naming


def _resource(kind: str, row: Row) -> Resource:
    return Resource(
        row["id"],
        kind,
        row["account"],
        row["region"],
        _policy(row),
        row["unread"],
        None if row["tags"] is None else orjson.loads(row["tags"]),
        orjson.loads(row.get("grants") or "[]"),
        orjson.loads(row.get("acl") or "[]"),
        Ownership(row["ownership"]) if row.get("ownership") in tuple(Ownership) else Ownership.WRITER,
        Blocks(row.get("ignore_public_acls"), row.get("restrict_public_buckets")),
        bool(row.get("public")),
        tuple(row.get("shared_with") or ()),
        _bucket_of(row),
        row.get("vpc"),
        row.get("alias"),
        encryption_key=row.get("kms_key"),
        access_points_unread=row.get("access_points_unread"),
    )


def _bucket_of(row: Row) -> str | None:
    """The ARN of the bucket that an access point leads to."""
    bucket, parsed = row.get("bucket"), Arn.maybe(row["id"])
    return f"arn:{parsed.partition}:s3:::{bucket}" if bucket and parsed else None


def _policy(row: Row) -> Policy | None:
    """Its policy; one that cannot be understood may allow and deny anything."""
    if row["policy"] is None and row["malformed"] is None:
        return None
    document = Document.parse(row["policy"]) if row["policy"] is not None else Document.unreadable(row["malformed"])
    return Policy(row["id"], document)
