"""The tables ``[[webhook]]`` of the settings file, read into webhooks."""

from __future__ import annotations

import os
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ...errors import NotFound, SettingsError
from ...settings import Settings
from .addresses import is_loopback, refused
from .events import EVENTS
from .signature import key

KEYS = ("name", "url", "events", "secret_env", "secret_file", "ca_file")
MOST_SECRETS = 2
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")


@dataclass(frozen=True, slots=True)
class Webhook:
    """One receiver. Its secrets are read when they are needed, and kept nowhere."""

    name: str
    url: str
    events: tuple[str, ...]
    secret_env: tuple[str, ...] = ()
    secret_file: tuple[str, ...] = ()
    """Names of variables, or paths of files: one, or two while the secret is being replaced."""
    ca_file: str | None = None
    """Certificates that its own must come from, instead of the system's."""

    @property
    def place(self) -> str:
        """Where it is, without the path: that is often a secret."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def address(self) -> str:
        """A hash of where it is, which can be kept."""
        return blake2b(self.url.encode(), digest_size=16).hexdigest()

    def keys(self) -> list[bytes]:
        """What its messages are signed with, each; SettingsError where one is missing, or too short."""
        texts = [*(os.environ.get(name, "") for name in self.secret_env), *map(self._read, self.secret_file)]
        return [key(text, self.name) for text in texts]

    def check(self) -> None:
        """SettingsError where what it needs besides the settings file is not there."""
        self.keys()
        if self.ca_file:
            self.trust()

    def trust(self) -> ssl.SSLContext:
        """Whose certificates are taken; SettingsError where the file of them cannot be read."""
        path = str(Path(self.ca_file).expanduser()) if self.ca_file else None
        try:
            return ssl.create_default_context(cafile=path)
        except (OSError, ssl.SSLError) as error:
            raise SettingsError(f"ca_file of webhook {self.name!r} cannot be read: {error}") from error

    def _read(self, path: str) -> str:
        try:
            return Path(path).expanduser().read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"the secret of webhook {self.name!r} cannot be read: {error}") from error


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
    ca_file = table.get("ca_file")
    if not isinstance(ca_file, str | None) or ca_file == "":
        raise SettingsError(f"ca_file of {where} is {ca_file!r}", "It is the path of a file of certificates, PEM.")
    return Webhook(
        name, _url(table.get("url"), where), tuple(dict.fromkeys(events)), **_secrets(table, where), ca_file=ca_file
    )


def _secrets(table: Mapping[str, Any], where: str) -> dict[str, tuple[str, ...]]:
    """Where the secret is, or the two of them."""
    given = {name: table[name] for name in ("secret_env", "secret_file") if name in table}
    found = {name: tuple(value) if isinstance(value, list) else (value,) for name, value in given.items()}
    if len(found) != 1 or not all(
        1 <= len(names) <= MOST_SECRETS and all(isinstance(one, str) and one for one in names)
        for names in found.values()
    ):
        raise SettingsError(
            f"{where} needs one secret, or two while it is being replaced",
            'Write secret_env = "NAME" of an environment variable, or secret_file = "PATH"; a list for two.',
        )
    return found


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
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname or "")):
        raise SettingsError(f"url of {where} is not https", "http is for this machine's own loopback addresses alone.")
    if why := refused(parts.hostname or "", parts.scheme):
        raise SettingsError(
            f"url of {where} is {why}", "Nothing is sent there: clouds answer there for the machine itself."
        )
    return given
