"""What policies are written in: every statement and document once, by number, found by the requests it may take in.

A statement is found through its patterns: literal ones in a dictionary, others by what they begin with. What is found
is never too little, and too much only where a policy variable leaves a resource open.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field, replace

from pyroaring import BitMap

from ..conditions.patterns import ARN_SEGMENTS, ESCAPED, Matcher, action_glob, arn_glob, is_literal, literal_prefix
from ..conditions.variables import has_variable
from ..policies.statements import Document, Effect, Statement
from .population import Trait, traits_of


class PatternTable:
    """Patterns with the statements that they stand in, found by a text that they match."""

    def __init__(self, matcher: Callable[[str], Matcher], segments: int = 1) -> None:
        self._matcher = matcher
        self._segments = segments
        self._literal: dict[str, BitMap] = {}
        self._beginnings: dict[str, dict[str, tuple[Matcher, BitMap]]] = {}
        self._lengths: list[int] = []

    def add(self, pattern: str, statement: int) -> None:
        """Take in a pattern; one with a policy variable may match whatever begins as it does."""
        variable = has_variable(pattern)
        plain = not any(character in pattern for character in ESCAPED.values())
        if plain and not variable and is_literal(pattern) and pattern.count(":") >= self._segments - 1:
            self._literal.setdefault(pattern, BitMap()).add(statement)
            return
        beginning = literal_prefix(pattern.partition("${")[0] if variable else pattern) if plain else ""
        found = self._beginnings.setdefault(beginning, {})
        if pattern not in found:
            found[pattern] = (_anything if variable else self._matcher(pattern)), BitMap()
            self._lengths = sorted({*self._lengths, len(beginning)})
        found[pattern][1].add(statement)

    def matching(self, text: str) -> BitMap:
        """The statements with a pattern that matches the text."""
        return BitMap.union(BitMap(), *self._matching(text))

    def _matching(self, text: str) -> Iterator[BitMap]:
        if text in self._literal:
            yield self._literal[text]
        for length in self._lengths:
            if length > len(text):
                return
            for matches, statements in self._beginnings.get(text[:length], {}).values():
                if matches(text):
                    yield statements


def _anything(_: str) -> bool:
    return True


@dataclass
class Vocabulary:
    """Numbers are given out once and never change, so that everything made of them stays valid as more is added."""

    statements: list[Statement] = field(default_factory=list)
    """Each without its number and name in its document."""
    documents: list[Document] = field(default_factory=list)
    contents: list[tuple[int, ...]] = field(default_factory=list)
    """The statements of each document, in its order."""
    holders: list[BitMap] = field(default_factory=list)
    """The documents of each statement."""
    words: list[int] = field(default_factory=list)
    """For each statement, what it says but for which requests it takes in: statements alike there have one word."""
    examples: list[Statement] = field(default_factory=list)
    """A statement of each word."""
    _numbers: dict[Statement, int] = field(default_factory=dict)
    _words: dict[Hashable, int] = field(default_factory=dict)
    _traits: dict[int, tuple[Trait, ...]] = field(default_factory=dict)
    _documents: dict[int, int] = field(default_factory=dict)
    _actions: PatternTable = field(default_factory=lambda: PatternTable(action_glob))
    _not_actions: PatternTable = field(default_factory=lambda: PatternTable(action_glob))
    _resources: PatternTable = field(default_factory=lambda: PatternTable(arn_glob, ARN_SEGMENTS))
    _not_resources: PatternTable = field(default_factory=lambda: PatternTable(arn_glob, ARN_SEGMENTS))
    _with_not_action: BitMap = field(default_factory=BitMap)
    _with_not_resource: BitMap = field(default_factory=BitMap)
    _any_action: BitMap = field(default_factory=BitMap)
    _any_resource: BitMap = field(default_factory=BitMap)

    def document(self, document: Document) -> int:
        """The number of a document."""
        number = self._documents.get(id(document))
        if number is None:
            number = self._documents[id(document)] = len(self.documents)
            self.documents.append(document)
            self.contents.append(tuple(self._statement(statement) for statement in document.statements))
            for statement in self.contents[number]:
                self.holders[statement].add(number)
        return number

    def relevant(self, action: str, resource: str) -> BitMap:
        """The statements that may take in the action, given in lower case, on the resource."""
        covered = self._resources.matching(resource) | (
            self._with_not_resource - self._not_resources.matching(resource)
        )
        return self.concerned(action) & (covered | self._any_resource)

    def concerned(self, action: str) -> BitMap:
        """The statements that concern the action, given in lower case, whatever the resource is."""
        matched = self._actions.matching(action) | (self._with_not_action - self._not_actions.matching(action))
        return matched | self._any_action

    def _statement(self, statement: Statement) -> int:
        content = replace(statement, number=0, sid="")
        number = self._numbers.get(content)
        if number is None:
            number = self._numbers[content] = len(self.statements)
            self.statements.append(content)
            self.holders.append(BitMap())
            self.words.append(self._word(content))
            self._add_actions(content, number)
            self._add_resources(content, number)
        return number

    def _word(self, statement: Statement) -> int:
        resources = statement.resources if statement.resource_matchers is None else None
        negated = resources is not None and statement.not_resources
        said = (statement.effect, statement.principal, statement.conditions, statement.flaw, resources, negated)
        if said not in self._words:
            self._words[said] = len(self.examples)
            self.examples.append(statement)
        return self._words[said]

    def _add_actions(self, statement: Statement, number: int) -> None:
        if statement.actions is None:
            self._any_action.add(number)
            return
        if statement.not_actions:
            self._with_not_action.add(number)
        table = self._not_actions if statement.not_actions else self._actions
        for pattern in statement.actions:
            table.add(pattern.lower(), number)

    def _add_resources(self, statement: Statement, number: int) -> None:
        if statement.resources is None or (statement.not_resources and statement.resource_matchers is None):
            self._any_resource.add(number)
            return
        if statement.not_resources:
            self._with_not_resource.add(number)
        table = self._not_resources if statement.not_resources else self._resources
        for pattern in statement.resources:
            table.add(pattern, number)

    def traits(self, word: int) -> tuple[Trait, ...]:
        """What statements of the word ask about their caller."""
        if word not in self._traits:
            self._traits[word] = traits_of(self.examples[word])
        return self._traits[word]

    def grants(self, word: int) -> bool:
        """Whether statements of the word may allow anything."""
        return self.examples[word].effect is not Effect.DENY
