"""Whom to reach about an account: its primary contact and its alternate contacts.

https://docs.aws.amazon.com/accounts/latest/reference/API_GetAlternateContact.html

Four calls for every account, made in the account itself: so they need no trusted access for Account Management.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...schema import Edge, Node
from .collector import Call, Collector, Level, Reader
from .references import account_reference
from .values import text

ALTERNATES = ("BILLING", "OPERATIONS", "SECURITY")
NONE_SET = ("ResourceNotFoundException",)


def collect(reader: Reader) -> Iterator[Node | Edge]:
    """The contacts that are set."""
    yield account_reference(reader.account)
    primary = reader.one("GetContactInformation")
    if primary:
        stated = primary["ContactInformation"]
        yield from _contact(reader, "PRIMARY", stated.get("FullName"), stated)
    for params, pages in reader.many("GetAlternateContact", [{"AlternateContactType": kind} for kind in ALTERNATES]):
        for page in pages:
            stated = page["AlternateContact"]
            yield from _contact(reader, params["AlternateContactType"], stated.get("Name"), stated)


def _contact(reader: Reader, kind: str, name: object, stated: dict[str, Any]) -> Iterator[Node | Edge]:
    contact = f"contact/{reader.account}/{kind}"
    yield Node(
        "Contact",
        contact,
        {
            "name": text(name),
            "provider": "aws",
            "account_id": reader.account,
            "type": kind,
            "title": text(stated.get("Title")),
            "email": text(stated.get("EmailAddress")),
            "phone": text(stated.get("PhoneNumber")),
        },
    )
    yield Edge("HAS_CONTACT", reader.account, contact)


COLLECTOR = Collector(
    name="contacts",
    level=Level.ACCOUNT,
    calls=(
        Call("account", "GetContactInformation", ("account:GetContactInformation",), NONE_SET),
        Call("account", "GetAlternateContact", ("account:GetAlternateContact",), NONE_SET),
    ),
    collect=collect,
    description="The primary contact and the alternate contacts of every account.",
)
