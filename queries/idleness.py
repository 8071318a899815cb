"""Principals, passwords and access keys that were not used for a while, and those of which that is not known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .library import step
from .privileges import Privileges
from .things import kind_of

if TYPE_CHECKING:
    from ..graph.database import Database

Row = Mapping[str, Any]

NOT_TOLD = "the credential report does not tell when it was last used"


def idle(database: Database, found: Privileges, since: str) -> Iterator[Row]:
    """Findings on those who use the privileges: what was not used since then, or may not have been.

    What was never used counts from when it was made. Of a user that the credential report does not speak of, nothing is
    known, unless its service last accessed says that it was used.
    """
    signs = database.read(step("signs-of-use"), principals=list(found.users))
    for principal in found.users:
        rows = [row for row in signs if row["principal"] == principal]
        if rows:
            yield from _of_one(principal, rows, since)


def _of_one(principal: str, rows: Sequence[Row], since: str) -> Iterator[Row]:
    one = rows[0]
    keys = [row for row in rows if row["active"]]
    times = [one["last_used_at"], one["accessed_at"], one["password_last_used"], *(k["key_last_used_at"] for k in rows)]
    last = max((time for time in times if time), default=None)
    told = not _is_user(one) or (
        one["console_access"] is not None and all(map(_told, keys)) and (not one["untold"] or one["accessed_at"])
    )
    if (last or one["created_at"] or since) < since:
        yield _finding("unused principal", principal, last, told=told)
    changed = one["password_changed_at"] or one["created_at"]
    if one["console_access"] and (one["password_last_used"] or changed or since) < since:
        yield _finding("unused password", principal, one["password_last_used"])
    for key in keys:
        if (key["key_last_used_at"] or key["rotated_at"] or since) < since:
            yield _finding("unused access key", key["key"], key["key_last_used_at"], told=_told(key))


def _finding(finding: str, subject: str, last: str | None, *, told: bool = True) -> Row:
    said = {"finding": finding} if told else {"finding": "use not known", "because": [NOT_TOLD]}
    return {"subject": subject, "last_used_at": last, **said}


def _is_user(row: Row) -> bool:
    return kind_of(row["labels"]) == "User"


def _told(key: Row) -> bool:
    """Whether AWS told of the key's use, or that there was none."""
    return bool(key["key_use_known"]) or key["key_last_used_at"] is not None
