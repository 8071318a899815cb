"""The settings of a request to simulate: what decides beside policies, in the shapes that the register keeps it in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...errors import UsageError
from .access_control_lists import Ownership
from .principals import CallerKind
from .request import Request
from .resources import Blocks, Resource, holder
from .statements import Policy

NAMES = ("management_account", "grants", "acl", "object_ownership", "block_public_access")
BESIDE = NAMES[1:]
"""Those that say what is beside the resource's own policy."""

BLOCKS = ("ignore_public_acls", "restrict_public_buckets")


def beside(settings: Mapping[str, Any], request: Request, policy: Policy | None) -> tuple[Policy, ...]:
    """What counts beside the policy of a KMS key or a bucket; UsageError where a name or a value makes no sense.

    ``grants`` are those of the key, each with ``grantee``, ``operations``, ``constraints`` and ``retiring``. ``acl`` is
    that of the bucket, each entry with ``grantee`` and ``permission``; it counts unless ``object_ownership`` is
    BucketOwnerEnforced, which it is unless given. ``block_public_access`` has ``ignore_public_acls`` and
    ``restrict_public_buckets``.
    """
    _known("settings", settings, NAMES)
    if not any(settings.get(name) for name in BESIDE):
        return ()
    blocks = _mapping(settings.get("block_public_access"))
    _known("settings.block_public_access", blocks, BLOCKS)
    arn = holder(request.resource)
    try:
        ownership = Ownership(settings.get("object_ownership") or Ownership.ENFORCED)
    except ValueError:
        raise UsageError(
            f"settings.object_ownership is {settings['object_ownership']!r}", f"Give one of {', '.join(Ownership)}."
        ) from None
    resource = Resource(
        arn,
        "Bucket" if arn.split(":")[2:3] == ["s3"] else "KmsKey",
        request.resource_account or "",
        policy=policy,
        grants=_listed(settings, "grants"),
        acl=_listed(settings, "acl"),
        ownership=ownership,
        blocks=Blocks(*(bool(blocks.get(name)) for name in BLOCKS)),
    )
    return tuple(found for found in resource.attached() if found is not policy)


def implied(request: Request) -> dict[str, str]:
    """Keys of every request by which AWS tells whom Block Public Access and ACLs concern."""
    caller = request.caller
    keys = {"aws:principalisawsservice": "true" if caller.kind is CallerKind.SERVICE else "false"}
    return {**keys, "aws:principalaccount": caller.account} if caller.account else keys


def _listed(settings: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    entries = settings.get(name) or []
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise UsageError(f"settings.{name} is not a list of objects", f"Give settings.{name} as a list of objects.")
    return entries


def _mapping(value: object) -> Mapping[str, Any]:
    if value is not None and not isinstance(value, Mapping):
        raise UsageError(
            "settings.block_public_access is not an object", f"Give an object with {' and '.join(BLOCKS)}."
        )
    return value or {}


def _known(of: str, given: Mapping[str, Any], names: tuple[str, ...]) -> None:
    unknown = sorted(set(given) - set(names))
    if unknown:
        raise UsageError(f"{of}.{unknown[0]} is no setting", f"There are {', '.join(names)}.")
