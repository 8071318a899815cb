"""What analysis concludes of privilege escalation.

The techniques are those of the public catalogue https://pathfinding.cloud (Apache-2.0), and some of Muniment's own;
docs/techniques.md lists them.
"""

from __future__ import annotations

from ..model import Field, Relationship, Type
from .derived import CONCLUSION

CAN_ESCALATE_TO = Relationship(
    "CAN_ESCALATE_TO",
    "The start can act as the end, or administer it where it is an account, by means that were meant for something "
    "else: by a technique of privilege escalation. The key is the technique. An account as end means: the start can "
    "grant itself, or one whom it can become, anything in it. What CAN_ASSUME says is not said again; whoever can do "
    "anything in the account already has none.",
    ends=(
        ("User", "Role"),
        ("User", "User"),
        ("User", "Group"),
        ("User", "Account"),
        ("Role", "Role"),
        ("Role", "User"),
        ("Role", "Account"),
        ("PrincipalSet", "Role"),
        ("PrincipalSet", "User"),
        ("PrincipalSet", "Account"),
        ("User", "IdentityCenterGroup"),
        ("User", "IdentityCenterUser"),
        ("Role", "IdentityCenterGroup"),
        ("Role", "IdentityCenterUser"),
        ("PrincipalSet", "IdentityCenterGroup"),
        ("PrincipalSet", "IdentityCenterUser"),
    ),
    fields=(
        *CONCLUSION,
        Field("technique", Type.STRING, "The technique's id: `lambda-001` is in the catalogue. It is the key too."),
        Field("compute", Type.STRINGS, "Ids of existing compute that the way goes over, 20 at most."),
        Field(
            "through",
            Type.STRINGS,
            "Ids of what is taken over on the way, 20 at most: of those who are granted anything, where the end is an "
            "account; of SAML providers and permission sets.",
        ),
        Field("reason", Type.STRING, "What is not known, where the decision is `unknown`."),
    ),
    derived=True,
)
