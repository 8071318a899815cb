"""What can come next in a statement: kinds, relationships, fields, parameters, keywords; commands and their words."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from ...queries.question import Question
from ...schema import SCHEMA
from .statements import bare

_CYPHER = """
MATCH OPTIONAL WHERE RETURN WITH UNWIND UNION DISTINCT AS AND OR XOR NOT IN IS NULL CONTAINS STARTS ENDS ORDER BY ASC
DESC SKIP LIMIT CASE WHEN THEN ELSE END any( all( none( single( coalesce( collect( count( labels( nodes( relationships(
properties( size( sum( min( max( avg( type( toLower( toUpper( split( substring( length(
"""
KEYWORDS = tuple(_CYPHER.split())
FORMATS = ("table", "json", "csv", "md")

_FIELD = re.compile(r"(\w+)\.(\w*)$")
_LABEL = re.compile(r"[:|&!](\w*)$")
_NAMED = re.compile(r"[(\[]\s*(\w+)\s*:\s*(\w+)")


def candidates(
    text: str, questions: Mapping[str, Question], parameters: Collection[str], commands: Iterable[str]
) -> Iterator[tuple[str, int]]:
    """What may follow the text before the cursor: each with how many characters of the text it replaces."""
    line = text.lstrip()
    if line.startswith(":"):
        yield from _of_command(line, questions, parameters, commands)
        return
    plain = bare(text)
    if plain[-1:] != text[-1:]:
        return
    if found := _FIELD.search(plain):
        yield from _beginning(found[2], sorted(_fields(plain, found[1])))
    elif found := re.search(r"\$(\w*)$", plain):
        yield from _beginning(found[1], sorted(parameters))
    elif found := _LABEL.search(plain):
        inside = _open_bracket(plain)
        kinds = sorted(SCHEMA.public) if inside != "[" else []
        yield from _beginning(found[1], kinds + (sorted(SCHEMA.relationships) if inside != "(" else []))
    elif word := (re.search(r"\w+$", plain) or [""])[0]:
        yield from _beginning(word, KEYWORDS)


def _of_command(
    line: str, questions: Mapping[str, Question], parameters: Collection[str], commands: Iterable[str]
) -> Iterator[tuple[str, int]]:
    command, space, rest = line.partition(" ")
    if not space:
        yield from _beginning(command, sorted(commands))
        return
    words = rest.split(" ")
    last = words[-1]
    if command == ":run" and len(words) > 1 and words[0] in questions:
        given = {word.partition("=")[0] for word in words[1:-1]}
        yield from _beginning(last, [f"{name}=" for name in questions[words[0]].parameters if name not in given])
    elif len(words) == 1:
        known: Mapping[str, Callable[[], Collection[str]]] = {
            ":run": lambda: sorted(questions),
            ":queries": lambda: sorted(questions),
            ":schema": lambda: [*sorted(SCHEMA.public), *sorted(SCHEMA.relationships)],
            ":param": lambda: sorted(parameters),
            ":format": lambda: FORMATS,
        }
        yield from _beginning(last, known[command]() if command in known else ())


def _beginning(typed: str, known: Iterable[str]) -> Iterator[tuple[str, int]]:
    return ((one, len(typed)) for one in known if one.casefold().startswith(typed.casefold()))


def _open_bracket(text: str) -> str:
    """The bracket that the end of the text is inside of; empty where it is in none."""
    depth: list[str] = []
    for character in text:
        if character in "([":
            depth.append(character)
        elif character in ")]" and depth:
            depth.pop()
    return depth[-1] if depth else ""


def _fields(text: str, variable: str) -> set[str]:
    """The fields of what the variable stands for; all there are where its kind is not said."""
    said = dict(_NAMED.findall(text)).get(variable, "")
    if said in SCHEMA.kinds:
        return {"id", *(field.name for field in SCHEMA.fields(said))}
    if said in SCHEMA.relationships:
        return {field.name for field in SCHEMA.relationships[said].fields}
    kinds = (field.name for kind in SCHEMA.public.values() for field in kind.fields)
    relationships = (field.name for one in SCHEMA.relationships.values() for field in one.fields)
    return {"id", *kinds, *relationships}
