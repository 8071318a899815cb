"""The saved questions: one ``.cypher`` file each in ``saved/``, found automatically, refused when not valid.

``saved/`` holds questions that one query answers, ``steps/`` the queries that longer answers are put together from,
and ``questions/`` what those longer answers are asked as. A ``.cypher`` file begins with its TOML document in a block
comment, so that it is valid Cypher as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from ..errors import NotFound
from ..schema import SCHEMA
from .dialect import check
from .question import Question, read_head

_NAME = re.compile(r"[a-z0-9-]+")
HERE = files(__package__ or "")


@dataclass(frozen=True, slots=True)
class SavedQuery(Question):
    """A question that one Cypher query answers."""

    cypher: str

    @classmethod
    def parse(cls, name: str, text: str) -> SavedQuery:
        """Read a ``.cypher`` file and check its query against its declaration; ValueError says what is wrong."""
        opening, found, rest = text.partition("/*")
        head, closed, cypher = rest.partition("*/")
        if opening.strip() or not found or not closed:
            raise ValueError(f"{name}: a saved query begins with its TOML document in /* … */")
        query = cls(**read_head(name, head), cypher=cypher.strip())
        check(query.id, query.cypher, query.parameters.keys(), [column.name for column in query.columns])
        if (
            unknown := {kind for parameter in query.parameters.values() for kind in parameter.kind.split("|")}
            - SCHEMA.kinds.keys()
        ):
            raise ValueError(f"{name}: unknown kinds of parameters: {', '.join(sorted(unknown))}")
        return query


@lru_cache(maxsize=1)
def saved() -> Mapping[str, SavedQuery]:
    """All saved queries by id; ValueError where one is not valid."""
    return {name: SavedQuery.parse(name, text) for name, text in _texts(HERE / "saved", ".cypher").items()}


@lru_cache(maxsize=1)
def questions() -> Mapping[str, Question]:
    """Everything that can be asked, by id: longer answers and saved queries."""
    longer = {name: Question.parse(name, text) for name, text in _texts(HERE / "questions", ".toml").items()}
    return {**longer, **saved()}


@lru_cache(maxsize=64)
def question(name: str) -> Question:
    """One question by its id; NotFound where there is none of it."""
    if _NAME.fullmatch(name):
        if (HERE / "questions" / f"{name}.toml").is_file():
            return Question.parse(name, (HERE / "questions" / f"{name}.toml").read_text(encoding="utf-8"))
        if (HERE / "saved" / f"{name}.cypher").is_file():
            return SavedQuery.parse(name, (HERE / "saved" / f"{name}.cypher").read_text(encoding="utf-8"))
    raise NotFound(f"there is no saved question {name!r}", "`muniment queries list` shows them all.")


@lru_cache(maxsize=64)
def step(name: str) -> str:
    """The Cypher of one step of a longer answer."""
    return SavedQuery.parse(name, (HERE / "steps" / f"{name}.cypher").read_text(encoding="utf-8")).cypher


def steps() -> Mapping[str, SavedQuery]:
    """All steps by id; ValueError where one is not valid."""
    return {name: SavedQuery.parse(name, text) for name, text in _texts(HERE / "steps", ".cypher").items()}


def _texts(folder: Traversable, suffix: str) -> dict[str, str]:
    found = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(suffix))
    return {name.removesuffix(suffix): (folder / name).read_text(encoding="utf-8") for name in found}
