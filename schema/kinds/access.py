"""What analysis concludes about access to data resources."""

from __future__ import annotations

from ..model import Field, Kind, Relationship, Type
from .derived import CONCLUSION

ACCESS_SET = Kind(
    "AccessSet",
    "Users or roles of one account whose policies say the same of one kind of resource, and that no resource tells "
    "apart. Its HAS_ACCESS holds for each of its members. A principal is in one for every kind that it shares.",
    extends="Asset",
    identifier="`access-set/ACCOUNT/KIND/HASH`, the hash being that of what its members' policies say.",
    fields=(Field("members", Type.INTEGER, "How many principals SHARE_ACCESS in it."),),
)

RESOURCE_SET = Kind(
    "ResourceSet",
    "Resources of one kind in one account that neither their own policies nor those of some principals tell apart.",
    extends="Asset",
    identifier="`resource-set/ACCOUNT/KIND/HASH`, the hash being that of who its members are.",
    fields=(
        Field("kind", Type.STRING, "The kind of its members: `Bucket`, …"),
        Field("members", Type.INTEGER, "How many resources are ALIKE_IN it."),
    ),
)

SHARES_ACCESS = Relationship(
    "SHARES_ACCESS",
    "The principal is one of the set: what the set has access to, it has access to.",
    ends=(("User", "AccessSet"), ("Role", "AccessSet")),
    fields=(
        Field("derived", Type.BOOLEAN, "Always true: concluded by Muniment, not stated by a source."),
        Field("because", Type.STRINGS, "The statements of its own policies that speak of the kind."),
    ),
    derived=True,
)

ALIKE_IN = Relationship(
    "ALIKE_IN",
    "The resource is one of the set: whoever has access to the set has access to it.",
    ends=(("DataResource", "ResourceSet"), ("LambdaFunction", "ResourceSet")),
    fields=(Field("derived", Type.BOOLEAN, "Always true: concluded by Muniment, not stated by a source."),),
    derived=True,
)

HAS_ACCESS = Relationship(
    "HAS_ACCESS",
    "The start has access to the end by its own policies, the resource's and the organization's together. All actions "
    "that AWS documents for the kind are decided; those of one level are one relationship, and those that touch only "
    "settings another (`content` is false). "
    "`(p)-[:SHARES_ACCESS*0..1]->(x)-[:HAS_ACCESS]->(y)<-[:ALIKE_IN*0..1]-(r)` finds it for every principal and "
    "resource. `Anyone` as start means those whom `*` lets in, under the conditions that remain; "
    "an account, those of an account outside the register whom it lets.",
    ends=tuple(
        (start, end)
        for start in ("Principal", "Account", "AccessSet")
        for end in ("DataResource", "LambdaFunction", "ResourceSet")
    ),
    fields=(
        *CONCLUSION,
        Field("level", Type.STRING, "`Read`, `Write`, `List`, `Permissions management` or `Tagging`, as AWS has it."),
        Field("content", Type.BOOLEAN, "Whether the actions reach what the resource holds, not its settings alone."),
        Field("actions", Type.STRINGS, "The actions of the level that were decided so."),
        Field("external", Type.BOOLEAN, "Whether the start is of another account than the resource, or of none."),
        Field("reason", Type.STRING, "What is not known, where the decision is `unknown`."),
    ),
    derived=True,
)
