"""What analysis concludes. Each conclusion carries its decision, its reason and the conditions that remain."""

from __future__ import annotations

from ..model import Field, Relationship, Type

CONCLUSION = (
    Field("derived", Type.BOOLEAN, "Always true: concluded by Muniment, not stated by a source."),
    Field("decision", Type.STRING, "`allow`, `conditional` or `unknown`; what is denied has no relationship."),
    Field("conditions", Type.STRINGS, "Conditions on the request that remain, each as a sentence."),
    Field("because", Type.STRINGS, "The statements it rests on, each as `STATEMENT: what it says`."),
)

CAN_ASSUME = Relationship(
    "CAN_ASSUME",
    "The start can become the role: the role's trust policy admits it, and its own policies, boundary and the "
    "organization's policies let it.",
    ends=(("Principal", "Role"), ("Account", "Role")),
    fields=(
        *CONCLUSION,
        Field("action", Type.STRING, "`sts:AssumeRole`, `sts:AssumeRoleWithSAML` or `sts:AssumeRoleWithWebIdentity`."),
    ),
    derived=True,
)

ADMINISTERS = Relationship(
    "ADMINISTERS",
    "The start is an effective administrator of the account: it can do anything, or can grant itself anything.",
    ends=(("Principal", "Account"),),
    fields=CONCLUSION,
    derived=True,
)
