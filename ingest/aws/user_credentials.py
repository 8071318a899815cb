"""SSH public keys of users, and their credentials of single services, of which the credential report does not speak.

IAM lists both for one user at a time: two calls for a user. So they are read only where they are asked for.
``ListServiceSpecificCredentials`` is not asked with ``AllUsers``, for then it speaks of one service that is named, and
which services there are changes: a new one's credentials would be missing unnoticed.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListSSHPublicKeys.html
https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListServiceSpecificCredentials.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from ...schema import Edge, Node, Ownership
from .collector import Call, Collector, Level, Reader
from .values import text, timestamp

PAGE_SIZE = 1000
BATCH = 100
"""Users that are asked about before a look at whether any call was answered."""

SSH_KEYS, SERVICE_CREDENTIALS = "ListSSHPublicKeys", "ListServiceSpecificCredentials"


def collect(reader: Reader) -> Iterator[Node | Edge]:
    """What every user has."""
    users = {
        str(user["UserName"]): str(user["Arn"])
        for page in reader.pages("ListUsers", MaxItems=PAGE_SIZE)
        for user in page.get("Users") or ()
    }
    for arn in users.values():
        yield Node("User", arn, _common(reader, arn.rpartition("/")[2]), Ownership.REFERENCE)
    for user, key in _listed(reader, users, SSH_KEYS, "SSHPublicKeys"):
        yield from _ssh_public_key(reader, user, key)
    for user, credential in _listed(reader, users, SERVICE_CREDENTIALS, "ServiceSpecificCredentials"):
        yield from _service_credential(reader, user, credential)


def _listed(
    reader: Reader, users: Mapping[str, str], operation: str, member: str
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The ARN of each user with each entry of a listing. Where nobody of a batch may be asked about, it ends."""
    waiting = iter(users)
    while names := list(islice(waiting, BATCH)):
        answers = list(reader.each(operation, [{"UserName": name} for name in names]))
        for params, answer in answers:
            for entry in (entry for page in answer.pages for entry in page.get(member) or ()):
                yield users[params["UserName"]], entry
        if all(answer.refused for _, answer in answers):
            return


def _ssh_public_key(reader: Reader, user: str, key: Mapping[str, Any]) -> Iterator[Node | Edge]:
    identifier = key["SSHPublicKeyId"]
    stated = {"active": key.get("Status") == "Active", "created_at": timestamp(key.get("UploadDate"))}
    id_ = f"{user}/ssh-public-key/{identifier}"
    yield Node("SshPublicKey", id_, {**_common(reader, f"SSH public key {identifier}"), **stated})
    yield Edge("HAS_CREDENTIAL", user, id_)


def _service_credential(reader: Reader, user: str, credential: Mapping[str, Any]) -> Iterator[Node | Edge]:
    identifier, service = credential["ServiceSpecificCredentialId"], text(credential.get("ServiceName"))
    stated = {
        "service": service,
        "active": credential.get("Status") == "Active",
        "created_at": timestamp(credential.get("CreateDate")),
        "expires_at": timestamp(credential.get("ExpirationDate")),
    }
    id_ = f"{user}/service-credential/{identifier}"
    yield Node("ServiceCredential", id_, {**_common(reader, f"{service} {identifier}"), **stated})
    yield Edge("HAS_CREDENTIAL", user, id_)


def _common(reader: Reader, name: str) -> dict[str, Any]:
    return {"name": name, "provider": "aws", "account_id": reader.account}


COLLECTOR = Collector(
    name="user-credentials",
    level=Level.ACCOUNT,
    on_request=True,
    calls=(
        Call("iam", "ListUsers", ("iam:ListUsers",)),
        Call("iam", SSH_KEYS, (f"iam:{SSH_KEYS}",), absent=("NoSuchEntity",)),
        Call(
            "iam",
            SERVICE_CREDENTIALS,
            (f"iam:{SERVICE_CREDENTIALS}",),
            absent=("NoSuchEntity",),
            tokens=("Marker", "Marker"),
        ),
    ),
    collect=collect,
    description="SSH public keys of users, and their credentials of single services: CodeCommit, Keyspaces, Bedrock.",
)
