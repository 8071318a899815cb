"""The kinds that others inherit from."""

from __future__ import annotations

from ..model import Field, Kind, Relationship, Type

ASSET = Kind(
    "Asset",
    "Anything that the register holds about the estate.",
    abstract=True,
    identifier="The ARN where the provider has one, else the synthetic form that the kind documents.",
    fields=(
        Field("name", Type.STRING, "What people call it.", indexed=True),
        Field("provider", Type.STRING, "Who runs it: `aws`."),
        Field("account_id", Type.STRING, "The account that holds it: 12 digits for AWS.", indexed=True),
        Field("region", Type.STRING, "The region it is in; absent for global things."),
        Field("tags", Type.JSON, "Its tags, as an object of texts."),
        Field("scope", Type.STRING, "The scope that states it, or `shared`, or `reference`.", indexed=True),
        Field("content_hash", Type.STRING, "Hash of what the scope states of it; equal means unchanged."),
        Field("first_seen", Type.TIMESTAMP, "When a run first stated it."),
        Field("changed_at", Type.TIMESTAMP, "When a run last stated something else of it."),
    ),
)

PRINCIPAL = Kind(
    "Principal",
    "Whoever can make a request, or can be named in a policy as its maker.",
    extends="Asset",
    abstract=True,
    fields=(Field("unique_id", Type.STRING, "The provider's immutable id (`AROA…`, `AIDA…`).", indexed=True),),
)

RESOURCE = Kind(
    "Resource",
    "A thing that requests act on.",
    extends="Asset",
    abstract=True,
)

CONTAINS = Relationship(
    "CONTAINS",
    "The start holds the end: an organization its root, a unit its accounts, an account its roles.",
    ends=(
        ("Organization", "OrganizationRoot"),
        ("OrganizationRoot", "OrganizationalUnit"),
        ("OrganizationRoot", "Account"),
        ("OrganizationalUnit", "OrganizationalUnit"),
        ("OrganizationalUnit", "Account"),
        ("Account", "Asset"),
        ("IdentityCenterInstance", "Asset"),
        ("EcsCluster", "EcsService"),
        ("EcsCluster", "EcsTask"),
    ),
)
