"""Which accounts are "prod": by the settings file, tags, names, or the organizational unit, in this order.

Each account has one environment at most, and a reason for it that every answer repeats. ``[environments.NAME]`` in
``muniment.toml`` overrides all guessing for that environment::

    [environments.prod]
    accounts = ["111122223333"]      # ids
    units = ["Workloads/Prod", "Live*"]     # names or paths of organizational units, with * and ?
    names = ["*-prod"]               # account names or aliases, with * and ?
    tags = { environment = "prod" }  # of the account; a list for several values
    aliases = ["live"]               # further words for it in questions
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from ..errors import SettingsError
from .words import words

SYNONYMS: Mapping[str, frozenset[str]] = {
    "prod": frozenset({"prod", "production", "prd", "live"}),
    "nonprod": frozenset({"nonprod", "nonproduction", "nonprd", "nonlive"}),
    "staging": frozenset({"staging", "stage", "stg", "preprod", "preproduction", "preprd", "prelive", "uat"}),
    "dev": frozenset({"dev", "development", "develop", "devel"}),
    "test": frozenset({"test", "testing", "tst", "qa"}),
    "sandbox": frozenset({"sandbox", "sandboxes", "sbx", "sandpit", "playground"}),
}
"""Environments and what people call them. An earlier one wins where a name holds words of two."""

TAG_KEYS = frozenset(
    {"environment", "env", "stage", "tier", "envtype", "environmenttype", "environmentname", "envname", "lifecycle"}
)
"""Tags that name an environment, without case, separators and prefixes such as ``acme:``."""

NONPROD = "nonprod"
PROD = "prod"


@dataclass(frozen=True, slots=True)
class Unit:
    """An organizational unit: ``path`` is ``o-…/r-…/ou-…/``."""

    path: str
    name: str
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """An account as questions see it: what it is called and where it stands."""

    id: str
    name: str = ""
    alias: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    path: str = ""
    path_names: Sequence[str] = ()

    @property
    def label(self) -> str:
        """What to call it."""
        return self.name or self.alias or self.id


@dataclass(frozen=True, slots=True)
class Rule:
    """One ``[environments.NAME]`` of the settings file."""

    accounts: Sequence[str] = ()
    units: Sequence[str] = ()
    names: Sequence[str] = ()
    tags: Mapping[str, Sequence[str]] = field(default_factory=dict)
    aliases: Sequence[str] = ()

    def reason(self, place: Place) -> str:
        """Why the account is of this environment; empty where it is not."""
        if place.id in self.accounts:
            return "listed in muniment.toml"
        for key, values in self.tags.items():
            if place.tags.get(key) in values:
                return f"tag {key}={place.tags[key]}, by muniment.toml"
        for name in (place.name, place.alias):
            if name and any(fnmatchcase(name.casefold(), pattern.casefold()) for pattern in self.names):
                return f"name {name}, by muniment.toml"
        paths = ["/".join(place.path_names[start:end]) for start, end in _stretches(len(place.path_names))]
        for path in paths:
            if any(fnmatchcase(path.casefold(), pattern.strip("/").casefold()) for pattern in self.units):
                return f"unit {path}, by muniment.toml"
        return ""


class Environments:
    """The environment of every account, decided once."""

    def __init__(
        self, places: Iterable[Place], units: Iterable[Unit] = (), configured: Mapping[str, Any] | None = None
    ):
        self._rules = {canonical(name): rule(name, table) for name, table in (configured or {}).items()}
        self._units = sorted(units, key=lambda unit: len(unit.path), reverse=True)
        self._of = {place.id: decided for place in places if (decided := self._decide(place))}

    def of(self, account: str) -> tuple[str, str] | None:
        """The account's environment and the reason for it, where there is one."""
        return self._of.get(account)

    def named(self, word: str) -> str | None:
        """The environment that a word of a question means, if it means one."""
        word = "".join(words(word)) or word.casefold()
        for name, rule in self._rules.items():
            if word == name or word in ("".join(words(alias)) for alias in rule.aliases):
                return name
        name = canonical(word)
        return name if name in SYNONYMS else None

    def accounts(self, environment: str) -> dict[str, str]:
        """Ids of the accounts of an environment, each with the reason. ``nonprod`` is every one that is not prod."""
        return {
            account: reason
            for account, (name, reason) in self._of.items()
            if name == environment or (environment == NONPROD and NONPROD not in self._rules and name != PROD)
        }

    @property
    def known(self) -> tuple[str, ...]:
        """The environments that some account is of."""
        return tuple(sorted({name for name, _ in self._of.values()}))

    def _decide(self, place: Place) -> tuple[str, str] | None:
        for name, rule in self._rules.items():
            if reason := rule.reason(place):
                return name, reason
        guess = by_tags(place.tags) or _by_name("name", place.name) or _by_name("alias", place.alias)
        guess = guess or self._by_units(place)
        return None if guess is None or guess[0] in self._rules else guess

    def _by_units(self, place: Place) -> tuple[str, str] | None:
        for unit in self._units:
            if place.path and unit.path and place.path.startswith(unit.path):
                found = by_tags(unit.tags)
                if found:
                    return found[0], f"{found[1]} of unit {unit.name}"
        for name in reversed(place.path_names):
            if found := _by_name("unit", name):
                return found
        return None


def canonical(word: str) -> str:
    """The one name of an environment: ``production`` and ``live`` are ``prod``. Other words are themselves."""
    folded = "".join(words(word)) or word.casefold()
    return next((name for name, synonyms in SYNONYMS.items() if folded in synonyms), folded)


def environment_in(name: str) -> str | None:
    """The environment that the words of a name tell of."""
    found = words(name)
    return next((env for env, synonyms in SYNONYMS.items() if not synonyms.isdisjoint(found)), None)


def by_tags(tags: Mapping[str, str]) -> tuple[str, str] | None:
    """The environment that tags tell of, and which tag does."""
    for key, value in tags.items():
        last = key.replace("/", ":").rpartition(":")[2]
        if "".join(c for c in last.casefold() if c.isalnum()) in TAG_KEYS and (found := environment_in(str(value))):
            return found, f"tag {key}={value}"
    return None


def _by_name(what: str, name: str) -> tuple[str, str] | None:
    found = environment_in(name) if name else None
    return (found, f"{what} {name}") if found else None


def _stretches(length: int) -> list[tuple[int, int]]:
    return [(start, end) for end in range(length, 0, -1) for start in range(end)]


_KEYS = ("accounts", "units", "names", "tags", "aliases")


def rule(name: str, table: object, section: str = "environments", keys: Sequence[str] = _KEYS) -> Rule:
    """One table of a section of the settings file that says which accounts are meant; SettingsError where it cannot."""
    where = f"{section}.{name}"
    if not isinstance(table, Mapping):
        raise SettingsError(f"{where} in the settings file is not a table", f"Write [{where}].")
    unknown = set(table) - set(keys)
    if unknown:
        raise SettingsError(
            f"{where} in the settings file has unknown keys: {', '.join(sorted(unknown))}",
            f"It may have {', '.join(keys[:-1])} and {keys[-1]}.",
        )
    tags = table.get("tags", {})
    if not isinstance(tags, Mapping):
        raise SettingsError(f"{where}.tags is not a table", 'Write tags = { environment = "prod" }.')
    return Rule(
        **{key: _texts(f"{where}.{key}", table.get(key, ())) for key in ("accounts", "units", "names", "aliases")},
        tags={key: _texts(f"{where}.tags.{key}", value) for key, value in tags.items()},
    )


def _texts(where: str, value: object) -> tuple[str, ...]:
    texts = (value,) if isinstance(value, str) else tuple(value) if isinstance(value, list | tuple) else (None,)
    if not all(isinstance(text, str) for text in texts):
        raise SettingsError(f"{where} is not a text or a list of texts", "Put each in quotes.")
    return tuple(str(text) for text in texts)
