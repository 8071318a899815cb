"""Everyone who could make a request, by number, and what tells them apart where policies ask who they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from pyroaring import BitMap

from ..conditions.conditions import Test
from ..conditions.context import Context
from ..conditions.variables import VARIABLE
from ..estates.estate import Estate, Identity
from ..estates.knowledge import ACCOUNT_KEYS, PERSONAL_KEYS, account_keys, personal_context
from ..once import once
from ..policies.statements import Statement

Trait: TypeAlias = Test | tuple[str, ...]
"""What a statement asks about its caller: a test that nothing but the caller decides, or keys that it takes over."""

MOST_SORTS = 64
"""A trait of which there are more sorts than this is looked up for each principal by itself."""


def traits_of(statement: Statement) -> tuple[Trait, ...]:
    """All that a statement asks about its caller beyond its organization."""
    found: dict[Trait, None] = {}
    for test in statement.conditions.tests:
        asked = _keys(test.values) if test.variables else ()
        own = (test.key.lower(),) if _tells_apart(test.key.lower()) else ()
        if own and not asked:
            found[test] = None
        elif own or asked:
            found[(*own, *asked)] = None
    if statement.resource_matchers is None and (asked := _keys(statement.resources or ())):
        found[asked] = None
    return tuple(found)


def _keys(texts: Iterable[str]) -> tuple[str, ...]:
    """The keys of the policy variables in the texts that may differ between callers."""
    keys = (variable[1].lower() for text in texts for variable in VARIABLE.finditer(text))
    return tuple(dict.fromkeys(key for key in keys if _tells_apart(key)))


def _tells_apart(key: str) -> bool:
    return key.startswith((*PERSONAL_KEYS, *ACCOUNT_KEYS))


@dataclass
class Sorts:
    """The principals as one trait sorts them, as far as anyone asked."""

    known: BitMap = field(default_factory=BitMap)
    by_value: dict[Hashable, BitMap] = field(default_factory=lambda: defaultdict(BitMap))
    of_each: dict[int, Hashable] = field(default_factory=dict)

    def split(self, members: BitMap) -> Iterator[tuple[Hashable, BitMap]]:
        """The members, which are all known, by sort."""
        if len(self.by_value) <= MOST_SORTS:
            pieces = ((value, found & members) for value, found in self.by_value.items())
            yield from ((value, piece) for value, piece in pieces if piece)
            return
        found: dict[Hashable, BitMap] = defaultdict(BitMap)
        for member in members:
            found[self.of_each[member]].add(member)
        yield from found.items()


class Population:
    """The users, roles and root users of an estate, in this order."""

    def __init__(self, estate: Estate) -> None:
        self.estate = estate
        self.identities: list[Identity] = [*estate.users.values(), *estate.roles.values()]
        self.arns = [*(identity.arn for identity in self.identities), *estate.root_users]
        self.accounts = [*(identity.account for identity in self.identities), *estate.root_users.values()]
        self.numbers = {arn: number for number, arn in enumerate(self.arns)}
        by_account: dict[str, list[int]] = defaultdict(list)
        for number, account in enumerate(self.accounts):
            by_account[account].append(number)
        self.of_account = {account: BitMap(numbers) for account, numbers in by_account.items()}
        self._sorts: dict[Trait, Sorts] = {}

    def identity(self, number: int) -> Identity | None:
        """The user or role; None for a root user."""
        return self.identities[number] if number < len(self.identities) else None

    @once
    def holders(self) -> dict[str, list[int]]:
        """Those to whom each policy applies: attached, by way of a group, or as boundary."""
        found: dict[str, list[int]] = defaultdict(list)
        for number, identity in enumerate(self.identities):
            for policy in dict.fromkeys((*self.own(identity), identity.boundary)):
                if policy is not None:
                    found[policy].append(number)
        return found

    def own(self, identity: Identity) -> tuple[str, ...]:
        """The ids of an identity's own policies and those of its groups."""
        if not identity.groups:
            return identity.policies
        return (*identity.policies, *(p for group in identity.groups for p in self.estate.groups.get(group, ())))

    def context(self, number: int) -> Context:
        """What is known of a caller."""
        account = self.estate.accounts.get(self.accounts[number])
        identity = self.identity(number)
        if identity is not None:
            return personal_context(identity, account)
        return Context(
            {**account_keys(account), "aws:principalarn": (self.arns[number],), "aws:principaltype": ("Account",)}
        )

    def split(self, members: BitMap, trait: Trait) -> Iterator[tuple[Hashable, BitMap]]:
        """The members by what the trait is in each."""
        sorts = self._sorts.setdefault(trait, Sorts())
        for number in members - sorts.known:
            context = self.context(number)
            value: Hashable = (
                trait.holds(context) if isinstance(trait, Test) else tuple(context.find(key) for key in trait)
            )
            sorts.by_value[value].add(number)
            sorts.of_each[number] = value
        sorts.known |= members
        return sorts.split(members)

    def named(self, texts: Iterable[str]) -> Iterator[int]:
        """Those whom any of the texts may name: by ARN, unique id, or as a session of theirs."""
        for text in texts:
            if text in self.numbers:
                yield self.numbers[text]
            if ":" not in text:  # An ARN is no unique id, and finding out whose those are takes a while at first.
                yield from self._by_unique_id.get(text, ())
            parts = text.split(":", 5)
            if len(parts) == 6 and parts[2] == "sts":
                name = parts[5].split("/")[1:2]
                yield from (n for n in self.of_account.get(parts[4], ()) if self._name(n) in name)

    def _name(self, number: int) -> str:
        return self.arns[number].rpartition("/")[2]

    @once
    def _by_unique_id(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for number, identity in enumerate(self.identities):
            if identity.unique_id:
                found[identity.unique_id].append(number)
        return found
