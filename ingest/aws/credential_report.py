"""The credential report: what IAM knows of every user's passwords, keys and MFA, in one call.

AWS makes a report at most every four hours, so that what it says of a user can be that old.
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
"""

from __future__ import annotations

import base64
import binascii
import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ...schema import Edge, Node, Refusal
from .collector import Call, Page, Reader
from .refusal import MALFORMED
from .values import timestamp

GET_REPORT = Call(
    "iam",
    "GetCredentialReport",
    ("iam:GetCredentialReport",),
    absent=("ReportNotPresent", "ReportExpired", "ReportInProgress"),
)
GENERATE_REPORT = Call("iam", "GenerateCredentialReport", ("iam:GenerateCredentialReport",))

ROOT = "<root_account>"
_PAUSES = (0.25, 0.5, 1.0, *(2.0 for _ in range(59)))
"""Seconds between looks at whether the report is there: a small one is made at once, a large one in a minute."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """One row of the report. Columns that the report leaves open (``N/A``, ``no_information``) are None."""

    arn: str
    created_at: str | None
    console_access: bool | None
    password_last_used: str | None
    password_changed_at: str | None
    mfa_active: bool | None
    keys: tuple[Mapping[str, str | bool | None], ...]
    """Properties of the access keys in the two slots; empty where the slot is."""
    certificates: tuple[Mapping[str, str | bool | None], ...]
    """The same of signing certificates."""

    def keys_of(self, holder: str, account: str) -> Iterator[Node | Edge]:
        """The access keys, and HAS_ACCESS_KEY from their holder."""
        for slot, properties in enumerate(self.keys, start=1):
            if properties:
                yield from access_key(holder, account, slot, properties)

    def certificates_of(self, holder: str, account: str) -> Iterator[Node | Edge]:
        """The signing certificates, and HAS_CREDENTIAL from their holder."""
        for slot, properties in enumerate(self.certificates, start=1):
            if properties:
                certificate = f"{holder}/signing-certificate/{slot}"
                common = {"name": f"signing certificate {slot}", "provider": "aws", "account_id": account}
                yield Node("SigningCertificate", certificate, {**common, **properties})
                yield Edge("HAS_CREDENTIAL", holder, certificate)


def access_key(
    holder: str, account: str, slot: int, properties: Mapping[str, str | bool | None]
) -> Iterator[Node | Edge]:
    """One access key of a holder."""
    key = f"{holder}/access-key/{slot}"
    yield Node("AccessKey", key, {"name": f"key {slot}", "provider": "aws", "account_id": account, **properties})
    yield Edge("HAS_ACCESS_KEY", holder, key)


def read_report(reader: Reader) -> dict[str, Credentials]:
    """The rows of the account's report by ARN, made first where there is none; empty where it could not be read."""
    page = reader.one("GetCredentialReport")
    if page is None and not reader.refused("GetCredentialReport"):
        page = _generate(reader)
    if page is None:
        return {}
    try:
        return {row["arn"]: _credentials(row) for row in csv.DictReader(io.StringIO(_content(page))) if row.get("arn")}
    except (ValueError, KeyError, TypeError, csv.Error) as error:
        reader.refuse(Refusal("iam:GetCredentialReport", MALFORMED, f"{type(error).__name__}: {error}"[:500]))
        return {}


def _generate(reader: Reader) -> Page | None:
    for pause in _PAUSES:
        state = reader.one("GenerateCredentialReport")
        if state is None:
            return None
        if state.get("State") == "COMPLETE":
            page = reader.one("GetCredentialReport")
            if page is not None or reader.refused("GetCredentialReport"):
                return page
        reader.sleep(pause)
    reader.refuse(Refusal("iam:GenerateCredentialReport", "ReportInProgress", f"not ready after {sum(_PAUSES):.0f} s"))
    return None


def _content(page: Page) -> str:
    """The report as text: botocore gives bytes, the AWS CLI prints base64."""
    content = page["Content"]
    if isinstance(content, str):
        try:
            content = base64.b64decode(content, validate=True)
        except binascii.Error:
            return str(content)
    return str(content.decode())


def _credentials(row: Mapping[str, str]) -> Credentials:
    return Credentials(
        arn=row["arn"],
        created_at=timestamp(row.get("user_creation_time")),
        console_access=_boolean(row.get("password_enabled")),
        password_last_used=timestamp(row.get("password_last_used")),
        password_changed_at=timestamp(row.get("password_last_changed")),
        mfa_active=_boolean(row.get("mfa_active")),
        keys=(_key(row, 1), _key(row, 2)),
        certificates=(_certificate(row, 1), _certificate(row, 2)),
    )


def _key(row: Mapping[str, str], slot: int) -> Mapping[str, str | bool | None]:
    """The key in a slot; an empty slot is inactive and was never rotated."""

    def column(name: str) -> str | None:
        return row.get(f"access_key_{slot}_{name}")

    active, rotated_at = _boolean(column("active")), timestamp(column("last_rotated"))
    if not active and rotated_at is None:
        return {}
    return {
        "active": active,
        "rotated_at": rotated_at,
        "use_known": True,
        "last_used_at": timestamp(column("last_used_date")),
        "last_used_region": _stated(column("last_used_region")),
        "last_used_service": _stated(column("last_used_service")),
    }


def _certificate(row: Mapping[str, str], slot: int) -> Mapping[str, str | bool | None]:
    """The certificate in a slot, as with keys; one that is inactive keeps its time."""
    active, created_at = _boolean(row.get(f"cert_{slot}_active")), timestamp(row.get(f"cert_{slot}_last_rotated"))
    return {"active": active, "created_at": created_at} if active or created_at else {}


def _stated(cell: str | None) -> str | None:
    return None if cell in (None, "", "N/A", "no_information", "not_supported") else cell


def _boolean(cell: str | None) -> bool | None:
    return {"true": True, "false": False}.get((cell or "").lower())
