"""Users' own questions: folders of ``.cypher`` files beside those of the package, found and checked in the same way.

A file that is not valid breaks no other: it is listed as broken, with its name and line, and asking it is an error that
says so. An id that the package has already is refused, unless the file says that it means to take its place::

    overrides = true
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ..errors import SettingsError
from .dialect import Invalid
from .library import SavedQuery, exists, longer, questions
from .patterns import Pattern, as_pattern

SUFFIX = ".cypher"
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_OVERRIDES = re.compile(r"^overrides[ \t]*=[ \t]*true[ \t]*(#.*)?$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Broken:
    """A file that cannot be used. ``problem`` is ``FILE:LINE: what is wrong``."""

    id: str
    file: Path
    problem: str


@dataclass(frozen=True, slots=True)
class Own:
    """What some folders hold."""

    queries: Mapping[str, SavedQuery]
    broken: tuple[Broken, ...]


@lru_cache(maxsize=16)
def own(folders: tuple[Path, ...]) -> Own:
    """The questions in some folders, read once; SettingsError for a folder that is not there."""
    queries: dict[str, SavedQuery] = {}
    broken = []
    for file in _files(folders):
        try:
            queries[file.stem] = _read(file, queries)
        except ValueError as error:
            broken.append(Broken(file.stem, file, str(error)))
    return Own(queries, tuple(broken))


def alike(found: Own) -> Iterator[str]:
    """Which questions are asked in the same words as another, so that a sentence would ask both."""
    asked = {as_pattern(other.question): name for name, other in questions().items() if name not in found.queries}
    for name, query in found.queries.items():
        said = as_pattern(query.question)
        if said in asked:
            yield f"{query.file}:1: {asked[said]} asks the same: {query.question}"
        asked.setdefault(said, name)


def _files(folders: tuple[Path, ...]) -> Iterator[Path]:
    for folder in folders:
        if not folder.is_dir():
            raise SettingsError(
                f"there is no folder of questions at {folder}", "Mend MUNIMENT_QUERIES, --queries or [queries] folders."
            )
        yield from sorted(file for file in folder.iterdir() if file.suffix == SUFFIX)


def _read(file: Path, taken: Mapping[str, SavedQuery]) -> SavedQuery:
    """One file; Invalid says what is wrong with it."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(str(file), 1, f"it cannot be read: {error}") from None
    if not _ID.fullmatch(file.stem):
        raise Invalid(str(file), 1, "its name is no id: small letters, digits and single hyphens only")
    overrides = bool(_OVERRIDES.search(text.partition("*/")[0]))
    if file.stem in taken:
        raise Invalid(str(file), 1, f"the id {file.stem} is taken by {taken[file.stem].file}")
    if file.stem in longer():
        raise Invalid(str(file), 1, f"the id {file.stem} is Muniment's own, and more than one query answers it")
    if exists(file.stem) and not overrides:
        raise Invalid(
            str(file), 1, f"the id {file.stem} is Muniment's own; `overrides = true` in the file takes its place"
        )
    query = SavedQuery.parse(file.stem, _OVERRIDES.sub("", text, count=1) if overrides else text, file)
    _compile(file, text, query, as_pattern(query.question), query.question, "question")
    for number, variation in enumerate(query.variations, 1):
        _compile(file, text, query, variation, variation, f"variation {number}")
    return query


def _compile(file: Path, text: str, query: SavedQuery, pattern: str, written: str, called: str) -> None:
    try:
        _ = Pattern(pattern, {name: parameter.slot for name, parameter in query.parameters.items()}).expression
    except (ValueError, IndexError) as error:
        at = text.find(written)
        line = text.count("\n", 0, at) + 1 if at >= 0 else 1
        raise Invalid(str(file), line, f"{called}: {error or 'it is empty'}") from None
