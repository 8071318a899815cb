"""What the shell does with one statement or command: asks, prints, and says how that ended."""

from __future__ import annotations

import json
import shlex
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field
from typing import Any

import orjson
import typer

from ...errors import MunimentError, NotFound, UsageError
from ...graph.database import Database
from ...graph.deadline import DEADLINE, Deadline
from ...queries.answer import Answer, Column, Knowledge
from ...queries.csv_text import as_csv
from ...queries.library import question, questions
from ...queries.question import Question
from ...queries.refusals import shown
from ...run.answering import answer
from ...schema import SCHEMA
from ...settings import Settings
from ..rendering import formats, table
from ..rendering.output import Format, write
from ..rendering.text import printable
from .statements import split, writing

HELP = """\
Cypher that reads, over as many lines as it takes, ends with ;

  :run ID NAME=VALUE …     ask a saved question
  :queries [WORD]          the questions that there are
  :schema [KIND]           kinds of node and relationship, or the fields of one
  :param NAME = VALUE      a parameter for $NAME, as JSON or text; without a value, forget it
  :format table            how to print: table, json, csv or md
  :help                    this
  :quit                    leave, as Ctrl-D does

Tab completes kinds, relationships, fields, keywords and questions. Ctrl-C ends a query that runs.
What a query of your own rests on is not looked at: `:run status` says what was read.\
"""
INTERRUPTED = 130
_AT_MOST = 86_400.0
"""Seconds after which a query at the prompt has been forgotten; its own limit is the settings'."""


class Quit(Exception):
    """Leave the shell."""


@dataclass
class Session:
    """One sitting. ``connect`` opens the graph, again after a query was ended."""

    settings: Settings
    connect: Callable[[], Database]
    format: Format = Format.TABLE
    parameters: dict[str, Any] = field(default_factory=dict)
    code: int = 0
    """The exit code of the first thing that went wrong."""
    _database: Database | None = None

    @property
    def database(self) -> Database:
        """The open graph."""
        if self._database is None:
            self._database = self.connect()
        return self._database

    @property
    def questions(self) -> Mapping[str, Question]:
        """The questions that can be asked."""
        return questions(self.settings.query_folders)

    def close(self) -> None:
        """Close the graph, which also ends what runs in it."""
        if self._database is not None:
            self._database.close()
            self._database = None

    def do(self, entry: str) -> None:
        """Do one entry and print what comes of it, errors on standard error; Quit for ``:quit``."""
        try:
            for one in [entry] if entry.startswith(":") else split(entry):
                self._one(one)
        except MunimentError as error:
            typer.echo(f"error: {printable(error.message, keep=KEPT)}", err=True)
            if error.hint:
                typer.echo(f"hint: {printable(error.hint, keep=KEPT)}", err=True)
            self.code = self.code or error.exit_code
        except KeyboardInterrupt:
            self.close()
            typer.echo("Ended.", err=True)
            self.code = self.code or INTERRUPTED

    def _one(self, entry: str) -> None:
        if not entry.startswith(":"):
            self._query(entry)
            return
        name, _, rest = entry.partition(" ")
        if name not in COMMANDS:
            raise UsageError(f"there is no command {name}", f"There are {', '.join(COMMANDS)}.")
        COMMANDS[name](self, rest.strip().removesuffix(";").strip())

    def _query(self, statement: str) -> None:
        if word := writing(statement):
            raise UsageError(f"{word} is not for the shell: it only reads", "`muniment ingest` is what writes.")
        started = time.monotonic()
        rows = self._patiently(lambda: self.database.read(statement, **self.parameters))
        seconds = time.monotonic() - started
        columns = [Column(name, "") for name in (rows[0] if rows else ())]
        found = Answer("shell", {}, columns, [_readable(row) for row in rows], Knowledge())
        if self.format is Format.JSON:
            write(orjson.dumps(list(found.rows), option=orjson.OPT_INDENT_2).decode())
        elif self.format is Format.TABLE:
            table.show_rows(found, f"{len(rows):,} row{'' if len(rows) == 1 else 's'} in {seconds:.2f} s.")
        else:
            write(as_csv(found) if self.format is Format.CSV else formats.as_markdown(found))

    def _patiently(self, work: Callable[[], Any]) -> Any:
        """Do the work in a thread, so that Ctrl-C can end it, in the embedded engine too, which ends it when told.

        The connection is then closed, by which Neo4j ends what runs, and opened anew.
        """
        deadline = Deadline(_AT_MOST)
        DEADLINE.set(deadline)
        executor = ThreadPoolExecutor(1, "query")
        try:
            return executor.submit(copy_context().run, work).result()
        except KeyboardInterrupt:
            deadline.end()
            raise
        finally:
            DEADLINE.set(None)
            executor.shutdown(wait=False, cancel_futures=True)

    def run(self, rest: str) -> None:
        """``:run ID NAME=VALUE …``"""
        words = _words(rest)
        if not words:
            raise UsageError("no question is named", "Write :run ID NAME=VALUE …; `:queries` shows them.")
        given = {}
        for word in words[1:]:
            name, equals, value = word.partition("=")
            if not equals:
                raise UsageError(f"{word!r} is not NAME=VALUE", "Write days=90, with quotes around several words.")
            given[name] = value
        asked = question(words[0], self.settings.query_folders)
        if missing := [p.name for p in asked.parameters.values() if p.default is None and p.name not in given]:
            raise UsageError(f"{asked.id} needs {', '.join(missing)}", f"Write :run {asked.id} {missing[0]}=….")
        if unknown := given.keys() - asked.parameters.keys():
            raise UsageError(f"{asked.id} has no parameter {', '.join(sorted(unknown))}", "Tab shows those it has.")
        found = self._patiently(lambda: answer(self.database, self.settings, asked.id, given))
        self._print(found)
        self.code = self.code or found.exit_code

    def list_questions(self, word: str) -> None:
        """``:queries [WORD]``"""
        rows = [
            {"id": one.id, "severity": str(one.severity or ""), "question": shown(one)}
            for _, one in sorted(self.questions.items())
            if word.casefold() in f"{one.id} {one.question}".casefold()
        ]
        self._print_rows(("id", "severity", "question"), rows)

    def schema(self, name: str) -> None:
        """``:schema [KIND]``"""
        name = name.lstrip(":")
        if not name:
            kinds = [{"name": one.name, "what": one.description} for one in SCHEMA.public.values()]
            kinds += [{"name": one.name, "what": one.description} for one in SCHEMA.relationships.values()]
            self._print_rows(("name", "what"), kinds)
            return
        declared: Mapping[str, Any] = {**SCHEMA.public, **SCHEMA.relationships}
        found = {one.casefold(): one for one in declared}.get(name.casefold())
        if found is None:
            raise NotFound(f"there is no kind or relationship {name}", "`:schema` shows them.")
        typer.echo(declared[found].description)
        fields = SCHEMA.fields(found) if found in SCHEMA.kinds else SCHEMA.relationships[found].fields
        rows = [{"field": one.name, "type": str(one.type), "meaning": one.description} for one in fields]
        self._print_rows(("field", "type", "meaning"), rows)

    def param(self, rest: str) -> None:
        """``:param NAME = VALUE``"""
        if not rest:
            rows = [{"name": name, "value": value} for name, value in sorted(self.parameters.items())]
            self._print_rows(("name", "value"), rows)
            return
        name, equals, text = (part.strip() for part in rest.partition("="))
        if not name.isidentifier():
            raise UsageError(f"{name!r} is no name of a parameter", "Write :param account = 111122223333.")
        if not equals:
            self.parameters.pop(name, None)
            return
        self.parameters[name] = _value(text)

    def choose(self, rest: str) -> None:
        """``:format FORMAT``"""
        if rest not in list(Format):
            raise UsageError(f"{rest!r} is no format", f"There are {', '.join(Format)}.")
        self.format = Format(rest)

    def _print(self, found: Answer) -> None:
        if self.format is Format.TABLE:
            table.show(found)
        else:
            as_text = {Format.JSON: formats.as_json, Format.CSV: as_csv, Format.MD: formats.as_markdown}
            write(as_text[self.format](found))

    def _print_rows(self, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
        found = Answer("shell", {}, [Column(name, "") for name in columns], rows, Knowledge())
        if self.format is Format.TABLE:
            table.show_rows(found, "")
        else:
            self._print(found)


def _help(_session: Session, _rest: str) -> None:
    typer.echo(HELP)


def _quit(_session: Session, _rest: str) -> None:
    raise Quit


COMMANDS: Mapping[str, Callable[[Session, str], None]] = {
    ":help": _help,
    ":queries": Session.list_questions,
    ":run": Session.run,
    ":schema": Session.schema,
    ":param": Session.param,
    ":format": Session.choose,
    ":quit": _quit,
}
KEPT = "\n\t"


def _words(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError as error:
        raise UsageError(f"{text!r} cannot be taken apart: {error}", "Close the quotes.") from None


def _value(text: str) -> Any:
    """JSON, or the text as it is: account ids are texts, however they look."""
    if text.isdigit() and len(text) == 12:
        return text
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text


def _readable(row: Mapping[str, Any]) -> dict[str, Any]:
    return dict(_cells(row))


def _cells(row: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The row with times and the like as texts."""
    for name, value in row.items():
        try:
            orjson.dumps(value)
        except TypeError:
            yield name, orjson.loads(json.dumps(value, default=str))
        else:
            yield name, value
