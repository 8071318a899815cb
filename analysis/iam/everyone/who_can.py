"""``who-can``: everyone who may take an action on a resource, found in an index made once for a whole estate.

Principals with equal documents, boundary and kind share a *signature*. A question picks, by their patterns, the
statements that may take in the request; principals for whom these come to the same, in whose accounts the control
policies do too, and whom nothing that is asked tells apart, are decided once, by ``Permissions`` as any single
principal is. The index only says who is alike.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeAlias

from pyroaring import BitMap

from ..collector import at_rest
from ..conditions.context import Context
from ..estates.estate import Estate
from ..estates.knowledge import account_keys
from ..estates.permissions import Permissions
from ..evaluation.decisions import Decision, Deny
from ..evaluation.request import asked_about
from ..evaluation.resources import Resource
from ..policies.statements import Policy, Statement
from .answers import Answer, Group
from .population import Population, Trait
from .resource_side import Side
from .signatures import Signatures
from .standings import Standings
from .vocabulary import Vocabulary

REMEMBERED = 64
"""How many questions' decisions are kept for when they are asked again, of this index or one that came of it."""

Key: TypeAlias = tuple[Hashable, ...]
Words: TypeAlias = tuple[int, ...]
"""What the statements of a document that may take in a request come to."""

Made: TypeAlias = tuple[Decision, tuple[tuple[str, Statement], ...]]


@dataclass
class Work:
    """How much was done: signatures that were made, and decisions."""

    signatures: int = 0
    decisions: int = 0


@dataclass(frozen=True, slots=True)
class Own:
    """What a principal's own policies say of a request: the words of each that has any, in order; of its boundary."""

    policies: tuple[Words, ...]
    boundary: Words | None
    kind: str
    service_linked: bool
    missing: str | None

    def traits(self, vocabulary: Vocabulary) -> Iterator[Trait]:
        """What they ask about the principal."""
        for words in (*self.policies, self.boundary or ()):
            for word in words:
                yield from vocabulary.traits(word)


class Index:
    """Who is alike in an estate. Never changes: ``replace`` gives another that shares what did not change."""

    @at_rest()
    def __init__(self, estate: Estate) -> None:
        self.estate = estate
        self._partitions = {account.partition for account in estate.accounts.values()}
        self.population = Population(estate)
        self.vocabulary = Vocabulary()
        self._signatures = Signatures(estate, self.population, self.vocabulary)
        self._standings = Standings(estate, self.population, self.vocabulary)
        self._standings.sort(self.population)
        self._decided: dict[Key, dict[Key, Made]] = {}
        self._quiets: dict[Key, list[tuple[Own, BitMap]]] = {}
        self._made = Work()

    @property
    def work(self) -> Work:
        """What was done for this index and for those that it came of."""
        return replace(self._made, signatures=len(self._signatures.register.signatures))

    @at_rest()
    def replace(self, policy: Policy) -> Index:
        """The index of the estate in which the policy is this one: only signatures that contain it are made again."""
        other = object.__new__(Index)
        other.__dict__.update(self.__dict__)
        other.estate = replace(self.estate, policies={**self.estate.policies, policy.id: policy})
        other._signatures = self._signatures.replace(other.estate, policy)
        other._standings = Standings(other.estate, self.population, self.vocabulary)
        other._quiets = {}
        return other

    def about(self, resources: Mapping[str, Resource]) -> Index:
        """The same with these resources: who is alike does not depend on them."""
        other = object.__new__(Index)
        other.__dict__.update(self.__dict__)
        other.estate = replace(self.estate, resources=resources)
        other._decided = {}
        return other

    def who_can(
        self, action: str, resource: str = "*", given: Mapping[str, object] | None = None, *, hypothetical: bool = False
    ) -> Answer:
        """Everyone to whom the action on the resource is not denied; the others as of ``Permissions``."""
        asked = Permissions(self.estate, action, resource, given or {}, hypothetical)
        relevant = self._relevant(action.lower(), resource)
        pattern_of = partial(self.statements_of, relevant=relevant)
        if asked.door is not None:
            return Answer(self.population.arns, [*self._one_by_one(asked, relevant)], pattern_of)
        side = Side.of(asked)
        decided = self._remembered((action.lower(), resource, repr(sorted((given or {}).items(), key=str)), side.key))
        groups: list[Group] = []
        for key, members in self._groups(relevant, side):
            if key not in decided:
                self._made.decisions += 1
                example = members.min()
                decision = self._decide(asked, example)
                refused = isinstance(decision, Deny)
                decided[key] = decision, () if refused else tuple(self.statements_of(example, relevant))
            decision, pattern = decided[key]
            if not isinstance(decision, Deny):
                groups.append(Group(decision, members, pattern))
        return Answer(self.population.arns, groups, pattern_of)

    def _relevant(self, action: str, resource: str) -> BitMap:
        """The statements that may take in the request, of whatever partition the caller is."""
        asked = {asked_about(action, resource, partition) for partition in self._partitions}
        return BitMap.union(*(self.vocabulary.relevant(action, about) for about in asked or {resource}))

    def _one_by_one(self, asked: Permissions, relevant: BitMap) -> Iterator[Group]:
        """Everyone whom a request through an access point may not be denied: it is a request for two resources."""
        for number in range(len(self.population.arns)):
            self._made.decisions += 1
            decision = self._decide(asked, number)
            if not isinstance(decision, Deny):
                yield Group(decision, BitMap((number,)), tuple(self.statements_of(number, relevant)))

    def _groups(self, relevant: BitMap, side: Side) -> Iterator[tuple[Key, BitMap]]:
        """Those whom the request may not be denied, by all that the decision depends on."""
        standings = list(self._standings.hearing(relevant))
        apart = list(side.apart(self.population))
        for own, members in self._by_own_policies(relevant, side):
            for standing, accounts, asks in standings:
                found = members & accounts
                if not found:
                    continue
                traits = tuple(dict.fromkeys((*own.traits(self.vocabulary), *asks, *side.traits)))
                for split, piece in self._split(found, traits, apart):
                    yield (own, standing, split), piece

    def _split(self, members: BitMap, traits: tuple[Trait, ...], apart: list[BitMap]) -> Iterator[tuple[Key, BitMap]]:
        pieces: list[tuple[Key, BitMap]] = [((), members)]
        for number, those in enumerate(apart):
            if members.intersect(those):
                pieces = [
                    ((*key, (number, inside)), piece)
                    for key, all_ in pieces
                    for inside, piece in ((True, all_ & those), (False, all_ - those))
                    if piece
                ]
        for trait in traits:
            pieces = [
                ((*key, (trait, value)), piece)
                for key, all_ in pieces
                for value, piece in self.population.split(all_, trait)
            ]
        yield from pieces

    def _by_own_policies(self, relevant: BitMap, side: Side) -> Iterator[tuple[Own, BitMap]]:
        """All who may not be denied, by what their own policies and boundaries say of the request."""
        vocabulary, register = self.vocabulary, self._signatures.register
        held = register.with_document
        says: dict[int, Words] = {}
        for document in BitMap.union(BitMap(), *(vocabulary.holders[statement] for statement in relevant)):
            says[document] = tuple(vocabulary.words[s] for s in vocabulary.contents[document] if s in relevant)
        granting = {document for document, words in says.items() if any(map(vocabulary.grants, words))}
        let = BitMap.union(BitMap(), *(held[d] for d in granting if d in held)) & self._signatures.inhabited
        yield from self._heard(((number, self._signatures.members[number]) for number in let), says, says)
        heard = BitMap.union(BitMap(), *(self._signatures.members[number] for number in let))
        quiet = {document: words for document, words in says.items() if document not in granting}
        limits = {document: words for document, words in says.items() if document in register.with_boundary}
        if side.open_to_all:
            for own, members in self._quiet(quiet, limits):
                yield own, members - heard
            return
        rest = BitMap.union(self._signatures.doubtful, self._standings.unread, *side.let(self.population)) - heard
        by_signature: dict[int, list[int]] = defaultdict(list)
        for number in rest:
            by_signature[self._signatures.of_each[number]].append(number)
        yield from self._heard(((number, BitMap(some)) for number, some in by_signature.items()), quiet, limits)

    def _heard(
        self, signatures: Iterable[tuple[int, BitMap]], says: Mapping[int, Words], limits: Mapping[int, Words]
    ) -> Iterator[tuple[Own, BitMap]]:
        """The members of signatures by what their documents say, and their boundaries."""
        found: dict[tuple[Any, ...], list[BitMap]] = defaultdict(list)
        for number, members in signatures:
            signature = self._signatures.register.signatures[number]
            own = tuple([says[document] for document in signature.documents if document in says])
            limit = None if signature.boundary is None else limits.get(signature.boundary, ())
            found[own, limit, signature.kind, signature.service_linked, signature.missing].append(members)
        for key, members_of in found.items():
            yield Own(*key), BitMap.union(*members_of)

    def _quiet(self, says: Mapping[int, Words], limits: Mapping[int, Words]) -> list[tuple[Own, BitMap]]:
        """Everyone, as though policies that grant something were not there; kept, as questions of a service agree."""
        key = (tuple(says.items()), tuple(limits.items()))
        if key not in self._quiets:
            if len(self._quiets) >= REMEMBERED:
                del self._quiets[next(iter(self._quiets))]
            self._quiets[key] = list(self._heard(self._signatures.all(), says, limits))
        return self._quiets[key]

    def statements_of(self, number: int, relevant: BitMap) -> Iterator[tuple[str, Statement]]:
        """The relevant statements of a principal's own policies and boundary, each with its policy's id, in order."""
        identity = self.population.identity(number)
        if identity is None:
            return
        context = Context(account_keys(self.estate.accounts.get(identity.account)))
        for id_ in (*self.population.own(identity), identity.boundary):
            policy = self.estate.policies.get(id_ or "")
            if policy is not None:
                contents = self.vocabulary.contents[self.vocabulary.document(policy.document)]
                for content, statement in zip(contents, policy.document.statements, strict=True):
                    if content in relevant:
                        yield policy.id, statement.under(context) or statement

    def _decide(self, asked: Permissions, number: int) -> Decision:
        identity = self.population.identity(number)
        if identity is None:
            return asked.of_root(self.population.arns[number], self.population.accounts[number])
        return asked.of(identity)

    def _remembered(self, about: Key) -> dict[Key, Made]:
        if about not in self._decided and len(self._decided) >= REMEMBERED:
            del self._decided[next(iter(self._decided))]
        return self._decided.setdefault(about, {})
