"""The account itself, where no organization says what it is.

It is stated as shared: what the organization said of it, when it could still be read, stays.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...schema import Edge, Node, Ownership
from .collector import Call, Collector, Level, Reader


def collect(reader: Reader) -> Iterator[Node | Edge]:
    """The account, by its alias where it has one."""
    aliases = [alias for page in reader.pages("ListAccountAliases") for alias in page.get("AccountAliases", ())]
    alias = aliases[0] if aliases else None
    yield Node(
        "Account",
        reader.account,
        {
            "name": alias or reader.account,
            "provider": "aws",
            "account_id": reader.account,
            "partition": reader.partition,
            "alias": alias,
        },
        Ownership.SHARED,
    )


COLLECTOR = Collector(
    name="account",
    level=Level.ACCOUNT,
    calls=(Call("iam", "ListAccountAliases", ("iam:ListAccountAliases",)),),
    collect=collect,
    description="The account and its alias; read where AWS Organizations cannot list the accounts.",
)
