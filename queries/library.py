"""The saved questions: one ``.cypher`` file each in ``saved/``, found automatically, refused when not valid.

``saved/`` holds questions that one query answers, ``steps/`` the queries that longer answers are put together from,
and ``questions/`` what those longer answers are asked as. A ``.cypher`` file begins with its TOML document in a block
comment, so that it is valid Cypher as it stands. Users' own folders hold further files like those of ``saved/``: see
``own.py``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TypeAlias

from ..errors import NotFound
from .dialect import Invalid, check
from .question import Question, read_head

_NAME = re.compile(r"[a-z0-9-]+")
_UNION = re.compile(r"^\s*UNION\b", re.MULTILINE)
HERE = files(__package__ or "")

Folders: TypeAlias = Sequence[Path]
"""Folders with users' own questions, beside those of the package."""


@dataclass(frozen=True, slots=True)
class SavedQuery(Question):
    """A question that one Cypher query answers. One of a user's own has a ``file``."""

    cypher: str
    file: Path | None = None

    @property
    def joins(self) -> bool:
        """Whether it joins the rows of several queries."""
        return _UNION.search(self.cypher) is not None

    @classmethod
    def parse(cls, name: str, text: str, file: Path | None = None) -> SavedQuery:
        """Read a ``.cypher`` file and check its query against its declaration; Invalid says what is wrong."""
        called = str(file) if file else name
        opening, found, rest = text.partition("/*")
        head, closed, cypher = rest.partition("*/")
        if opening.strip() or not found or not closed:
            raise Invalid(called, 1, "a saved query begins with its TOML document in /* … */")
        above = opening.count("\n")
        fields = {**read_head(called, "\n" * above + head), "id": name}
        query = cls(**fields, cypher=cypher.strip(), file=file)
        blank = len(cypher) - len(cypher.lstrip())
        line = 1 + above + head.count("\n") + cypher[:blank].count("\n")
        returned = [column.name for column in query.columns if column.name not in query.ages]
        check(called, query.cypher, query.parameters.keys(), returned, line)
        return query


def saved(folders: Folders = ()) -> Mapping[str, SavedQuery]:
    """All saved queries by id, users' own too; Invalid where one of the package is not valid."""
    from .own import own

    return {**_packaged(), **own(tuple(folders)).queries} if folders else _packaged()


def questions(folders: Folders = ()) -> Mapping[str, Question]:
    """Everything that can be asked, by id: longer answers and saved queries."""
    return {**longer(), **saved(folders)}


@lru_cache(maxsize=1)
def longer() -> Mapping[str, Question]:
    """The questions that more than one query answers, by id."""
    return {name: Question.parse(name, text) for name, text in _texts(HERE / "questions", ".toml").items()}


def question(name: str, folders: Folders = ()) -> Question:
    """One question by its id; NotFound where there is none of it, and where a user's own file of it is not valid."""
    if folders:
        from .own import own

        found = own(tuple(folders))
        if name in found.queries:
            return found.queries[name]
        for broken in found.broken:
            if broken.id == name:
                raise NotFound(f"the question {name!r} cannot be used: {broken.problem}", "Mend its file.")
    return _question(name)


@lru_cache(maxsize=64)
def _question(name: str) -> Question:
    if exists(name):
        if (HERE / "questions" / f"{name}.toml").is_file():
            return Question.parse(name, (HERE / "questions" / f"{name}.toml").read_text(encoding="utf-8"))
        return SavedQuery.parse(name, (HERE / "saved" / f"{name}.cypher").read_text(encoding="utf-8"))
    raise NotFound(f"there is no saved question {name!r}", "`muniment queries list` shows them all.")


def exists(name: str) -> bool:
    """Whether the package has a question of that id."""
    places = (HERE / "questions" / f"{name}.toml", HERE / "saved" / f"{name}.cypher")
    return bool(_NAME.fullmatch(name)) and any(place.is_file() for place in places)


@lru_cache(maxsize=64)
def step(name: str) -> str:
    """The Cypher of one step of a longer answer."""
    return SavedQuery.parse(name, (HERE / "steps" / f"{name}.cypher").read_text(encoding="utf-8")).cypher


def steps() -> Mapping[str, SavedQuery]:
    """All steps by id; Invalid where one is not valid."""
    return {name: SavedQuery.parse(name, text) for name, text in _texts(HERE / "steps", ".cypher").items()}


@lru_cache(maxsize=1)
def _packaged() -> Mapping[str, SavedQuery]:
    return {name: SavedQuery.parse(name, text) for name, text in _texts(HERE / "saved", ".cypher").items()}


def _texts(folder: Traversable, suffix: str) -> dict[str, str]:
    found = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(suffix))
    return {name.removesuffix(suffix): (folder / name).read_text(encoding="utf-8") for name in found}
