"""Answers as a caller may have them that is limited to accounts.

A row is given when it names something of these accounts, and nothing of another. It is withheld otherwise. What no
account can be told of is another's: a bucket that nobody read may be anybody's. A question that counts is not asked,
unless it declares that it counts within each account.

Whether a row was withheld, and how many were, would tell of others: who asks for keys older than so many days, again
and again, learns how old the oldest is. A question about all accounts is therefore never completely answered to such a
caller, whatever there was to withhold. One that keeps to the accounts it is asked of can be; there it is said that rows
were withheld which name something of these accounts and something else besides: that is theirs to know.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property
from typing import Any

from ...errors import AmbiguousName, MunimentError, NotFound, UsageError
from ...graph.database import Database
from ...queries.answer import Answer, Knowledge, Missing
from ...queries.knowledge import as_of
from ...queries.library import SavedQuery, question, step
from ...queries.question import Question, Slot
from ...run.answering import Given, answer
from ...schema import Arn, ScopeId
from ...settings import Settings
from ..graphql.failures import Code, failure
from .caller import Caller
from .names import ALL_ACCOUNTS, Within
from .sight import foreign, may_see

_COUNTS = re.compile(r"\b(?:(?:count|sum|avg|min|max|reduce|percentile\w*|stdev\w*)\s*\(|count\s*\{)", re.IGNORECASE)
_SIZES = re.compile(r"\bsize\s*\((?!\s*\$)", re.IGNORECASE)
"""A length of something but a parameter: of a list of things it is their number."""
_WITHIN = frozenset({"can", "status"})
"""Questions of the library that keep to the accounts of what they are asked, or tell of each account by itself."""
_ARN = re.compile(r"arn:[\w-]+:[^\s,;\"'()\[\]{}]+")
_ACCOUNT = re.compile(r"(?<!\d)\d{12}(?!\d)")
_UNIQUE_ID = re.compile(r"\bA(?:ROA|IDA|GPA|NPA|IPA|NVA|CCA)[A-Z0-9]{12,}\b")
_WORD = re.compile(r"[^\s/'\"]+")
_WORDS = frozenset({"allow", "deny", "conditional", "unknown", "complete", "partial", "denied", "failed", "", "*"})
"""Texts that say the same whoever has a thing of that name."""
_LONGEST = 2_048
"""No name and no ARN is longer."""

_BY_ID = """
UNWIND $texts AS text MATCH (n:Asset {id: text})
RETURN text AS text, n.id AS id, n.account_id AS account_id, labels(n) AS labels"""
_BY_UNIQUE_ID = """
UNWIND $texts AS text MATCH (n:Principal {unique_id: text})
RETURN text AS text, n.id AS id, n.account_id AS account_id, labels(n) AS labels"""
_BY_NAME = """
UNWIND $texts AS text MATCH (n:Asset {name: text})
RETURN DISTINCT text AS text, n.account_id AS account_id, labels(n) AS labels,
                CASE WHEN n.account_id IS NULL THEN n.id ELSE '' END AS id"""

WITHHELD = Missing("*", "you see some accounts only: rows that name anything else, if there are any, are withheld")
NOT_SEEN = Missing("*", "something that this answer rests on, and that you may not see, was not read completely")


def answer_for(
    caller: Caller, database: Database, settings: Settings, asked: str, given: Given, *, explain: bool = False
) -> Answer:
    """Answer a question as this caller may have it answered; the one door to answers for whoever is not the owner.

    FORBIDDEN for a question that tells of other accounts by its numbers. Errors say nothing of them either.
    """
    if caller.accounts is None:
        return answer(database, settings, asked, given, explain=explain)
    found = question(asked, settings.query_folders)
    _refuse_counts(found)
    hidden = Hidden(database, caller.accounts)
    try:
        hidden.refuse(found, given)
        within = Within(database, caller.accounts)
        whole = answer(within, settings, asked, given, explain=explain)
        hidden.oldest = as_of(database, found, caller.accounts)
        return hidden.clear(whole, given, within=_keeps_within(found))
    except AmbiguousName:
        raise  # its candidates were looked for among what may be seen
    except (NotFound, UsageError) as error:
        raise hidden.cleared(error, given) from None


def _refuse_counts(found: Question) -> None:
    if not isinstance(found, SavedQuery) or found.within_accounts:
        return
    if _COUNTS.search(found.cypher) or (not _keeps_within(found) and _SIZES.search(found.cypher)):
        raise failure(Code.FORBIDDEN, f"{found.id} counts over all accounts, and you may see some of them only")


def _keeps_within(found: Question) -> bool:
    """Whether a question, asked by such a caller, is about its accounts alone."""
    if isinstance(found, SavedQuery):
        return found.within_accounts or ALL_ACCOUNTS in found.cypher
    return found.id in _WITHIN


class Sight(Enum):
    """What a text says to a limited caller."""

    OWN = "own"
    """It names something of its accounts."""
    NOTHING = "nothing"
    """It names nothing, or what is AWS's own."""
    HIDDEN = "hidden"
    """It names something of another account, or of nobody knows which."""


@dataclass
class Hidden:
    """Tells what of an answer is to be withheld."""

    database: Database
    accounts: frozenset[str]
    oldest: str | None = None
    """How old what the question rests on is in these accounts; how old it is in others is not told."""

    def refuse(self, asked: Question, given: Given) -> None:
        """NotFound where a parameter says which account it is about, and that is hidden; whether it exists or not."""
        for name, text in given.items():
            if not isinstance(text, str):
                continue
            parameter = asked.parameters.get(name)
            arn = _resource(text) if parameter and parameter.slot is Slot.RESOURCE else None
            if foreign(text, self.accounts) or (arn and self._sights([arn])(arn) is Sight.HIDDEN):
                raise _nothing(text)

    def clear(self, whole: Answer, given: Given, *, within: bool) -> Answer:
        """The answer, to these words, without what is hidden; of a question that keeps ``within`` accounts, or not."""
        understood = [text for text in _texts(whole.parameters) if text not in given.values()]
        sight = self._sights([*_texts(whole.rows), *understood, *whole.explanation])
        if any(sight(text) is Sight.HIDDEN for text in understood):
            raise _nothing("; ".join(str(text) for text in given.values()))
        seen = [(row, {sight(text) for text in _texts(row)}) for row in whole.rows]
        rows = [row for row, sights in seen if Sight.OWN in sights and Sight.HIDDEN not in sights]
        withheld = not within or any({Sight.OWN, Sight.HIDDEN} <= sights for _, sights in seen)
        told = not withheld and all(sight(line) is not Sight.HIDDEN for line in whole.explanation)
        return replace(
            whole,
            rows=rows,
            knowledge=self._knowledge(whole.knowledge, withheld=withheld),
            interpretation="" if self._tells(whole.interpretation) else whole.interpretation,
            explanation=whole.explanation if told else (),
            labels={},
        )

    def cleared(self, error: MunimentError, given: Given) -> MunimentError:
        """The error without hints, which name what is like the name that was looked for; nor with what is hidden.

        What was given is the caller's own and told back.
        """
        said = error.message
        for word in sorted({word for text in _texts(given) for word in _WORD.findall(text)}, key=len, reverse=True):
            said = said.replace(word, " ")
        message = "nothing that you may see is called so" if self._tells(said) else error.message
        return type(error)(message) if type(error) in (NotFound, UsageError) else UsageError(message)

    def _knowledge(self, whole: Knowledge, *, withheld: bool) -> Knowledge:
        missing = [one for one in whole.missing if self._may_miss(one)]
        missing += [NOT_SEEN] if len(missing) < len(whole.missing) else []
        missing += [WITHHELD] if withheld else []
        return Knowledge(tuple(missing), whole.as_of and self.oldest and max(whole.as_of, self.oldest))

    def _may_miss(self, one: Missing) -> bool:
        try:
            account = ScopeId.parse(one.scope).account
        except ValueError:
            return False
        return account in self.accounts and not self._tells(one.reason)

    def _tells(self, text: str) -> bool:
        """Whether a sentence names another account, by its number or its name."""
        return foreign(text, self.accounts) or self._named(text)

    def _named(self, text: str) -> bool:
        return bool(self._others and self._others.search(text))

    @cached_property
    def _others(self) -> re.Pattern[str] | None:
        """Names of accounts that are hidden, but those that an account in sight has too."""
        places = [
            (row["id"], name) for row in self.database.read(step("accounts")) for name in (row["name"], row["alias"])
        ]
        own = {name for id_, name in places if id_ in self.accounts}
        names = {name for id_, name in places if name and id_ not in self.accounts} - own
        return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, sorted(names)))})(?![\w-])") if names else None

    def _sights(self, texts: Iterable[str]) -> Any:
        """How each of these texts is seen, and its parts."""
        every = {text for text in texts if text not in _WORDS}
        arns = {found.rstrip(".:") for text in every for found in _ARN.findall(text)}
        whole = {text for text in every if len(text) <= _LONGEST}
        ids = whole | arns | {bucket for arn in arns if (bucket := _bucket(arn))} | {_bare(one) for one in arns | whole}
        by_id = self._looked_up(_BY_ID, ids)
        by_unique_id = self._looked_up(_BY_UNIQUE_ID, {one for text in every for one in _UNIQUE_ID.findall(text)})
        by_name = self._looked_up(_BY_NAME, whole - by_id.keys())
        known: dict[str, Sight] = {}

        def sight(text: str) -> Sight:
            if text not in known:
                known[text] = Sight.NOTHING if text in _WORDS else self._of(text, by_id, by_unique_id, by_name)
            return known[text]

        return sight

    def _of(
        self,
        text: str,
        by_id: Mapping[str, Sight],
        by_unique_id: Mapping[str, Sight],
        by_name: Mapping[str, Sight],
    ) -> Sight:
        if text in by_id:
            return by_id[text]
        if by_name.get(text) is Sight.HIDDEN:
            return Sight.HIDDEN
        seen = [self._of_arn(found.rstrip(".:"), by_id) for found in _ARN.findall(text)]
        rest = _ARN.sub(" ", text)
        seen += [Sight.OWN if found in self.accounts else Sight.HIDDEN for found in _ACCOUNT.findall(rest)]
        seen += [by_unique_id.get(found, Sight.HIDDEN) for found in _UNIQUE_ID.findall(rest)]
        if Sight.HIDDEN in seen or self._named(rest):
            return Sight.HIDDEN
        return Sight.OWN if Sight.OWN in seen else Sight.NOTHING

    def _of_arn(self, text: str, by_id: Mapping[str, Sight]) -> Sight:
        for known in (text, _bare(text), _bucket(text)):
            if known and known in by_id:
                return by_id[known]
        arn = Arn.maybe(text)
        if arn is None:
            return Sight.HIDDEN
        if arn.account in self.accounts:
            return Sight.OWN
        everybodys = arn.account == "aws" or arn.account == "*" or (not arn.account and arn.resource.startswith("*"))
        return Sight.NOTHING if everybodys else Sight.HIDDEN

    def _looked_up(self, cypher: str, texts: Iterable[str]) -> dict[str, Sight]:
        """How things are seen that have these ids or names; one that may be seen counts before one that may not."""
        wanted = sorted({text for text in texts if text})
        found: dict[str, Sight] = {}
        for row in self.database.read(cypher, texts=wanted) if wanted else ():
            seen = self._of_thing(row)
            if found.get(row["text"], Sight.HIDDEN) is Sight.HIDDEN:
                found[row["text"]] = seen
        return found

    def _of_thing(self, row: Mapping[str, Any]) -> Sight:
        if not may_see(row, row["labels"], self.accounts):
            return Sight.HIDDEN
        return Sight.NOTHING if row["account_id"] is None else Sight.OWN


def _nothing(text: str) -> NotFound:
    return NotFound(f"nothing is called {text!r}")


def _bare(text: str) -> str:
    """What an id is part of: a policy of its statement, a role of its trust."""
    return text.partition("#")[0]


def _bucket(arn: str) -> str:
    """The ARN of the bucket that an ARN of S3 is of."""
    return arn.partition("/")[0] if ":s3:::" in arn else ""


def _resource(text: str) -> str | None:
    """The ARN that a resource is given by; None where it is given by name."""
    if text.startswith("s3://"):
        return f"arn:aws:s3:::{text.removeprefix('s3://')}"
    return text if text.startswith("arn:") else None


def _texts(value: Any) -> Iterator[str]:
    """All texts in a value; keys of objects where they name something."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _texts(inner)
            if _ARN.search(key) or _ACCOUNT.search(key):
                yield key
    elif isinstance(value, Sequence):
        for inner in value:
            yield from _texts(inner)
