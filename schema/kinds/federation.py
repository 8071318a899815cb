"""Whom trusts in identity providers let in, read off their conditions.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
"""

from __future__ import annotations

from ..model import Field, Kind, Relationship, Type

FEDERATED_SUBJECT = Kind(
    "FederatedSubject",
    "Subjects of an identity provider's tokens that trust policies admit: a branch of a repository, a service account, "
    "or everything that a pattern takes in. Which roles they may enter is ADMITTED_TO; roles that admit the same share "
    "one.",
    extends="Asset",
    identifier="`federated-subject/ISSUER/HASH`, the hash being that of what is admitted.",
    fields=(
        Field("issuer", Type.STRING, "The provider's URL without `https://`, or its name.", indexed=True),
        Field("subject", Type.STRING, "The pattern on the token's subject, `*` where nothing is asked of it."),
        Field("refused", Type.STRINGS, "Patterns of subjects that the same trust refuses."),
        Field(
            "breadth",
            Type.STRING,
            "How much that is: `nobody`, `exact`, `any-branch` (several places of one repository), `any-repository` "
            "(several repositories of one organization), `anyone` (strangers too), or `unknown`.",
            indexed=True,
        ),
        Field("signs_in", Type.STRING, "Who signs in there: `machine`, `human`, or `unknown` where it may be either."),
        Field("organization", Type.STRING, "Organization, group, workspace, account or cluster, as the issuer has it."),
        Field("repository", Type.STRING, "Repository, project, pipeline, workspace, stack or namespace."),
        Field("branch", Type.STRING, "The branch."),
        Field("tag", Type.STRING, "The tag."),
        Field("environment", Type.STRING, "The environment to deploy to."),
        Field("workflow", Type.STRING, "The reusable workflow that must run."),
        Field("parts", Type.JSON, "All parts of the subject by what the issuer calls them."),
    ),
)

ADMITTED_TO = Relationship(
    "ADMITTED_TO",
    "A statement of the role's trust policy admits the subjects. Whether they can assume the role, after all that "
    "other policies say, is the CAN_ASSUME of the same provider. The key is the statement's number, the action and the "
    "provider.",
    ends=(("FederatedSubject", "Role"),),
    fields=(
        Field("derived", Type.BOOLEAN, "Always true: concluded by Muniment, not stated by a source."),
        Field("action", Type.STRING, "`sts:AssumeRoleWithWebIdentity` or `sts:AssumeRoleWithSAML`."),
        Field("provider", Type.STRING, "Id of the identity provider that the statement names."),
        Field("audiences", Type.STRINGS, "The audiences that the token may have; absent where none is asked."),
        Field("conditions", Type.STRINGS, "What the statement asks besides, each as a sentence."),
        Field("because", Type.STRINGS, "The statement, as `STATEMENT: what it says`."),
        Field("statement_id", Type.STRING, "`ROLE#trust/N`."),
    ),
    derived=True,
)
