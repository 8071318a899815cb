"""Credentials, MFA devices and the root user of an account: what the credential report says, and what it does not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...schema import Edge, Node
from .collector import Call, Reader
from .credential_report import Credentials, access_key
from .values import tags, text, timestamp

CREDENTIAL_CALLS = (
    Call("iam", "ListAccessKeys", ("iam:ListAccessKeys",), absent=("NoSuchEntity",)),
    Call("iam", "ListVirtualMFADevices", ("iam:ListVirtualMFADevices",)),
    Call("iam", "ListMFADevices", ("iam:ListMFADevices",), absent=("NoSuchEntity",)),
)


def access_keys(reader: Reader, users: Mapping[str, str], report: Mapping[str, Credentials]) -> Iterator[Node | Edge]:
    """The access keys of all users: from the report, and with their ids where a person asked for them."""
    if not reader.options.access_key_ids:
        for arn in users:
            if arn in report:
                yield from report[arn].keys_of(arn, reader.account)
        return
    holders = {name: arn for arn, name in users.items() if arn not in report or any(report[arn].keys)}
    for params, pages in reader.many("ListAccessKeys", ({"UserName": name} for name in holders)):
        arn = holders[params["UserName"]]
        listed = [key for page in pages for key in page.get("AccessKeyMetadata", ())]
        for slot, properties in enumerate(_slots(listed, report.get(arn)), start=1):
            yield from access_key(arn, reader.account, slot, properties)


def _slots(listed: list[Mapping[str, Any]], row: Credentials | None) -> list[Mapping[str, str | bool | None]]:
    """Listed keys joined with the report's slots by the time of their making, which the report repeats; else by age."""
    reported = [key for key in (row.keys if row else ()) if key]
    ordered = sorted(listed, key=lambda key: timestamp(key.get("CreateDate")) or "")
    if not reported or len(reported) != len(ordered):
        return [
            {
                "active": key.get("Status") == "Active",
                "access_key_id": text(key.get("AccessKeyId")),
                "rotated_at": timestamp(key.get("CreateDate")),
                "use_known": False,
            }
            for key in ordered
        ] or reported
    by_time: dict[object, Mapping[str, Any]] = {timestamp(key.get("CreateDate")): key for key in ordered}
    exact = len(by_time) == len(ordered) and all(key["rotated_at"] in by_time for key in reported)
    matched = [by_time[key["rotated_at"]] for key in reported] if exact else ordered
    return [
        {**key, "access_key_id": text(found.get("AccessKeyId"))} for key, found in zip(reported, matched, strict=True)
    ]


def signing_certificates(
    reader: Reader, users: Mapping[str, str], report: Mapping[str, Credentials]
) -> Iterator[Node | Edge]:
    """The signing certificates of all users, which the report tells of."""
    for arn in users:
        if arn in report:
            yield from report[arn].certificates_of(arn, reader.account)


def mfa_devices(reader: Reader, users: Mapping[str, str], report: Mapping[str, Credentials]) -> Iterator[Node | Edge]:
    """MFA devices: virtual ones in one listing; others only of users whose report says that there are some."""
    with_virtual = set()
    for page in reader.pages("ListVirtualMFADevices", AssignmentStatus="Assigned", MaxItems=1000):
        for device in page.get("VirtualMFADevices", ()):
            holder = (device.get("User") or {}).get("Arn")
            if isinstance(holder, str) and (holder in users or holder == _root(reader)):
                with_virtual.add(holder)
                yield from _device(reader, holder, device)
    names = {
        name: arn for arn, name in users.items() if arn not in with_virtual and arn in report and report[arn].mfa_active
    }
    for params, pages in reader.many("ListMFADevices", ({"UserName": name} for name in names)):
        for device in (device for page in pages for device in page.get("MFADevices", ())):
            yield from _device(reader, names[params["UserName"]], device)


def _device(reader: Reader, holder: str, device: Mapping[str, Any]) -> Iterator[Node | Edge]:
    serial = device["SerialNumber"]
    kind = "virtual" if ":mfa/" in serial else "security-key" if ":u2f/" in serial else "hardware"
    yield Node(
        "MfaDevice",
        serial,
        {
            "name": serial.rpartition("/")[2],
            "provider": "aws",
            "account_id": reader.account,
            "type": kind,
            "enabled_at": timestamp(device.get("EnableDate")),
            "tags": tags(device["Tags"]) if "Tags" in device else None,
        },
    )
    yield Edge("HAS_MFA_DEVICE", holder, serial)


def root_user(reader: Reader, report: Mapping[str, Credentials], summary: Mapping[str, Any]) -> Iterator[Node | Edge]:
    """The root user: from the report where there is one, and from the account summary."""
    arn = _root(reader)
    row = report.get(arn)
    mfa, keys = summary.get("AccountMFAEnabled"), summary.get("AccountAccessKeysPresent")
    yield Node(
        "RootUser",
        arn,
        {
            "name": "root",
            "provider": "aws",
            "account_id": reader.account,
            "password_last_used": row.password_last_used if row else None,
            "mfa_active": row.mfa_active if row else None if mfa is None else bool(mfa),
            "access_keys_present": any(row.keys) if row else None if keys is None else bool(keys),
        },
    )
    yield Edge("CONTAINS", reader.account, arn)
    if row:
        yield from row.keys_of(arn, reader.account)
        yield from row.certificates_of(arn, reader.account)


def _root(reader: Reader) -> str:
    return f"arn:{reader.partition}:iam::{reader.account}:root"
