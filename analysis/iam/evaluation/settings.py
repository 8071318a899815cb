"""The settings of a request to simulate: what decides beside policies, in the shapes that the register keeps it in."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ....errors import UsageError
from ....schema.identifiers import ACCOUNT_ID
from ..conditions.context import Context
from ..policies.principals import CallerKind
from ..policies.statements import Document, Policy
from .access_control_lists import ANONYMOUS, Ownership
from .access_points import ALIAS, THROUGH, Door
from .canonical_users import granting_accounts, naming_accounts
from .decisions import Decision
from .encryption import with_key
from .evaluate import Policies, concluded, weigh
from .request import Request
from .resources import Blocks, Resource, holder

NAMES = (
    "management_account",
    "canonical_users",
    "grants",
    "acl",
    "object_acl",
    "object_ownership",
    "block_public_access",
    "access_point",
    "encryption_key",
)
BESIDE = NAMES[2:7]
"""Those that say what is beside the resource's own policy."""

OF_BUCKETS = re.compile(r"arn:[^:]*:s3:(::|[^:]*:[^:]*:accesspoint/).+", re.DOTALL)
"""What Block Public Access is about: buckets and access points, not a Storage Lens configuration or a batch job.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
"""

BLOCKS = ("ignore_public_acls", "restrict_public_buckets", "block_public_acls", "block_public_policy")
POINT = ("arn", "bucket", "bucket_account", "bucket_policy", "vpc")
KEY = ("arn", "policy", "grants")

Parse = Callable[[object], Document]


@dataclass(frozen=True)
class Settings:
    """The settings of one request; UsageError where a name or a value makes no sense.

    ``canonical_users`` tells the accounts of canonical user ids. ``grants`` are those of the KMS key that is asked
    about, each with ``grantee``, ``operations``, ``constraints`` and ``retiring``. ``acl`` is that of the bucket and
    ``object_acl`` that of the object, each entry with ``grantee`` and ``permission``; they count unless
    ``object_ownership`` is BucketOwnerEnforced, which it is unless given. ``block_public_access`` has the four
    switches. ``access_point`` says what the access point that is asked about leads to, and ``encryption_key`` what
    encrypts the resource. ``parse`` makes a document of what JSON decodes to.
    """

    given: Mapping[str, Any]
    parse: Parse

    def __post_init__(self) -> None:
        _known("settings", self.given, NAMES)
        known = self.given.get("canonical_users")
        _must("settings", "canonical_users", "an object of accounts", known is None or _are_accounts(known))

    def decide(self, request: Request, policies: Policies) -> Decision:
        """The decision on the request, with all that the settings add to its policies."""
        if policies.resource and self._canonical_users():
            policies = replace(policies, resource=(self._known_by_account(policies.resource[0]),))
        own = policies.resource[0] if policies.resource else None
        point = self._object("access_point", POINT)
        if point:
            door = self._door(point, request, own, policies)
            weighed = door.weigh(_with_implied(request), policies)
            request = door.behind(request)
        elif any(self.given.get(name) is not None for name in BESIDE):
            more = (found for found in self._resource(request, own).attached() if found is not own)
            weighed = weigh(_with_implied(request), replace(policies, resource=(*policies.resource, *more)))
        else:
            weighed = weigh(request, policies)
        key = self._object("encryption_key", KEY)
        if key and not weighed.explicit:
            weighed = with_key(weighed, request, policies, self._key(key))
        return concluded(weighed)

    def _resource(self, request: Request, policy: Policy | None) -> Resource:
        """The KMS key or the bucket that is asked about."""
        arn = holder(request.resource)
        kind = "Bucket" if OF_BUCKETS.fullmatch(arn) else "KmsKey"
        return self._bucket(
            Resource(arn, kind, request.resource_account or "", policy=policy, grants=_grants(self.given))
        )

    def _bucket(self, resource: Resource) -> Resource:
        return replace(
            resource,
            acl=self._acl("acl"),
            object_acl=None if self.given.get("object_acl") is None else self._acl("object_acl"),
            ownership=self._ownership(),
            blocks=self._blocks(),
        )

    def _acl(self, name: str) -> list[dict[str, Any]]:
        return granting_accounts(_acl(self.given, name), self._canonical_users())

    def _ownership(self) -> Ownership:
        stated = self.given.get("object_ownership") or Ownership.ENFORCED
        if stated not in tuple(Ownership):
            raise UsageError(f"settings.object_ownership is {stated!r}", f"Give one of {', '.join(Ownership)}.")
        return Ownership(stated)

    def _blocks(self) -> Blocks:
        blocks = self._object("block_public_access", BLOCKS)
        return Blocks(*(bool(blocks.get(name)) for name in BLOCKS))

    def _door(self, point: Mapping[str, Any], request: Request, own: Policy | None, policies: Policies) -> Door:
        asked = THROUGH.fullmatch(request.resource)
        arn = asked[1] if asked else _text(point, "access_point", "arn")
        named = THROUGH.fullmatch(arn)
        if named is None or not (asked or ALIAS.fullmatch(request.resource)):
            raise UsageError(
                f"settings.access_point is given, and {request.resource[:200]!r} is no access point",
                "Ask about the ARN of an access point or of an object behind one, or, with its arn, about its alias.",
            )
        bucket = _text(point, "access_point", "bucket")
        account = _text(point, "access_point", "bucket_account", named[2])
        policy = point.get("bucket_policy")
        stored = Resource(bucket, "Bucket", account, policy=self._policy("access_point.bucket_policy", policy))
        vpc = _text(point, "access_point", "vpc", "") or None
        door = Resource(arn, "AccessPoint", named[2], policy=own, vpc=vpc, blocks=self._blocks())
        limits = policies.resource_control if account == named[2] else ()
        return Door(door, bucket, account, replace(self._bucket(stored).policies(), resource_control=limits))

    def _key(self, key: Mapping[str, Any]) -> Resource:
        arn = _text(key, "encryption_key", "arn")
        account = arn.split(":")[4] if arn.count(":") >= 5 else ""
        policy = self._policy("encryption_key.policy", key.get("policy"))
        return Resource(arn, "KmsKey", account, policy=policy, grants=_grants(key, "settings.encryption_key"))

    def _policy(self, name: str, raw: object) -> Policy | None:
        return None if raw is None else self._known_by_account(Policy(f"settings.{name}", self.parse(raw)))

    def _canonical_users(self) -> Mapping[str, str]:
        return self.given.get("canonical_users") or {}

    def _known_by_account(self, policy: Policy) -> Policy:
        return naming_accounts(policy, self._canonical_users())

    def _object(self, name: str, names: tuple[str, ...]) -> Mapping[str, Any]:
        value = self.given.get(name)
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            raise UsageError(f"settings.{name} is not an object", f"Give an object with {', '.join(names)}.")
        _known(f"settings.{name}", value, names)
        return value


def _with_implied(request: Request) -> Request:
    """The request with the keys by which AWS tells whom Block Public Access and ACLs concern. AWS takes them from the
    principal, whatever the request's context says: "Anonymous requests return: anonymous".

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalaccount
    """
    caller = request.caller
    account = ANONYMOUS if caller.kind is CallerKind.ANONYMOUS else caller.account
    service = "true" if caller.kind is CallerKind.SERVICE else "false"
    keys = Context.of({"aws:principalisawsservice": service, "aws:principalaccount": account})
    return replace(request, context=keys.over(request.context))


def _text(of: Mapping[str, Any], setting: str, name: str, default: str | None = None) -> str:
    value = of.get(name)
    value = default if value is None else value
    if not isinstance(value, str):
        raise UsageError(f"settings.{setting}.{name} is not a text", f"Give settings.{setting}.{name} as a text.")
    return value


def _grants(settings: Mapping[str, Any], of: str = "settings") -> list[dict[str, Any]]:
    """Grants of a key, each of the shape in which KMS lists them."""
    for at, grant in (found := _listed(settings, "grants", of)):
        operations, constraints = grant.get("operations"), grant.get("constraints")
        _must(at, "operations", "a list of texts", operations is None or _are_texts(operations))
        _must(at, "constraints", "an object", constraints is None or isinstance(constraints, dict))
        for name in ("EncryptionContextEquals", "EncryptionContextSubset"):
            pairs = (constraints or {}).get(name)
            fits = pairs is None or (isinstance(pairs, dict) and _are_texts([*pairs.values()]))
            _must(at, f"constraints.{name}", "an object of texts", fits)
        _texts(at, grant, "grantee", "retiring")
    return [grant for _, grant in found]


def _acl(settings: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """The entries of an access control list."""
    for at, entry in (found := _listed(settings, name, "settings")):
        _texts(at, entry, "grantee", "permission")
    return [entry for _, entry in found]


def _listed(settings: Mapping[str, Any], name: str, of: str) -> list[tuple[str, dict[str, Any]]]:
    """The objects of a list, each with its place."""
    entries = settings.get(name)
    entries = [] if entries is None else entries
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise UsageError(f"{of}.{name} is not a list of objects", f"Give {of}.{name} as a list of objects.")
    return [(f"{of}.{name}[{number}]", entry) for number, entry in enumerate(entries)]


def _texts(at: str, of: Mapping[str, Any], *names: str) -> None:
    for name in names:
        _must(at, name, "a text", of.get(name) is None or isinstance(of[name], str))


def _are_texts(values: object) -> bool:
    return isinstance(values, list) and all(isinstance(value, str) for value in values)


def _are_accounts(known: object) -> bool:
    if not isinstance(known, Mapping):
        return False
    return all(isinstance(account, str) and ACCOUNT_ID.fullmatch(account) for account in known.values())


def _must(at: str, name: str, be: str, fits: bool) -> None:
    if not fits:
        raise UsageError(f"{at}.{name} is not {be}", f"Give {at}.{name} as {be}.")


def _known(of: str, given: Mapping[str, Any], names: tuple[str, ...]) -> None:
    unknown = sorted(set(given) - set(names))
    if unknown:
        raise UsageError(f"{of}.{unknown[0][:80]} is no setting", f"There are {', '.join(names)}.")
