"""What ``prod admin`` means: the roles that a few words name, each with the reason why it is one of them.

Words are taken for an environment, for administration, for an account or unit, or for part of a role's name; a word
that fits nothing is an error, never left out. Administration is meant both ways: who effectively administers an
account, and who is called an administrator; the reason says which.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..errors import AmbiguousName, MunimentError, NotFound, UsageError
from .atlas import tags
from .environments import NONPROD, SYNONYMS, by_tags, environment_in
from .library import step
from .places import spoken_words
from .slips import Slip, mended
from .things import Thing, anything, not_found, thing
from .words import ADMIN_WORDS, has_admin_word, words

if TYPE_CHECKING:
    from ..graph.database import Database
    from .atlas import Atlas


@dataclass(frozen=True, slots=True)
class Target:
    """One role that was meant, or one principal that already administers. ``holding`` is its ADMINISTERS, if any."""

    thing: Thing
    label: str
    reasons: tuple[str, ...] = ()
    holding: Mapping[str, Any] | None = None

    @property
    def is_role(self) -> bool:
        """Whether it can be assumed at all."""
        return self.thing.kind == "Role"


@dataclass(frozen=True, slots=True)
class Targets:
    """All that some words mean, and how they were understood."""

    text: str
    members: tuple[Target, ...]
    interpretation: str
    accounts: tuple[str, ...] = ()
    """Where administration is meant: the accounts that are."""

    @property
    def roles(self) -> tuple[str, ...]:
        """Ids of the roles among them."""
        return tuple(member.thing.id for member in self.members if member.is_role)


@dataclass
class _Meaning:
    """The words of a target, sorted by what each is about."""

    environment: str | None = None
    admin: bool = False
    names: list[str] = field(default_factory=list)


def resolve(database: Database, atlas: Atlas, text: str) -> Targets:
    """The roles that the words mean; the user of that name where there is no such role.

    NotFound where there are none, AmbiguousName where a bare name fits several roles, UsageError where none is named.
    """
    text = text.strip().strip("\"'`").strip()
    try:
        return _resolve(database, atlas, text)
    except (NotFound, Slip):
        user = _user(database, atlas, text)
        if user is None:
            raise
        return _targets(text, [Target(user, _label(atlas, user))])


def _user(database: Database, atlas: Atlas, text: str) -> Thing | None:
    """The user of just that name, with or without its account before it."""
    with suppress(NotFound):
        found = anything(database, atlas, text, ("User",))
        return found if found.name.casefold() == text.rpartition("/")[2].casefold() else None
    return None


def _resolve(database: Database, atlas: Atlas, text: str) -> Targets:
    found = _by_id(database, text) or _by_name(database, atlas, text)
    if found:
        return _targets(text, [Target(t, _label(atlas, t)) for t in found])
    meaning = _meaning(atlas, text)
    if not meaning.admin and not meaning.names:
        raise _no_role(text)
    members = _meant(database, atlas, text, meaning)
    qualified = meaning.admin or meaning.environment or any(atlas.mentioning(name) for name in meaning.names)
    if len(members) > 1 and not qualified:
        raise AmbiguousName(text, tuple(member.thing.id for member in members))
    return _targets(text, members, _accounts(atlas, meaning))


def _accounts(atlas: Atlas, meaning: _Meaning) -> tuple[str, ...]:
    """The accounts whose administration is meant; none where the words are about roles of some name."""
    if not meaning.admin:
        return ()
    found = set(atlas.environments.accounts(meaning.environment) if meaning.environment else atlas.known)
    for name in meaning.names:
        found &= set(atlas.called(name)) or atlas.mentioning(name)
    return tuple(sorted(found))


def _by_id(database: Database, text: str) -> list[Thing]:
    """Roles by ARN, unique id or exact name, the latter only where it is unique; roles of a permission set."""
    found = [thing(row) for row in database.read(step("things-by-key"), text=text)]
    for t in found:
        if t.kind == "PermissionSet" and (t.id == text or not any(other.kind == "Role" for other in found)):
            return [thing(row) for row in database.read(step("provisioned-roles"), id=t.id)]
    if text.startswith("arn:") and not found:
        raise not_found(database, text, kinds=_ROLES)
    exact = [t for t in found if t.id == text or t.kind == "Role"]
    if exact and not exact[0].is_a("Principal"):
        return []
    return exact if len(exact) == 1 else []


def _by_name(database: Database, atlas: Atlas, text: str) -> list[Thing]:
    """A role by ``ACCOUNT/NAME`` or by a name of one word, without regard to case."""
    account, separator, name = text.partition("/")
    within = atlas.called(account) if separator else []
    name = name if within else text
    if " " in name or not name or (not within and name.casefold() in ADMIN_WORDS):
        return []
    rows = database.read(step("roles-named-like"), fragments=[name.casefold()])
    found = [thing(row) for row in rows if _called(row["name"], name) and (not within or row["account_id"] in within)]
    if within and not found:
        raise not_found(database, text, kinds=_ROLES)
    if len(found) > 1:
        raise AmbiguousName(text, tuple(t.id for t in found))
    return found


def _called(name: str | None, text: str) -> bool:
    return (name or "").casefold() == text.casefold() or "".join(words(name or "")) == text.casefold()


def _meaning(atlas: Atlas, text: str) -> _Meaning:
    meaning = _Meaning()
    for word in spoken_words(text):
        environment = atlas.environments.named(word)
        if environment and meaning.environment is None:
            meaning.environment = environment
        elif set(words(word)) & ADMIN_WORDS and set(words(word)) <= ADMIN_WORDS | {"access", "full"}:
            meaning.admin = True
        else:
            parts = set(words(word)) if not atlas.called(word) else set()
            if parts & ADMIN_WORDS and (rest := [p for p in words(word) if p not in ADMIN_WORDS]):
                meaning.admin = True
                _add(atlas, meaning, rest)
            else:
                meaning.names.append(word)
    return meaning


def _add(atlas: Atlas, meaning: _Meaning, parts: Iterable[str]) -> None:
    for part in parts:
        environment = atlas.environments.named(part)
        if environment and meaning.environment is None:
            meaning.environment = environment
        else:
            meaning.names.append(part)


def _meant(database: Database, atlas: Atlas, text: str, meaning: _Meaning) -> list[Target]:
    in_environment = atlas.environments.accounts(meaning.environment) if meaning.environment else None
    mentioned = {name: set(atlas.called(name)) or atlas.mentioning(name) for name in meaning.names}
    holders = _holders(database, atlas, in_environment, mentioned) if meaning.admin else {}
    fragments = ["adm", "superuser"] if meaning.admin else [max(words(n), key=len) for n in meaning.names if words(n)]
    named = database.read(step("roles-named-like"), fragments=fragments) if fragments else []
    rows = {row["id"]: row for row in named} | {key: {**row, "id": key} for key, row in holders.items()}
    members = []
    for key, row in rows.items():
        reasons = _reasons(row, meaning, in_environment, mentioned, holders.get(key))
        if reasons is not None:
            t = thing(row)
            members.append(Target(t, _label(atlas, t), tuple(reasons), holders.get(key)))
    if not members:
        raise _nothing(database, atlas, text, meaning, mentioned)
    return sorted(members, key=lambda member: (not member.is_role, member.label, member.thing.id))


def _holders(
    database: Database,
    atlas: Atlas,
    in_environment: Mapping[str, str] | None,
    mentioned: Mapping[str, set[str]],
) -> dict[str, dict[str, Any]]:
    """Effective administrators by id, of the accounts in question; of all where only role names narrow it."""
    accounts = set(atlas.places if in_environment is None else in_environment)
    rows = database.read(step("administrators"), accounts=sorted(accounts | set().union(*mentioned.values(), set())))
    return {row["id"]: row for row in rows}


def _reasons(
    row: Mapping[str, Any],
    meaning: _Meaning,
    in_environment: Mapping[str, str] | None,
    mentioned: Mapping[str, set[str]],
    holding: Mapping[str, Any] | None,
) -> list[str] | None:
    """Why a candidate is meant, one reason per thing asked for; None where it is not meant."""
    name, account = row["name"] or "", (holding or row).get("account") or row["account_id"] or ""
    reasons = []
    if meaning.admin:
        if holding is None and not has_admin_word(name):
            return None
        reasons.append(_administration(name, holding))
    if in_environment is not None:
        reason = _environment(row, meaning.environment or "", account, in_environment)
        if reason is None:
            return None
        reasons.append(reason)
    for word, accounts in mentioned.items():
        if account not in accounts and not set(words(word)) <= set(words(name)):
            return None
    if not meaning.admin and not any(set(words(word)) <= set(words(name)) for word in mentioned):
        return None
    return reasons


def _administration(name: str, holding: Mapping[str, Any] | None) -> str:
    if holding is None:
        return "administrator by name only"
    how = {"allow": "", "conditional": " under conditions", "unknown": " as far as could be read"}
    named = " and is called so" if has_admin_word(name) else ""
    return f"effective administrator{how.get(holding['decision'], '')}{named}"


def _environment(
    row: Mapping[str, Any], environment: str, account: str, in_environment: Mapping[str, str]
) -> str | None:
    tagged = by_tags(tags(row.get("tags")))
    if tagged:
        same = tagged[0] == environment or (environment == NONPROD and tagged[0] != "prod")
        return f"{environment} by its {tagged[1]}" if same else None
    if account in in_environment:
        return f"{environment} by {in_environment[account]}"
    if environment_in(row["name"] or "") == environment:
        return f"{environment} by its own name"
    return None


def _targets(text: str, members: Sequence[Target], accounts: tuple[str, ...] = ()) -> Targets:
    roles = sum(member.is_role for member in members)
    others = sum(not member.is_role and member.holding is not None for member in members)
    users = len(members) - roles - others
    places = len({member.thing.account for member in members})
    parts = [_count(roles, "role")] if roles or not (others or users) else []
    parts += [_count(others, "other administrator")] if others else []
    parts += [_count(users, "principal that is no role")] if users else []
    listed = "; ".join(
        member.label + (f" ({', '.join(member.reasons)})" if member.reasons else "") for member in members[:_SHOWN]
    )
    more = f"; and {len(members) - _SHOWN} more" if len(members) > _SHOWN else ""
    where = f" in {_count(places, 'account')}" if places else ""
    return Targets(text, tuple(members), f"{text} = {' and '.join(parts)}{where}: {listed}{more}", accounts)


_SHOWN = 40
_ROLES = frozenset({"Principal"})


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _label(atlas: Atlas, t: Thing) -> str:
    return atlas.label(t.id, t.name, t.account)


def _names_of_places(atlas: Atlas) -> set[str]:
    return {name.casefold() for place in atlas.places.values() for name in (place.name, place.alias) if name}


def _no_role(text: str) -> UsageError:
    return UsageError(
        f"{text!r} names no role", 'Say which: "admin in prod", "the deploy role in payments-prod", or an ARN.'
    )


def _nothing(
    database: Database, atlas: Atlas, text: str, meaning: _Meaning, mentioned: Mapping[str, set[str]]
) -> MunimentError:
    if not atlas.places:
        return not_found(database, text, empty=True, kinds=_ROLES)
    if meaning.environment and not atlas.environments.accounts(meaning.environment):
        known = ", ".join(atlas.environments.known) or "none"
        return NotFound(
            f"no account is known to be {meaning.environment}, and no role fits {text!r}",
            f"Known: {known}. Say which accounts are, under [environments.{meaning.environment}] in muniment.toml.",
        )
    unknown = [name for name, accounts in mentioned.items() if not accounts]
    if not unknown and not meaning.admin:
        return _no_role(text)
    spoken = {*ADMIN_WORDS, *atlas.environments.known, *(word for said in SYNONYMS.values() for word in said)}
    if unknown and (meant := mended(text, unknown, spoken | _names_of_places(atlas))):
        return Slip(unknown, text, meant)
    if unknown:
        return not_found(database, " ".join(unknown), spoken=("admin", "administrator", *SYNONYMS), kinds=_ROLES)
    return NotFound(f"no role fits {text!r}", "Name a role by its ARN or as ACCOUNT/NAME.")
