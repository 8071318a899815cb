"""Who has access to which data resource, at which level."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ...analysis.iam.access import Accesses
from ...analysis.iam.estate import Estate
from ...graph.database import Database
from ...schema import Edge, Node
from ..resource_reading import all_resources
from .analysis import Analysis


def _facts(database: Database, estate: Estate) -> Iterator[Node | Edge]:
    resources = all_resources(database)
    return Accesses(replace(estate, resources=resources)).facts()


ANALYSIS = Analysis(
    "has-access",
    ("HAS_ACCESS", "SHARES_ACCESS", "ALIKE_IN"),
    frozenset(
        {
            "backup",
            "dynamodb",
            "ebs-snapshots",
            "ecr",
            "iam",
            "kms",
            "lambda",
            "organizations",
            "parameters",
            "rds-snapshots",
            "s3",
            "secretsmanager",
            "sns",
            "sqs",
        }
    ),
    _facts,
)
