"""One open connection to the graph, whichever engine keeps it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from time import monotonic
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import urlsplit

import neo4j
from neo4j.exceptions import ConfigurationError, ConstraintError, DriverError, Neo4jError

from ..errors import DatabaseUnavailable, QueryTimeout, SettingsError
from ..settings import Settings
from . import embedded, launch, messages, migration
from .deadline import DEADLINE, terminate
from .entities import told
from .failures import translated
from .interruption import untorn
from .memory import Memory

T = TypeVar("T")

_SCHEMES = {"bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc"}
_COMMIT_FAILED = "Neo.ClientError.Transaction.TransactionNotFound"
"""What the embedded engine calls it; a conflict or a broken constraint has a code of its own."""

_POOL_SIZE = 20
_CONNECT_SECONDS = 10.0


class Engine(StrEnum):
    """Where the graph is kept."""

    EMBEDDED = "embedded"
    NEO4J = "neo4j"


_RETRY_SECONDS = {Engine.EMBEDDED: (0.05, 1.0), Engine.NEO4J: (0.5, 30.0)}
"""The first pause, and how long in all: a cluster may be electing a leader, the embedded engine has none to elect."""


class Database:
    """An open connection. Close it, or use it as a context manager.

    Reads cannot write: on the embedded engine they come as a user who may not, on Neo4j in sessions that may not.
    A read sees all writes made before through the same object, on a cluster too (bookmarks).
    Every method raises the errors of ``errors.py`` only, and what ``work`` itself raises.
    """

    memory: Memory[Any] | None = None
    """Where something made of the whole graph is kept between questions, by who is asked many."""

    def __init__(
        self,
        engine: Engine,
        url: str,
        writer: tuple[str, str],
        reader: tuple[str, str] | None = None,
        *,
        name: str | None = None,
        state: embedded.State | None = None,
        read_seconds: float | None = None,
    ) -> None:
        self.engine = engine
        self.url = url
        self.state = state
        self._name = name
        self._read_seconds = read_seconds
        self._patience = _RETRY_SECONDS[engine][1]
        self._users = {neo4j.WRITE_ACCESS: writer[0], neo4j.READ_ACCESS: (reader or writer)[0]}
        self._bookmarks = neo4j.GraphDatabase.bookmark_manager()
        self._writer = self._driver(writer)
        self._reader = self._driver(reader) if reader else self._writer

    def read(self, cypher: str, /, timeout: float | None = None, **parameters: Any) -> list[dict[str, Any]]:
        """The rows of a query, each by column. ``timeout``, in seconds, is Neo4j's; the embedded engine has one.

        Return named fields or ``properties(r)`` rather than whole entities: a whole relationship loses its properties.
        It is sent by itself, which takes one message less than a transaction; only what fails and may pass is tried
        again in one. QueryTimeout where the deadline of what it is read for is over.
        """
        seconds = timeout or self._read_seconds
        if self.state is not None:
            messages.check(parameters)
        with self._within(cypher) as left, self._session(self._reader, neo4j.READ_ACCESS) as session:
            seconds = seconds if left is None else min(left, seconds or left)
            try:
                return _rows(session.run(neo4j.Query(cypher, timeout=seconds), parameters))
            except (Neo4jError, DriverError) as error:
                if not error.is_retryable():
                    raise
            again = neo4j.unit_of_work(timeout=seconds)(lambda tx: _rows(tx.run(cypher, parameters)))
            return session.execute_read(again)

    @contextmanager
    def _within(self, cypher: str) -> Iterator[float | None]:
        """The seconds that the deadline in force leaves; while inside, the query can be ended."""
        deadline = DEADLINE.get()
        if deadline is None:
            yield None
            return
        left, began, state = deadline.left, monotonic(), self.state
        if left <= 0:
            raise QueryTimeout("there was no time left to ask the database", "Ask for less at a time.")
        with deadline.reading((lambda: terminate(state, cypher, began)) if state else _nothing):
            yield left

    def write(self, work: Callable[[neo4j.ManagedTransaction], T]) -> T:
        """Do ``work`` in one explicit transaction, all of it or nothing.

        It is done again after an error that may pass (a conflict, a lost leader), so it must not keep count outside.
        """
        with self._session(self._writer, neo4j.WRITE_ACCESS) as session:
            try:
                return session.execute_write(work)
            except ConstraintError:
                # Of two that merge the same at once, the embedded engine refuses the second, which had not seen the
                # first; it does now. What is not merged but made is refused again.
                return session.execute_write(work)

    @property
    def is_down(self) -> bool:
        """Whether it is known that nothing answers, so that asking would be in vain; False where nobody keeps watch."""
        return False

    def verify(self) -> None:
        """Ask the server once whether it is there and lets us in; a transaction would keep trying for a while."""
        try:
            with translated(self.url, user=self._users[neo4j.WRITE_ACCESS]):
                self._writer.verify_connectivity()
        except (ConfigurationError, ValueError) as error:
            raise _unusable(self.url, error) from error

    def close(self) -> None:
        """Close all connections."""
        self._reader.close()
        self._writer.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @contextmanager
    def _session(self, driver: neo4j.Driver, mode: str) -> Iterator[neo4j.Session]:
        data_dir = self.state.data_dir if self.state else None
        with (
            untorn(),
            translated(self.url, user=self._users[mode], data_dir=data_dir),
            self._ended_if_broken(),
            driver.session(
                database=self._name,
                default_access_mode=mode,
                bookmark_manager=self._bookmarks,
                max_transaction_retry_time=self._patience,
            ) as session,
        ):
            yield session

    @contextmanager
    def _ended_if_broken(self) -> Iterator[None]:
        """Kill the embedded engine when it fails to commit, on a full disk: the next connection starts it again.

        It would go on behind the torn end of its log. What it then acknowledges is lost, or half there, after a crash
        (measured in 4 of 8 trials); killed at once, it recovers all that it acknowledged.
        """
        try:
            yield
        except Neo4jError as error:
            if self.state is not None and error.code == _COMMIT_FAILED:
                embedded.kill(self.state)
            raise

    def _driver(self, user: tuple[str, str]) -> neo4j.Driver:
        try:
            return neo4j.GraphDatabase.driver(
                self.url,
                auth=user,
                max_connection_pool_size=_POOL_SIZE,
                connection_timeout=_CONNECT_SECONDS,
                connection_acquisition_timeout=_CONNECT_SECONDS * 2,
                notifications_min_severity=neo4j.NotificationMinimumSeverity.OFF,
                warn_notification_severity=neo4j.NotificationMinimumSeverity.OFF,
                telemetry_disabled=True,
                user_agent="muniment",
                initial_retry_delay=_RETRY_SECONDS[self.engine][0],
            )
        except (ConfigurationError, ValueError) as error:
            raise _unusable(self.url, error) from error


def connect(settings: Settings, *, start: bool = True) -> Database:
    """Open the graph that the settings name, with the declared schema in it.

    Without a URL that is the embedded engine, started if need be unless ``start`` is False. DatabaseUnavailable when
    nothing answers, DatabaseAccessDenied, DatabaseInUse, DatabaseFull, SchemaMismatch: see ``errors.py``.
    """
    try:
        return _prepared(attach(settings, start=start))
    except DatabaseUnavailable:
        if settings.database_url or not start:
            raise
        # The engine was there a moment ago: it was stopped for idleness just now, or killed.
        return _prepared(attach(settings))


def attach(settings: Settings, *, start: bool = True) -> Database:
    """Open the graph as it is, without looking at its schema: for those who report on it. Errors as ``connect``."""
    if settings.database_url:
        return _server(settings, settings.database_url)
    state = embedded.answering(settings.data_dir)
    if state is None and start:
        state = embedded.start(settings.data_dir, launch.Options.of(settings))
    if state is None:
        raise DatabaseUnavailable(
            f"the embedded engine of {settings.data_dir} is not running", "Start it with `muniment db start`."
        )
    writer, reader = ((user, state.passwords[user]) for user in (launch.WRITER, launch.READER))
    return Database(Engine.EMBEDDED, state.url, writer, reader, name=launch.DATABASE, state=state)


def _server(settings: Settings, url: str) -> Database:
    if urlsplit(url).scheme not in _SCHEMES:
        raise _unusable(url, "it is not an address of a Neo4j server")
    user = (settings.database_user, settings.database_password)
    seconds = settings.engine_query_seconds
    database = Database(Engine.NEO4J, url, user, name=settings.database_name, read_seconds=seconds)
    try:
        database.verify()
    except BaseException:
        database.close()
        raise
    return database


def _unusable(url: str, why: object) -> SettingsError:
    return SettingsError(
        f"the database address {url!r} cannot be used: {why}",
        "Write MUNIMENT_DATABASE_URL as bolt://HOST:PORT, neo4j://HOST or neo4j+s://HOST.",
    )


def _prepared(database: Database) -> Database:
    try:
        if database.state is not None:
            embedded.mark_used(database.state.data_dir)
            embedded.watch(database.state.data_dir)
        migration.ensure(database)
    except BaseException:
        database.close()
        raise
    return database


_ATOMS = frozenset({str, int, float, bool, type(None)})


def _rows(result: neo4j.Result) -> list[dict[str, Any]]:
    """All rows. To look at each value for entities takes longer than the query: it is done only where there are any."""
    return [
        dict(zip(record.keys(), record.values(), strict=True))
        if all(map(_is_plain, record.values()))
        else dict(zip(record.keys(), map(told, record.values()), strict=True))
        for record in result
    ]


def _is_plain(value: Any) -> bool:
    kind = type(value)
    if kind is list:
        return all(type(one) in _ATOMS or _is_plain(one) for one in value)
    if kind is dict:
        return all(type(one) in _ATOMS or _is_plain(one) for one in value.values())
    return kind in _ATOMS


def _nothing() -> None:
    """Neo4j knows by itself when to end a query."""
