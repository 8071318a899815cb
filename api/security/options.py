"""What the settings file says of the API's safety: the table ``[api]`` and those below it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from limits import RateLimitItem, parse

from ...errors import SettingsError
from ...settings import Settings
from .permissions import Permission, Role
from .rates import COST, REQUESTS, STRANGERS

AUDIT = Path("audit") / "api.jsonl"
"""Where the audit log is, below the data folder."""
KEYS: Mapping[str, frozenset[str]] = {
    "": frozenset({"hosts", "introspection", "rates", "audit", "persisted", "oidc", "origins", "proxies", "graphiql"}),
    "rates": frozenset({"requests", "cost", "strangers"}),
    "audit": frozenset({"file", "required"}),
    "persisted": frozenset({"path", "only"}),
}
"""Keys of ``[api]`` and of the tables below it, ``[api.oidc]`` aside."""


@dataclass(frozen=True, slots=True)
class Options:
    """The table ``[api]``, as far as it is about safety."""

    hosts: tuple[str, ...]
    introspection: frozenset[Role]
    requests: RateLimitItem
    cost: RateLimitItem
    strangers: RateLimitItem
    audit: Path
    audit_required: bool
    persisted: Path | None
    persisted_only: bool
    oidc: Mapping[str, Any] | None

    @classmethod
    def of(cls, settings: Settings) -> Options:
        """Read the settings; SettingsError says what cannot be understood."""
        api = settings.table("api")
        rates, audit, persisted = (_table(api, name) for name in ("rates", "audit", "persisted"))
        for name, table in (("", api), ("rates", rates), ("audit", audit), ("persisted", persisted)):
            if unknown := table.keys() - KEYS[name]:
                where = f"[api.{name}]" if name else "[api]"
                raise SettingsError(f"{where} has no key {', '.join(sorted(unknown))}", "See docs/settings.md.")
        file = audit.get("file")
        path = persisted.get("path")
        only = bool(persisted.get("only", False))
        if only and not path:
            raise SettingsError("[api.persisted] only is set without a path", "Say where the operations are: path.")
        return cls(
            tuple(_texts(api, "hosts", ())),
            frozenset(map(_role, _texts(api, "introspection", [r for r in Role if _introspects(r)]))),
            _rate(rates, "requests", REQUESTS),
            _rate(rates, "cost", COST),
            _rate(rates, "strangers", STRANGERS),
            Path(file).expanduser() if file else settings.data_dir / AUDIT,
            bool(audit.get("required", True)),
            Path(path).expanduser() if path else None,
            only,
            _table(api, "oidc") or None,
        )


def _introspects(role: Role) -> bool:
    from .permissions import allowed

    return Permission.INTROSPECTION in allowed(role)


def _table(api: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    table = api.get(name, {})
    if not isinstance(table, Mapping):
        raise SettingsError(f"api.{name} in the settings file is not a table", f"Write it as [api.{name}].")
    return table


def _texts(table: Mapping[str, Any], name: str, usual: Any) -> list[str]:
    found = table.get(name, list(usual))
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise SettingsError(f"api.{name} in the settings file is not a list of texts")
    return found


def _role(text: str) -> Role:
    try:
        return Role(text)
    except ValueError:
        raise SettingsError(f"{text!r} is no role", f"Roles are: {', '.join(Role)}.") from None


def _rate(table: Mapping[str, Any], name: str, usual: str) -> RateLimitItem:
    try:
        return parse(str(table.get(name, usual)))
    except ValueError:
        raise SettingsError(f"api.rates.{name} is not a rate", "Write it as 600/minute or 10/second.") from None
