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
from functools import cached_property
from typing import Any, TypeAlias

from pyroaring import BitMap

from ...schema.identifiers import Arn
from .context import Context
from .decisions import Decision, Deny
from .estate import Estate, Identity
from .knowledge import account_keys
from .permissions import Permissions
from .population import Population, Trait, traits_of
from .principals import PrincipalElement, account_of
from .profiles import organization_levels
from .statements import Document, Effect, Policy, Reason, Statement
from .vocabulary import Vocabulary

ROOT_USER = "root"
REMEMBERED = 64
"""How many questions' decisions are kept for when they are asked again, of this index or one that came of it."""

NOTHING = Document(())

Key: TypeAlias = tuple[Hashable, ...]
Words: TypeAlias = tuple[int, ...]
"""What the statements of a document that may take in a request come to."""

Made: TypeAlias = tuple[Decision, tuple[tuple[str, Statement], ...]]


@dataclass(frozen=True, slots=True)
class Signature:
    """What principals share: documents in their order, the boundary's, and what of them could not be read."""

    kind: str
    documents: tuple[int, ...] = ()
    boundary: int | None = None
    service_linked: bool = False
    missing: str | None = None


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

    def traits(self, index: Index) -> Iterator[Trait]:
        """What they ask about the principal."""
        for words in (*self.policies, self.boundary or ()):
            for word in words:
                yield from index._traits(word)


@dataclass(frozen=True, slots=True)
class Standing:
    """What is the same for principals of accounts alike: the control policies of each level, and what is not read."""

    levels: tuple[tuple[tuple[Any, ...], ...], ...]
    rest: Key
    unread: bool


@dataclass(frozen=True, slots=True)
class Side:
    """The resource's side of a request: whom its policies tell apart, and whom they may let in by themselves.

    They may let in everyone (``open_to_all``), or all of its own account (``open_to``), and those that they name;
    an account that they name leaves it to its principals' own policies, and so do they all for other accounts'.
    """

    open_to_all: bool
    open_to: str | None
    accounts: tuple[str, ...]
    names: tuple[str, ...]
    traits: tuple[Trait, ...]
    key: Key

    @classmethod
    def of(cls, asked: Permissions) -> Side:
        """From the policies that apply on the resource's side."""
        target = asked.target
        attached = (*target.resource, *(policy for _, found in target.resource_control for policy in found))
        statements = [statement for policy in attached for statement in policy.document.statements]
        entries = (entry for s in statements if s.principal for entry in s.principal.entries)
        texts = tuple(dict.fromkeys(text for _, text in entries))
        arns = (Arn.maybe(text) for text in texts)
        mentioned = (*(account_of(text) for text in texts), *(arn.account for arn in arns if arn))
        accounts = dict.fromkeys(id_ for id_ in (asked.resource_account, *mentioned) if id_)
        unread = "resource_policy" in target.unread
        admits = [s for p in target.resource for s in p.document.statements if s.effect is not Effect.DENY]
        anyone = any(s.principal is None or s.principal.negated or _admits_all(s.principal) for s in admits)
        return cls(
            anyone or (unread and asked.resource_account is None),
            asked.resource_account if unread else None,
            tuple(accounts),
            texts,
            tuple(dict.fromkeys(trait for statement in statements for trait in traits_of(statement))),
            (*((policy.id, policy.document) for policy in attached), *sorted(target.unread.items())),
        )

    def let(self, population: Population) -> Iterator[BitMap]:
        """Those whom it may let in whatever their own policies fail to allow."""
        if self.open_to is not None:
            yield population.of_account.get(self.open_to, BitMap())
        yield BitMap(population.named(self.names))

    def apart(self, population: Population) -> Iterator[BitMap]:
        """Those who are each to be decided apart from all others: accounts, and single principals."""
        for account in self.accounts:
            yield population.of_account.get(account, BitMap())
        for number in dict.fromkeys(population.named(self.names)):
            yield BitMap((number,))


def _admits_all(principal: PrincipalElement) -> bool:
    return any(text == "*" for _, text in principal.entries)


@dataclass(frozen=True, slots=True)
class Group:
    """Principals for whom one decision goes; ``pattern`` has the statements of the one for whom it was made."""

    decision: Decision
    members: BitMap
    pattern: tuple[tuple[str, Statement], ...]


@dataclass
class Answer:
    """Everyone to whom the request is not denied, in groups of one decision."""

    index: Index
    relevant: BitMap
    groups: list[Group]

    def __len__(self) -> int:
        return sum(len(group.members) for group in self.groups)

    def __iter__(self) -> Iterator[tuple[str, Decision]]:
        """Each with the decision of its group, whose reasons may name another's copies of the same policies."""
        arns = self.index.population.arns
        for group in self.groups:
            for number in group.members:
                yield arns[number], group.decision

    def explained(self) -> Iterator[tuple[str, Decision]]:
        """Each with its decision, the reasons naming its own policies."""
        arns = self.index.population.arns
        for group in self.groups:
            for number in group.members:
                own = self.index.statements_of(number, self.relevant)
                names = {(a, s.number): (b, t) for (a, s), (b, t) in zip(group.pattern, own, strict=True)}
                because = (_renamed(reason, names) for reason in group.decision.because)
                yield arns[number], replace(group.decision, because=tuple(because))


def _renamed(reason: Reason, names: Mapping[tuple[str, int], tuple[str, Statement]]) -> Reason:
    found = names.get((reason.where, reason.statement.number)) if reason.statement else None
    return Reason(*found, reason.note) if found else reason


class Index:
    """Who is alike in an estate. Never changes: ``replace`` gives another that shares what did not change."""

    def __init__(self, estate: Estate) -> None:
        self.estate = estate
        self.population = Population(estate)
        self.vocabulary = Vocabulary()
        self.work = Work()
        self._signatures: list[Signature] = []
        self._numbers: dict[Signature, int] = {}
        self._with_document: dict[int, BitMap] = defaultdict(BitMap)
        self._with_boundary = BitMap()
        self._traits_of: dict[int, tuple[Trait, ...]] = {}
        self._decided: dict[Key, dict[Key, Made]] = {}
        self._signature_of: list[int] = []
        self._members: dict[int, BitMap] = defaultdict(BitMap)
        found: dict[int, list[int]] = defaultdict(list)
        for number in range(len(self.population.arns)):
            signature = self._sign(number)
            self._signature_of.append(signature)
            found[signature].append(number)
        self._members.update((signature, BitMap(numbers)) for signature, numbers in found.items())
        self._standings = self._standing_of_accounts()
        self._sort_by_control_policies()

    def _sort_by_control_policies(self) -> None:
        """Find out now what control policies ask about everyone: most questions come by them."""
        for standing, members in self._standings.items():
            documents = (document for level in standing.levels for _, document in level)
            words = (self.vocabulary.words[s] for document in documents for s in self.vocabulary.contents[document])
            for trait in dict.fromkeys(trait for word in words for trait in self._traits(word)):
                for _ in self.population.split(members, trait):
                    pass

    def replace(self, policy: Policy) -> Index:
        """The index of the estate in which the policy is this one: only signatures that contain it are made again."""
        other = object.__new__(Index)
        other.__dict__.update(self.__dict__)
        for of_this in ("_inhabited", "_quiets", "_doubtful", "_unread"):
            other.__dict__.pop(of_this, None)
        other.estate = replace(self.estate, policies={**self.estate.policies, policy.id: policy})
        other._signature_of = list(self._signature_of)
        other._members = defaultdict(BitMap, self._members)
        moved: dict[tuple[int, int], BitMap] = defaultdict(BitMap)
        for number in self.population.holders.get(policy.id, ()):
            moved[self._signature_of[number], other._sign(number)].add(number)
        for (old, new), members in moved.items():
            other._members[old] = other._members[old] - members
            other._members[new] = other._members[new] | members
            for number in members:
                other._signature_of[number] = new
        other._standings = other._standing_of_accounts()
        return other

    def who_can(self, action: str, resource: str = "*", given: Mapping[str, object] | None = None) -> Answer:
        """Everyone to whom the action on the resource is not denied; ``given`` is what is known of the context."""
        asked = Permissions(self.estate, action, resource, given or {})
        relevant = self.vocabulary.relevant(action.lower(), resource)
        if asked.door is not None:
            return Answer(self, relevant, [*self._one_by_one(asked, relevant)])
        side = Side.of(asked)
        decided = self._remembered((action.lower(), resource, repr(sorted((given or {}).items(), key=str)), side.key))
        groups: list[Group] = []
        for key, members in self._groups(relevant, side):
            if key not in decided:
                self.work.decisions += 1
                example = members.min()
                decided[key] = self._decide(asked, example), tuple(self.statements_of(example, relevant))
            decision, pattern = decided[key]
            if not isinstance(decision, Deny):
                groups.append(Group(decision, members, pattern))
        return Answer(self, relevant, groups)

    def _one_by_one(self, asked: Permissions, relevant: BitMap) -> Iterator[Group]:
        """Everyone whom a request through an access point may not be denied: it is a request for two resources."""
        for number in range(len(self.population.arns)):
            self.work.decisions += 1
            decision = self._decide(asked, number)
            if not isinstance(decision, Deny):
                yield Group(decision, BitMap((number,)), tuple(self.statements_of(number, relevant)))

    def _groups(self, relevant: BitMap, side: Side) -> Iterator[tuple[Key, BitMap]]:
        """Those whom the request may not be denied, by all that the decision depends on."""
        standings = list(self._standings_for(relevant))
        apart = list(side.apart(self.population))
        for own, members in self._by_own_policies(relevant, side):
            for standing, accounts, asks in standings:
                found = members & accounts
                if not found:
                    continue
                traits = tuple(dict.fromkeys((*own.traits(self), *asks, *side.traits)))
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
        vocabulary = self.vocabulary
        says: dict[int, Words] = {}
        for document in BitMap.union(BitMap(), *(vocabulary.holders[statement] for statement in relevant)):
            says[document] = tuple(vocabulary.words[s] for s in vocabulary.contents[document] if s in relevant)
        granting = {document for document, words in says.items() if any(map(vocabulary.grants, words))}
        let = BitMap.union(BitMap(), *(self._with_document[d] for d in granting)) & self._inhabited
        yield from self._heard(((number, self._members[number]) for number in let), says, says)
        heard = BitMap.union(BitMap(), *(self._members[number] for number in let))
        quiet = {document: words for document, words in says.items() if document not in granting}
        limits = {document: words for document, words in says.items() if document in self._with_boundary}
        if side.open_to_all:
            for own, members in self._quiet(quiet, limits):
                yield own, members - heard
            return
        rest = BitMap.union(self._doubtful, self._unread, *side.let(self.population)) - heard
        by_signature: dict[int, list[int]] = defaultdict(list)
        for number in rest:
            by_signature[self._signature_of[number]].append(number)
        yield from self._heard(((number, BitMap(some)) for number, some in by_signature.items()), quiet, limits)

    def _heard(
        self, signatures: Iterable[tuple[int, BitMap]], says: Mapping[int, Words], limits: Mapping[int, Words]
    ) -> Iterator[tuple[Own, BitMap]]:
        """The members of signatures by what their documents say, and their boundaries."""
        found: dict[tuple[Any, ...], list[BitMap]] = defaultdict(list)
        for number, members in signatures:
            signature = self._signatures[number]
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
            everyone = ((number, self._members[number]) for number in self._inhabited)
            self._quiets[key] = list(self._heard(everyone, says, limits))
        return self._quiets[key]

    @cached_property
    def _quiets(self) -> dict[Key, list[tuple[Own, BitMap]]]:
        return {}

    @cached_property
    def _doubtful(self) -> BitMap:
        """Root users, whom nothing needs to allow, and those of whose policies one is not known."""
        signatures = ((self._signatures[number], members) for number, members in self._members.items())
        found = (members for s, members in signatures if s.kind == ROOT_USER or s.missing is not None)
        return BitMap.union(BitMap(), *found)

    @cached_property
    def _unread(self) -> BitMap:
        """Those of accounts whose IAM is not known."""
        return BitMap.union(BitMap(), *(members for s, members in self._standings.items() if s.unread))

    @cached_property
    def _inhabited(self) -> BitMap:
        return BitMap(number for number, members in self._members.items() if members)

    def _standings_for(self, relevant: BitMap) -> Iterator[tuple[Standing, BitMap, tuple[Trait, ...]]]:
        """The accounts, by what the control policies above them say of the request."""
        found: dict[Standing, list[BitMap]] = defaultdict(list)
        for standing, members in self._standings.items():
            said = tuple(
                tuple((id_, *self._said(document, relevant)) for id_, document in level) for level in standing.levels
            )
            found[replace(standing, levels=said)].append(members)
        for standing, all_ in found.items():
            statements = (s for level in standing.levels for _, *spoken in level for _, s in spoken)
            traits = dict.fromkeys(t for s in statements for t in self._traits(self.vocabulary.words[s]))
            yield standing, BitMap.union(*all_), tuple(traits)

    def _said(self, document: int, relevant: BitMap) -> Iterator[tuple[int, int]]:
        contents = self.vocabulary.contents[document]
        return ((number, content) for number, content in enumerate(contents) if content in relevant)

    def _traits(self, word: int) -> tuple[Trait, ...]:
        if word not in self._traits_of:
            self._traits_of[word] = traits_of(self.vocabulary.examples[word])
        return self._traits_of[word]

    def _sign(self, number: int) -> int:
        """The number of a principal's signature."""
        identity = self.population.identity(number)
        signature = Signature(ROOT_USER) if identity is None else self._signature(identity)
        known = self._numbers.get(signature)
        if known is None:
            self.work.signatures += 1
            known = self._numbers[signature] = len(self._signatures)
            self._signatures.append(signature)
            for document in signature.documents:
                self._with_document[document].add(known)
            if signature.boundary is not None:
                self._with_boundary.add(signature.boundary)
        return known

    def _signature(self, identity: Identity) -> Signature:
        own = self.population.own(identity)
        limits = (identity.boundary,) if identity.boundary is not None else ()
        missing = [id_ for id_ in (*own, *limits) if id_ not in self.estate.policies]
        return Signature(
            identity.kind,
            tuple(self._document(id_) for id_ in own if id_ in self.estate.policies),
            self._document(identity.boundary) if identity.boundary is not None else None,
            identity.service_linked,
            missing[0] if missing else None,
        )

    def _document(self, policy: str) -> int:
        """The number of a policy's document; of an empty one where it is not known."""
        found = self.estate.policies.get(policy)
        return self.vocabulary.document(found.document if found else NOTHING)

    def _standing_of_accounts(self) -> dict[Standing, BitMap]:
        found: dict[Standing, list[BitMap]] = defaultdict(list)
        for id_, members in self.population.of_account.items():
            account = self.estate.accounts.get(id_)
            levels, unread = organization_levels(self.estate, account, self.estate.policies.get)
            documents = tuple(tuple((p.id, self.vocabulary.document(p.document)) for p in all_) for _, all_ in levels)
            rest = id_ if account is None else replace(account, id="", path=None, levels=())
            known = account is not None and account.unread is None
            found[Standing(documents, (rest, *sorted(unread.items())), unread=not known)].append(members)
        return {standing: BitMap.union(*members) for standing, members in found.items()}

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
