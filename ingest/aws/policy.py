"""The least-privilege policy of the collector's role, from the calls that collectors declare.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from enum import StrEnum
from itertools import groupby
from typing import Any

from ...errors import UsageError
from . import collectors
from .collector import Call, Collector, Level
from .discovery import CALLS
from .session import DEFAULT_ROLE

Policy = dict[str, Any]

LARGEST_POLICY = 6144
"""Characters of a managed policy, white space not counted."""
ORGANIZATION_LEVELS = (Level.ORGANIZATION, Level.ORGANIZATION_REGION)


class Audience(StrEnum):
    """Whose policy it is."""

    MANAGEMENT = "management"
    """Of whoever starts the collector, in the account that speaks for the organization, or in an only account."""
    MEMBER = "member"
    """Of the role that the collector enters in every other account."""


def collector_policy(
    audience: Audience = Audience.MEMBER,
    *,
    names: Collection[str] = (),
    role_name: str = DEFAULT_ROLE,
    partition: str = "aws",
) -> Policy:
    """The policy as one document, actions sorted and grouped by service.

    ``names`` are the collectors that will run; all of them without any. UsageError for one that does not exist.
    """
    return {"Version": "2012-10-17", "Statement": list(_statements(audience, names, role_name, partition))}


def managed_policies(policy: Policy) -> list[Policy]:
    """The same policy as documents small enough to be managed policies, in order, as few as that takes."""
    parts: list[Policy] = []
    for statement in policy["Statement"]:
        if parts and _size({**parts[-1], "Statement": [*parts[-1]["Statement"], statement]}) <= LARGEST_POLICY:
            parts[-1]["Statement"].append(statement)
        else:
            parts.append({"Version": policy["Version"], "Statement": [statement]})
    return parts


def _statements(audience: Audience, names: Collection[str], role_name: str, partition: str) -> Iterator[dict[str, Any]]:
    actions = {action for call in _calls(audience, names) for action in call.actions}
    for service, grouped in groupby(sorted(actions), key=lambda action: action.partition(":")[0]):
        sid = "Read" + service.replace("-", " ").title().replace(" ", "")
        yield {"Sid": sid, "Effect": "Allow", "Action": list(grouped), "Resource": "*"}
    if audience is Audience.MANAGEMENT:
        role = f"arn:{partition}:iam::*:role/{role_name}"
        yield {"Sid": "EnterAccounts", "Effect": "Allow", "Action": "sts:AssumeRole", "Resource": role}


def _calls(audience: Audience, names: Collection[str]) -> Iterator[Call]:
    """The calls made in the audience's accounts. Who speaks for the organization is read like any account too."""
    for call in CALLS:
        if audience is Audience.MANAGEMENT or call.service != "organizations":
            yield call
    for collector in _chosen(names):
        if audience is Audience.MANAGEMENT or collector.level not in ORGANIZATION_LEVELS:
            yield from collector.calls


def _chosen(names: Collection[str]) -> list[Collector]:
    known = collectors()
    for name in names:
        if name not in known:
            raise UsageError(f"there is no collector {name!r}", f"There are: {', '.join(known)}.")
    return [collector for name, collector in known.items() if not names or name in names]


def _size(policy: Policy) -> int:
    return len("".join(json.dumps(policy).split()))
