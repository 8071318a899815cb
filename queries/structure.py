"""Answers about the structure of accounts: what stands where it is not meant to, and what is mixed.

Where an account belongs is for its owners to say: in the settings file, by a tag, or by its name. Nothing is said of an
account that they say nothing of::

    [placement."Workloads/Production"]      # a unit, by its name or by its path
    environments = ["prod"]
    accounts = ["111122223333"]
    names = ["*-prod"]
    tags = { stage = "live" }
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..errors import SettingsError
from .answer import Answer, Row
from .atlas import Atlas, tags
from .environments import PROD, Place, Rule, by_tags, canonical, environment_in, rule
from .knowledge import knowledge
from .library import question, step
from .places import accounts_meant
from .words import words

if TYPE_CHECKING:
    from ..graph.database import Database

EXAMPLES = 5
UNIT_KEYS = frozenset({"ou", "unit", "orgunit", "organizationalunit"})
"""Tags that name an account's unit, without case and separators."""
WORKLOAD_KEYS = ("application", "app", "workload", "product", "project", "system")
"""Tags that name a workload, the surest first."""
_SHARED = frozenset(
    {"shared", "infrastructure", "infra", "network", "networking", "security", "audit", "logging", "log", "backup"}
)


def mixed_environments(
    database: Database, *, accounts: str = "", environments: Mapping[str, Any] | None = None
) -> Answer:
    """Accounts that hold production and something else."""
    atlas = Atlas.load(database, environments)
    meant = sorted(accounts_meant(atlas, accounts)) if accounts.strip() else []
    found: defaultdict[str, defaultdict[str, list[tuple[str, str]]]] = defaultdict(lambda: defaultdict(list))
    for row in database.read(step("tagged-things")):
        said = _environment(row)
        if said and (not meant or row["account_id"] in meant):
            found[row["account_id"]][said[0]].append((row["id"], said[1]))
    rows = [
        {
            "account": account,
            "name": atlas.account(account),
            "environment": own[0] if own else None,
            "because": own[1] if own else None,
            "other": other,
            "things": len(things),
            "examples": [id_ for id_, _ in sorted(things)[:EXAMPLES]],
            "said_by": min(things)[1],
        }
        for account, said_there in sorted(found.items())
        for own in [atlas.environments.of(account)]
        for other, things in sorted(said_there.items())
        if _mixed(own[0] if own else None, other, said_there)
    ]
    return _answer(database, atlas, "mixed-environments", rows, {"accounts": meant}, meant)


def mixed_vpcs(database: Database, *, accounts: str = "", environments: Mapping[str, Any] | None = None) -> Answer:
    """VPCs in which compute of production runs beside something else."""
    atlas = Atlas.load(database, environments)
    meant = sorted(accounts_meant(atlas, accounts)) if accounts.strip() else []
    found: defaultdict[str, defaultdict[str, list[tuple[str, str, str]]]] = defaultdict(lambda: defaultdict(list))
    for row in database.read(step("tagged-things")):
        said = _environment(row) or atlas.environments.of(row["account_id"])
        if said and row["vpc"]:
            found[row["vpc"]][said[0]].append((row["id"], said[1], row["account_id"]))
    rows = []
    for vpc, there in sorted(found.items()):
        for other, things in sorted(there.items()):
            both = [*there.get(PROD, []), *things]
            if other != PROD and there.get(PROD) and (not meant or not {one[2] for one in both}.isdisjoint(meant)):
                rows.append(
                    {
                        "vpc": vpc,
                        "accounts": sorted({account for _, _, account in both}),
                        "environment": other,
                        "things": len(things),
                        "examples": [id_ for id_, _, _ in sorted(things)[:EXAMPLES]],
                        "said_by": min(things)[1],
                        "production": [id_ for id_, _, _ in sorted(there[PROD])[:EXAMPLES]],
                    }
                )
    return _answer(database, atlas, "mixed-vpcs", rows, {"accounts": meant}, meant)


def misplaced_accounts(
    database: Database,
    *,
    environments: Mapping[str, Any] | None = None,
    placement: Mapping[str, Any] | None = None,
) -> Answer:
    """Accounts that stand in another unit than they are meant for."""
    atlas = Atlas.load(database, environments)
    rules = [Placement.parse(unit, table) for unit, table in (placement or {}).items()]
    rows = []
    for place in sorted(atlas.places.values(), key=lambda place: place.id):
        if not place.path or atlas.states.get(place.id) != "ACTIVE":
            continue
        intended = _intended(atlas, place, rules)
        if intended:
            rows.append(
                {
                    "account": place.id,
                    "name": place.label,
                    "unit": list(place.path_names),
                    "intended": intended[0],
                    "because": intended[1],
                }
            )
    return _answer(database, atlas, "misplaced-accounts", rows)


def shared_with_workloads(database: Database, *, environments: Mapping[str, Any] | None = None) -> Answer:
    """Accounts that serve the organization and run workloads beside."""
    atlas = Atlas.load(database, environments)
    delegated = {row["account"]: row["services"] for row in database.read(step("delegations"))}
    found: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for row in database.read(step("tagged-things")):
        place = atlas.places.get(row["account_id"])
        workload = _workload(tags(row["tags"])) if row["kind"] == "compute" else ""
        if place and workload and workload != _workload(place.tags) and _shared(place, delegated):
            found[place.id, workload].append(row["id"])
    rows = [
        {
            "account": account,
            "name": atlas.account(account),
            "because": _shared(atlas.places[account], delegated),
            "workload": workload,
            "things": len(things),
            "examples": sorted(things)[:EXAMPLES],
        }
        for (account, workload), things in sorted(found.items())
    ]
    return _answer(database, atlas, "shared-with-workloads", rows)


@dataclass(frozen=True, slots=True)
class Placement:
    """One ``[placement."UNIT"]`` of the settings file."""

    unit: str
    rule: Rule
    environments: Sequence[str]

    @classmethod
    def parse(cls, unit: str, table: object) -> Placement:
        """Read it; SettingsError where it cannot be understood."""
        if not isinstance(table, Mapping):
            raise SettingsError(f"placement.{unit} in the settings file is not a table", f'Write [placement."{unit}"].')
        named = table.get("environments", [])
        if not isinstance(named, list) or not all(isinstance(name, str) for name in named):
            raise SettingsError(f"placement.{unit}.environments is not a list of texts", 'Write ["prod"].')
        others = {key: value for key, value in table.items() if key != "environments"}
        return cls(unit, rule(unit, others, "placement", ("accounts", "names", "tags")), [canonical(n) for n in named])

    def reason(self, atlas: Atlas, place: Place) -> str:
        """Why the account belongs here; empty where nothing says so."""
        found = atlas.environments.of(place.id)
        if found and found[0] in self.environments and not found[1].startswith("unit "):
            return f"{found[0]} by {found[1]}, by muniment.toml"
        return self.rule.reason(place)


def _intended(atlas: Atlas, place: Place, rules: Iterable[Placement]) -> tuple[str, str] | None:
    """Where the account is meant to be and why, where it is not there; None where it is, or nothing says."""
    for one in rules:
        if reason := one.reason(atlas, place):
            return None if _within(place, one.unit) else (one.unit, reason)
    for key, value in place.tags.items():
        if _plain(key) in UNIT_KEYS and value:
            return None if _within(place, value) else (value, f"tag {key}={value}")
    own = by_tags(place.tags) or _named(place)
    there = next(((env, name) for name in reversed(place.path_names) if (env := environment_in(name))), None)
    if own and there and own[0] != there[0] and not _kin(own[0], there[0]):
        return own[0], f"{own[1]}, but unit {there[1]} is called after {there[0]}"
    return None


def _kin(environment: str, unit: str) -> bool:
    """Whether the unit's word takes in the environment: ``nonprod`` is everything but production."""
    return "nonprod" in (environment, unit) and PROD not in (environment, unit)


def _named(place: Place) -> tuple[str, str] | None:
    found = environment_in(place.name) if place.name else None
    return (found, f"name {place.name}") if found else None


def _within(place: Place, unit: str) -> bool:
    """Whether a unit of that name or path is above the account."""
    wanted = [part.casefold() for part in unit.strip("/").split("/") if part]
    names = [name.casefold() for name in place.path_names]
    return any(names[i : i + len(wanted)] == wanted for i in range(len(names) - len(wanted) + 1))


def _mixed(own: str | None, other: str, said: Iterable[str]) -> bool:
    """Whether things of that environment and those beside them are production and something else."""
    beside = {own} if own else set(said) - {other}
    return own != other and (PROD in beside or other == PROD) and bool(beside)


def _environment(row: Mapping[str, Any]) -> tuple[str, str] | None:
    """The environment of a thing, and what says so."""
    if found := by_tags(tags(row["tags"])):
        return found
    name = row["name"] or ""
    if row["kind"] == "role" or not (environment := environment_in(name)):
        return None
    return environment, f"name {name}"


def _workload(found: Mapping[str, str]) -> str:
    plain = {_plain(key): value for key, value in found.items()}
    return next((plain[key] for key in WORKLOAD_KEYS if plain.get(key)), "")


def _shared(place: Place, delegated: Mapping[str, Sequence[str]]) -> str:
    """What makes an account one that serves the whole organization; empty where nothing does."""
    if services := delegated.get(place.id):
        return f"administers {', '.join(sorted(services))} for the organization"
    for what, name in (("name", place.name), *(("unit", name) for name in reversed(place.path_names))):
        if name and not _SHARED.isdisjoint(words(name)):
            return f"{what} {name}"
    return ""


def _plain(key: str) -> str:
    last = key.replace("/", ":").rpartition(":")[2]
    return "".join(character for character in last.casefold() if character.isalnum())


def _answer(
    database: Database,
    atlas: Atlas,
    name: str,
    rows: Sequence[Row],
    parameters: Mapping[str, Any] | None = None,
    accounts: Sequence[str] = (),
) -> Answer:
    asked = question(name)
    known = knowledge(database, atlas, asked, accounts)
    labels = {
        id_: atlas.label_of(id_) for row in rows for id_ in (*row.get("examples", ()), *row.get("production", ()))
    }
    return Answer(name, parameters or {}, asked.columns, rows, known, labels=labels)
