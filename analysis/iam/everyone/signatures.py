"""Principals by signature: those with equal documents, boundary and kind are one to every question."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pyroaring import BitMap

from ..estates.estate import Estate, Identity
from ..once import once
from ..policies.statements import Document, Policy
from .population import Population
from .vocabulary import Vocabulary

ROOT_USER = "root"
NOTHING = Document(())


@dataclass(frozen=True, slots=True)
class Signature:
    """What principals share: documents in their order, the boundary's, and what of them could not be read."""

    kind: str
    documents: tuple[int, ...] = ()
    boundary: int | None = None
    service_linked: bool = False
    missing: str | None = None


@dataclass
class Register:
    """Every signature that was ever met, by number; it only grows, and so serves one estate after another."""

    signatures: list[Signature] = field(default_factory=list)
    with_document: dict[int, BitMap] = field(default_factory=lambda: defaultdict(BitMap))
    """The signatures with each document, as boundary or else."""
    with_boundary: BitMap = field(default_factory=BitMap)
    """The documents that are the boundary of any."""
    _numbers: dict[Signature, int] = field(default_factory=dict)

    def number(self, signature: Signature) -> int:
        """The number of a signature, which is in the register from now on."""
        known = self._numbers.get(signature)
        if known is None:
            known = self._numbers[signature] = len(self.signatures)
            self.signatures.append(signature)
            for document in signature.documents:
                self.with_document[document].add(known)
            if signature.boundary is not None:
                self.with_boundary.add(signature.boundary)
        return known


class Signatures:
    """Who has which signature in an estate. Never changes: ``replace`` gives another that shares the register."""

    def __init__(self, estate: Estate, population: Population, vocabulary: Vocabulary) -> None:
        self.register = Register()
        self._population = population
        self._vocabulary = vocabulary
        self.of_each = [self._sign(estate, number) for number in range(len(population.arns))]
        found: dict[int, list[int]] = defaultdict(list)
        for number, signature in enumerate(self.of_each):
            found[signature].append(number)
        self.members: Mapping[int, BitMap] = {signature: BitMap(numbers) for signature, numbers in found.items()}

    def replace(self, estate: Estate, policy: Policy) -> Signatures:
        """Those of an estate in which the policy is this one: only its holders are signed again."""
        other = object.__new__(Signatures)
        other.register, other._population, other._vocabulary = self.register, self._population, self._vocabulary
        moved: dict[tuple[int, int], BitMap] = defaultdict(BitMap)
        for number in self._population.holders.get(policy.id, ()):
            moved[self.of_each[number], self._sign(estate, number)].add(number)
        other.of_each = list(self.of_each)
        members = dict(self.members)
        for (old, new), those in moved.items():
            members[old] = members[old] - those
            members[new] = members.get(new, BitMap()) | those
            for number in those:
                other.of_each[number] = new
        other.members = members
        return other

    def all(self) -> Iterator[tuple[int, BitMap]]:
        """Every signature that anyone has, with those who have it."""
        return ((number, members) for number, members in self.members.items() if members)

    @once
    def inhabited(self) -> BitMap:
        """The signatures that anyone has."""
        return BitMap(number for number, _ in self.all())

    @once
    def doubtful(self) -> BitMap:
        """Root users, whom nothing needs to allow, and those of whose policies one is not known."""
        signatures = ((self.register.signatures[number], members) for number, members in self.all())
        found = (members for s, members in signatures if s.kind == ROOT_USER or s.missing is not None)
        return BitMap.union(BitMap(), *found)

    def _sign(self, estate: Estate, number: int) -> int:
        identity = self._population.identity(number)
        signature = Signature(ROOT_USER) if identity is None else self._signature(estate, identity)
        return self.register.number(signature)

    def _signature(self, estate: Estate, identity: Identity) -> Signature:
        own = self._population.own(identity)
        limits = (identity.boundary,) if identity.boundary is not None else ()
        missing = [id_ for id_ in (*own, *limits) if id_ not in estate.policies]
        return Signature(
            identity.kind,
            tuple(self._document(estate, id_) for id_ in own if id_ in estate.policies),
            self._document(estate, identity.boundary) if identity.boundary is not None else None,
            identity.service_linked,
            missing[0] if missing else None,
        )

    def _document(self, estate: Estate, policy: str) -> int:
        """The number of a policy's document; of an empty one where it is not known."""
        found = estate.policies.get(policy)
        return self._vocabulary.document(found.document if found else NOTHING)
