"""What `muniment ingest aws` is to read: options first, then the table [aws] of the settings file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import SettingsError
from ..ingest import Entrance, Request
from ..ingest.aws.collector import Options
from ..schema.identifiers import ACCOUNT_ID

TYPES: Mapping[str, tuple[type, str]] = {
    "accounts": (list, 'a list of texts: ["111122223333"]'),
    "regions": (list, 'a list of texts: ["eu-west-1"]'),
    "collectors": (list, 'a list of texts: ["iam"]'),
    "also": (list, 'a list of texts: ["last-accessed"]'),
    "role_name": (str, "a text"),
    "external_id": (str, "a text"),
    "profile": (str, "a text"),
    "concurrency": (int, "a whole number, 1 or more"),
    "access_key_ids": (bool, "true or false"),
}
"""Names in the table [aws], each with its type."""


@dataclass(frozen=True, slots=True)
class Collection:
    """What to read, how to get in, and how much at a time."""

    request: Request
    entrance: Entrance
    asked: Mapping[str, Any]
    """What decides which scopes there are: a run may resume another that asked the same."""

    @classmethod
    def of(cls, options: Mapping[str, Any], table: Mapping[str, Any], where: str = "[aws]") -> Collection:
        """Put both together; SettingsError where one cannot be understood. An option that is None was not given.

        ``where`` names the table in errors.
        """
        _check(table, where)
        chosen = {**table, **{name: value for name, value in options.items() if value is not None}}
        for account in chosen.get("accounts", ()):
            if not ACCOUNT_ID.fullmatch(account):
                raise SettingsError(f"{account!r} is not an account", "An account is named by its twelve digits.")
        request = Request(
            accounts=tuple(chosen.get("accounts", ())),
            regions=tuple(chosen.get("regions", ())),
            collectors=tuple(chosen.get("collectors", ())),
            also=tuple(chosen.get("also", ())),
            options=Options(access_key_ids=chosen.get("access_key_ids", False)),
        )
        entry = ("profile", "role_name", "external_id", "concurrency")
        deciding = ("accounts", "regions", "collectors", "also", "profile", "access_key_ids")
        return cls(
            request,
            Entrance(**{name: chosen[name] for name in entry if name in chosen}),
            {name: chosen[name] for name in deciding if chosen.get(name)},
        )


def listed(values: Iterable[str] | None) -> list[str] | None:
    """An option that may be given several times, with several values each time, set apart by commas."""
    if values is None:
        return None
    return [part for value in values for part in (part.strip() for part in value.split(",")) if part]


def _check(table: Mapping[str, Any], where: str) -> None:
    for name, value in table.items():
        if name not in TYPES:
            raise SettingsError(f"{where} has no setting {name!r}", f"It has {', '.join(sorted(TYPES))}.")
        wanted, shape = TYPES[name]
        fits = type(value) is wanted and value not in (0, [])
        if not fits or (wanted is list and not all(isinstance(item, str) for item in value)):
            raise SettingsError(f"{name} in {where} is {value!r}", f"It is {shape}.")
