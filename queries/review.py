"""The access review: who has access to what, one line each, to be signed off."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ..errors import NotFound
from ..schema import Arn
from .access import DECISIONS
from .answer import Answer
from .atlas import Atlas
from .knowledge import ONCE, knowledge
from .library import question, step
from .places import accounts_meant
from .review_lines import ACCESS, DIRECT, IN_A_SET, Review, Row
from .things import not_found

if TYPE_CHECKING:
    from ..graph.database import Database

_OF_USERS = "user-credentials"
"""The collector that reads what only users have."""


def review_access(
    database: Database,
    *,
    now: datetime,
    accounts: str = "",
    role: str = "",
    owned_by: str = "",
    environments: Mapping[str, Any] | None = None,
) -> Answer:
    """The review of some accounts, one role, or one owner; of everything unless given. NotFound for an unknown one."""
    asked = question("review-access")
    atlas = Atlas.load(database, environments)
    meant = accounts_meant(atlas, accounts) if accounts.strip() else {}
    lines = list(_once(Review.read(database, atlas, sorted(meant), now).lines()))
    meanings = []
    if meant:
        meanings.append(f"{accounts} = {', '.join(sorted(atlas.account(account) for account in meant))}")
    if role.strip():
        lines = _of_role(database, atlas, lines, role.strip())
        entered = sorted({label for line in lines if (label := _entered(atlas, line))})
        meanings.append(f"{role} = {', '.join(entered)}")
    if owned_by.strip():
        lines = _of_owner(lines, owned_by.strip())
    lines.sort(key=_order)
    known = knowledge(database, atlas, asked, sorted(meant))
    for line in lines:
        line |= {"as_of": known.as_of, "complete": not any(_concerns(one.scope, line) for one in known.missing)}
    return Answer(
        asked.id,
        {"accounts": sorted(meant), "role": role, "owner": owned_by},
        asked.columns,
        lines,
        known,
        "; ".join(meanings),
        labels=_labels(atlas, lines),
    )


def _once(lines: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The lines, of those of one principal that come to a role by themselves or in sets only the surest.

    Whom a group or an identity provider lets in has a line for each: to end it, all of them must end.
    """
    surest: dict[tuple[str, str], dict[str, Any]] = {}
    for line in lines:
        if not line["role"] or not (line["how"] == DIRECT or line["how"].startswith(IN_A_SET)):
            yield line
            continue
        key = (line["role"], line["principal"])
        held = surest.get(key)
        if held is None or _sureness(line) < _sureness(held):
            surest[key] = line
    yield from surest.values()


def _sureness(line: Row) -> tuple[int, bool]:
    decision = line["decision"]
    return DECISIONS.index(decision) if decision in DECISIONS else len(DECISIONS), line["how"] != DIRECT


def _of_role(database: Database, atlas: Atlas, lines: list[dict[str, Any]], text: str) -> list[dict[str, Any]]:
    """The lines of roles and permission sets of that ARN or name."""
    wanted = text.casefold()
    entering = [line for line in lines if line["access"] in ("role", "permission set")]
    found = [
        line for line in entering if wanted in _called(atlas, line) or wanted == str(line["role"] or "").casefold()
    ]
    if not found:
        if any(row["name"] for row in database.read(step("things-by-key"), text=text)):
            return []
        raise not_found(database, text, empty=not atlas.places)
    return found


def _concerns(scope: str, line: Row) -> bool:
    """Whether a line rests on a scope: one of its account, or of no account in particular; what is read of users'
    credentials concerns the lines of users."""
    _, account, *_, collector = (scope if "/" in scope else "*/*").split("/")
    if collector == _OF_USERS:
        user = Arn.maybe(line["principal"])
        return (
            user is not None
            and (user.service, user.resource_type) == ("iam", "user")
            and account in (user.account, "*")
        )
    return account in (line["account"], "*", "all") or collector in ONCE


def _called(atlas: Atlas, line: Row) -> Collection[str]:
    """What the role of a line may be called, in lower case."""
    named = {str(line["what"]).casefold(), str(line["role"] or "").rpartition("/")[2].casefold()}
    places = {str(line["account"]).casefold(), atlas.account(line["account"]).casefold()}
    return named | {f"{place}/{name}" for place in places for name in named}


def _of_owner(lines: list[dict[str, Any]], text: str) -> list[dict[str, Any]]:
    found = [line for line in lines if line["owner"].casefold() == text.casefold()]
    if not found:
        owners = ", ".join(sorted({line["owner"] for line in lines})) or "none"
        raise NotFound(f"nothing is owned by {text!r}, as far as tags tell", f"Owners there: {owners}.")
    return found


def _order(line: Row) -> tuple[str, ...]:
    rank = str(ACCESS.index(line["access"]))
    told = ("what", "principal", "how", "decision")
    return (
        str(line["account"]),
        rank,
        str(line["role"] or ""),
        *(str(line[name]) for name in told),
        *line["conditions"],
    )


def _entered(atlas: Atlas, line: Row) -> str:
    return atlas.label_of(line["role"]) if line["role"] else f"{atlas.account(line['account'])}/{line['what']}"


def _labels(atlas: Atlas, lines: list[dict[str, Any]]) -> dict[str, str]:
    """Short names of accounts, roles and principals."""
    found: dict[str, str] = {}
    for line in lines:
        for id_ in (line["account"], line["role"], line["principal"]):
            if id_ and id_ not in found:
                found[id_] = atlas.label_of(id_)
        if found.get(line["principal"]) == line["principal"] or ":identitystore:" in line["principal"]:
            found[line["principal"]] = line["name"]
    return found
