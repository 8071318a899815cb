"""Credentials of users beside passwords and access keys. AWS does not tell when any of them was last used.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_ssh-keys.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_api_keys_for_aws_services.html
"""

from __future__ import annotations

from ..model import Field, Kind, Relationship, Type

SIGNING_CERTIFICATE = Kind(
    "SigningCertificate",
    "An X.509 certificate whose private key signs requests. The key never enters.",
    extends="Asset",
    identifier="`HOLDER/signing-certificate/N`: the slot, 1 or 2, of the credential report.",
    fields=(
        Field("active", Type.BOOLEAN, "Whether it can sign requests."),
        Field("created_at", Type.TIMESTAMP, "When it was uploaded or last changed."),
    ),
)

SSH_PUBLIC_KEY = Kind(
    "SshPublicKey",
    "The public half of a key that signs its user in to CodeCommit.",
    extends="Asset",
    identifier="`USER/ssh-public-key/APKA…`.",
    fields=(
        Field("active", Type.BOOLEAN, "Whether it signs in."),
        Field("created_at", Type.TIMESTAMP, "When it was uploaded."),
    ),
)

SERVICE_CREDENTIAL = Kind(
    "ServiceCredential",
    "A credential of a user for one service: Git over HTTPS for CodeCommit, a password for Keyspaces, a long-term "
    "API key for Bedrock or CloudWatch Logs. The secret never enters.",
    extends="Asset",
    identifier="`USER/service-credential/ACCA…`.",
    fields=(
        Field("service", Type.STRING, "The service that it is good for: `codecommit.amazonaws.com`."),
        Field("active", Type.BOOLEAN, "Whether it signs in: it is neither switched off nor expired."),
        Field("created_at", Type.TIMESTAMP, "When it was made."),
        Field("expires_at", Type.TIMESTAMP, "When it expires; absent when it never does."),
    ),
)

HAS_CREDENTIAL = Relationship(
    "HAS_CREDENTIAL",
    "The credential is the start's.",
    ends=(
        ("User", "SigningCertificate"),
        ("RootUser", "SigningCertificate"),
        ("User", "SshPublicKey"),
        ("User", "ServiceCredential"),
    ),
)
