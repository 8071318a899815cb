"""Accounts by what stands above them: those under the same control policies are alike to every question."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from pyroaring import BitMap

from ..estates.estate import Estate
from ..estates.profiles import organization_levels
from ..once import once
from .population import Population, Trait
from .vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Standing:
    """What is the same for principals of accounts alike: the control policies of each level, and what is not read."""

    levels: tuple[tuple[tuple[Any, ...], ...], ...]
    rest: tuple[Hashable, ...]
    unread: bool


class Standings:
    """Whose principals stand under which control policies in an estate."""

    def __init__(self, estate: Estate, population: Population, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        found: dict[Standing, list[BitMap]] = defaultdict(list)
        for id_, members in population.of_account.items():
            account = estate.accounts.get(id_)
            levels, unread = organization_levels(estate, account, estate.policies.get)
            documents = tuple(tuple((p.id, vocabulary.document(p.document)) for p in all_) for _, all_ in levels)
            rest = id_ if account is None else replace(account, id="", path=None, levels=())
            known = account is not None and account.unread is None
            found[Standing(documents, (rest, *sorted(unread.items())), unread=not known)].append(members)
        self.members = {standing: BitMap.union(*members) for standing, members in found.items()}

    def sort(self, population: Population) -> None:
        """Find out now what control policies ask about everyone: most questions come by them."""
        contents, words = self._vocabulary.contents, self._vocabulary.words
        for standing, members in self.members.items():
            documents = (document for level in standing.levels for _, document in level)
            said = dict.fromkeys(words[statement] for document in documents for statement in contents[document])
            for trait in dict.fromkeys(trait for word in said for trait in self._vocabulary.traits(word)):
                for _ in population.split(members, trait):
                    pass

    @once
    def unread(self) -> BitMap:
        """Those of accounts whose IAM is not known."""
        return BitMap.union(BitMap(), *(members for standing, members in self.members.items() if standing.unread))

    def hearing(self, relevant: BitMap) -> Iterator[tuple[Standing, BitMap, tuple[Trait, ...]]]:
        """The accounts' principals by what the control policies above them say of a request, and ask about them.

        ``relevant`` are the statements that may take in the request.
        """
        found: dict[Standing, list[BitMap]] = defaultdict(list)
        for standing, members in self.members.items():
            said = tuple(
                tuple((id_, *self._said(document, relevant)) for id_, document in level) for level in standing.levels
            )
            found[replace(standing, levels=said)].append(members)
        for standing, all_ in found.items():
            statements = (s for level in standing.levels for _, *spoken in level for _, s in spoken)
            words = dict.fromkeys(self._vocabulary.words[s] for s in statements)
            traits = dict.fromkeys(trait for word in words for trait in self._vocabulary.traits(word))
            yield standing, BitMap.union(*all_), tuple(traits)

    def _said(self, document: int, relevant: BitMap) -> Iterator[tuple[int, int]]:
        contents = self._vocabulary.contents[document]
        return ((number, content) for number, content in enumerate(contents) if content in relevant)
