"""The tables ``[[webhook]]`` of the settings file, read into webhooks."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ...errors import NotFound, SettingsError
from ...settings import Settings
from .events import EVENTS
from .signature import key

KEYS = ("name", "url", "events", "secret_env", "secret_file")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")


@dataclass(frozen=True, slots=True)
class Webhook:
    """One receiver. Its secret is read when it is needed, and kept nowhere."""

    name: str
    url: str
    events: tuple[str, ...]
    secret_env: str | None = None
    secret_file: str | None = None

    @property
    def place(self) -> str:
        """Where it is, without the path: that is often a secret."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"

    def key(self) -> bytes:
        """What its messages are signed with; SettingsError where there is none, or too short a one."""
        if self.secret_file:
            try:
                text = Path(self.secret_file).expanduser().read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                raise SettingsError(f"the secret of webhook {self.name!r} cannot be read: {error}") from error
        else:
            text = os.environ.get(self.secret_env or "", "")
        return key(text, self.name)


def webhooks(settings: Settings) -> dict[str, Webhook]:
    """All webhooks of the settings file by name; SettingsError says what is wrong with one."""
    tables = settings.file.get("webhook", [])
    if not isinstance(tables, list) or not all(isinstance(table, Mapping) for table in tables):
        raise SettingsError("'webhook' in the settings file is no list of tables", "Write each as [[webhook]].")
    found: dict[str, Webhook] = {}
    for table in tables:
        one = _webhook(table)
        if one.name in found:
            raise SettingsError(f"two webhooks are called {one.name!r}")
        found[one.name] = one
    return found


def webhook(settings: Settings, name: str) -> Webhook:
    """One webhook; NotFound where the settings file has none of that name."""
    found = webhooks(settings)
    if name not in found:
        known = ", ".join(sorted(found)) or "none"
        raise NotFound(f"there is no webhook {name!r}", f"The settings file has {known}.")
    return found[name]


def _webhook(table: Mapping[str, Any]) -> Webhook:
    name = table.get("name")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise SettingsError(
            f"a [[webhook]] is called {name!r}", "Use a to z, 0 to 9, - and _ for its name; 63 at most."
        )
    where = f"[[webhook]] {name!r}"
    if unknown := table.keys() - set(KEYS):
        raise SettingsError(f"{where} has unknown keys: {', '.join(sorted(unknown))}", f"It has {', '.join(KEYS)}.")
    events = table.get("events", list(EVENTS))
    if not isinstance(events, list) or not events or any(event not in EVENTS for event in events):
        raise SettingsError(f"events of {where} are {events!r}", f"They are a list of {', '.join(EVENTS)}.")
    secrets = {name: table[name] for name in ("secret_env", "secret_file") if name in table}
    if len(secrets) != 1 or not all(isinstance(value, str) and value for value in secrets.values()):
        raise SettingsError(
            f"{where} needs one secret",
            'Write secret_env = "NAME" of an environment variable, or secret_file = "PATH".',
        )
    return Webhook(name, _url(table.get("url"), where), tuple(dict.fromkeys(events)), **secrets)


def _url(given: object, where: str) -> str:
    """An address that may be called: by TLS, or on this machine. The address itself is not repeated in errors."""
    try:
        parts = urlsplit(given) if isinstance(given, str) else None
        good = parts is not None and bool(parts.hostname) and parts.port != 0
    except ValueError:
        parts, good = None, False
    if parts is None or not good or not isinstance(given, str) or re.search(r"[\s\x00-\x1f]", given):
        raise SettingsError(f"url of {where} is no address", 'Write url = "https://HOST/PATH".')
    if parts.username is not None or parts.password is not None:
        raise SettingsError(f"url of {where} holds a user or a password", "Receivers know callers by the signature.")
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(parts.hostname or "")):
        raise SettingsError(f"url of {where} is not https", "http is for this machine's own loopback addresses alone.")
    return given


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
