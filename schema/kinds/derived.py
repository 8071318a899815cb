"""What analysis concludes. Each conclusion carries its decision, its reason and the conditions that remain."""

from __future__ import annotations

from ..model import Field, Kind, Relationship, Type

CONCLUSION = (
    Field("derived", Type.BOOLEAN, "Always true: concluded by Muniment, not stated by a source."),
    Field("decision", Type.STRING, "`allow`, `conditional` or `unknown`; what is denied has no relationship."),
    Field("conditions", Type.STRINGS, "Conditions on the request that remain, each as a sentence."),
    Field("because", Type.STRINGS, "The statements it rests on, each as `STATEMENT: what it says`."),
)

PRINCIPAL_SET = Kind(
    "PrincipalSet",
    "Users and roles of one account that can assume exactly the same roles among those that trust an account rather "
    "than a principal by name. Its CAN_ASSUME holds for each of its members: a hundred administrators and three "
    "thousand roles that trust the account make three thousand relationships, not three hundred thousand. Roles that "
    "trust everyone (`*`) are reached by sets whose members are of many accounts and have one grant and its limits in "
    "common. Those that can escalate alike (CAN_ESCALATE_TO) are gathered in sets of their own.",
    extends="Asset",
    identifier="`principal-set/ACCOUNT/HASH`, the hash being that of what its members' policies say of assuming roles, "
    "or of escalation; `principal-set/ORGANIZATION/HASH` across accounts, and a second hash after it where a role's "
    "side tells members apart.",
    fields=(
        Field("members", Type.INTEGER, "How many principals are GATHERED_IN it."),
        Field(
            "grants",
            Type.STRINGS,
            "The resources that its members' policies let them assume, as patterns; or the actions of escalation.",
        ),
    ),
)

GATHERED_IN = Relationship(
    "GATHERED_IN",
    "The principal is one of the set: what the set can assume or escalate to, it can. "
    "`(p)-[:MEMBER_OF|GATHERED_IN*0..1]->(x)-[:CAN_ASSUME]->(role)` finds everyone who can assume a role, "
    "in one hop, whether named, gathered in a set, or by way of an Identity Center group.",
    ends=(("User", "PrincipalSet"), ("Role", "PrincipalSet")),
    fields=(
        Field("derived", Type.BOOLEAN, "Always true: concluded by Muniment, not stated by a source."),
        Field("because", Type.STRINGS, "What the principal's own policies say of assuming roles, or of escalation."),
    ),
    derived=True,
)

CAN_ASSUME = Relationship(
    "CAN_ASSUME",
    "The start can become the role: the role's trust policy admits it, and its own policies, boundary and the "
    "organization's policies let it. The key is the action. An account as start means: those of an account whose own "
    "policies are not known, to whom it delegates.",
    ends=(("Principal", "Role"), ("Account", "Role"), ("PrincipalSet", "Role")),
    fields=(
        *CONCLUSION,
        Field(
            "action",
            Type.STRING,
            "`sts:AssumeRole`, `sts:AssumeRoleWithSAML` or `sts:AssumeRoleWithWebIdentity`; it is the key too.",
        ),
        Field("reason", Type.STRING, "What is not known, where the decision is `unknown`."),
    ),
    derived=True,
)

ADMINISTERS = Relationship(
    "ADMINISTERS",
    "The start is an effective administrator of the account: it can do anything, or can grant itself anything.",
    ends=(("Principal", "Account"),),
    fields=(*CONCLUSION, Field("reason", Type.STRING, "What is not known, where the decision is `unknown`.")),
    derived=True,
)
