"""Who stands behind a principal: people, machines or AWS's services."""

from __future__ import annotations

from ..model import Field, Kind, Relationship, Type

IDENTITY_KIND = Kind(
    "IdentityKind",
    "Who uses principals: `human` (people), `machine` (programs outside of AWS's services: pipelines, servers, "
    "clusters, holders of long-lived keys), `service` (an AWS service, for itself or for the code that it runs), or "
    "`unknown`. It is the node's `name`; each account has "
    "nodes of its own, and Identity Center has.",
    extends="Asset",
    identifier="`identity-kind/ACCOUNT/NAME`; `identity-kind/identity-center/NAME` for users of Identity Center.",
    fields=(Field("description", Type.STRING, "The same in words."),),
)

IDENTIFIED_AS = Relationship(
    "IDENTIFIED_AS",
    "The principal is used by people, by machines, by a service, or nobody knows by whom: exactly one for every "
    "user, role, root user and user of Identity Center. `(p)-[i:IDENTIFIED_AS]->(:IdentityKind {name: 'human'})`.",
    ends=(
        ("User", "IdentityKind"),
        ("Role", "IdentityKind"),
        ("RootUser", "IdentityKind"),
        ("IdentityCenterUser", "IdentityKind"),
    ),
    fields=(
        Field("derived", Type.BOOLEAN, "Always true: concluded by Muniment, not stated by a source."),
        Field(
            "evidence",
            Type.STRING,
            "What it rests on, the strongest that there is: `login-profile`, `identity-center`, `root`, `trust`, "
            "`use`, `name`, or `none`.",
        ),
        Field("weak", Type.BOOLEAN, "Whether it rests on nothing better than a name, or on keys that were never used."),
        Field("because", Type.STRINGS, "The reasons, each as a sentence."),
        Field("also", Type.STRINGS, "Other kinds that use it besides."),
        Field("doubts", Type.STRINGS, "What speaks against it, each as a sentence."),
    ),
    derived=True,
)
