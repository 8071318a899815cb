"""Carries out one GraphQL request: measured first, within its time, and with nothing of the inside in its answer."""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import AsyncIterator, Container, Mapping
from dataclasses import dataclass
from inspect import isawaitable
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLSyntaxError,
    OperationType,
    get_operation_ast,
    parse,
    subscribe,
    validate,
)
from graphql import execute as graphql_execute

from ...errors import (
    AmbiguousName,
    DatabaseError,
    DatabaseUnavailable,
    MunimentError,
    NotFound,
    NotYet,
    QueryTimeout,
    UsageError,
)
from ..security.admission import admit
from ..security.caller import Caller
from ..security.described import described, rows
from ..security.permissions import Permission, permission_of
from ..security.persisted import Persisted
from ..timed import timed
from .context import Context
from .documents import Documents
from .failures import Code, bad_input, failure, no_database
from .limits import Limits
from .root import core, known_fields
from .whole import Whole, is_awaitable

logger = logging.getLogger(__name__)

_NONE = Persisted()


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came: the document, values of its variables, and which of its operations."""

    query: str
    variables: Mapping[str, Any]
    operation: str | None = None

    @classmethod
    def parse(cls, body: Any, persisted: Persisted | None = None) -> Asked:
        """Read a request's body; BAD_USER_INPUT where it is none, FORBIDDEN where only ``persisted`` ones are taken."""
        if isinstance(body, list):
            raise bad_input("several requests in one body are not taken", "Send them one by one.")
        query = (persisted or _NONE).query(body) if isinstance(body, Mapping) else None
        if not isinstance(query, str):
            raise bad_input('the body has no "query"', 'Send {"query": "…", "variables": {}}.')
        variables, operation = body.get("variables"), body.get("operationName")
        if not isinstance(variables, Mapping | None) or not isinstance(operation, str | None):
            raise bad_input("variables are an object, and operationName is a text")
        return cls(query, variables or {}, operation)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a request is answered with; ``begun`` unless it was refused before any of it was carried out."""

    data: Mapping[str, Any] | None
    errors: tuple[GraphQLError, ...] = ()
    begun: bool = True

    @property
    def code(self) -> str | None:
        """The code of the first error; None where there is none."""
        return str((self.errors[0].extensions or {}).get("code", Code.BAD_USER_INPUT)) if self.errors else None

    def document(self) -> dict[str, Any]:
        """The answer as JSON has it."""
        errors = {"errors": [error.formatted for error in self.errors]} if self.errors else {}
        return {**({"data": self.data} if self.begun else {}), **errors}


async def execute(asked: Asked, context: Context, limits: Limits, known: Documents) -> Outcome:
    """Carry out a request. Whatever is wrong with it, or goes wrong, is in what it answers.

    ``known`` are documents that were understood before.
    """
    outcome = await _execute(asked, context, limits, known)
    context.told.update(rows=rows(outcome.data), **({"code": outcome.code} if outcome.code else {}))
    return outcome


async def _execute(asked: Asked, context: Context, limits: Limits, known: Documents) -> Outcome:
    document = await understand(asked, context, limits, known, OperationType.QUERY)
    return document if isinstance(document, Outcome) else await carry_out(asked, document, context, limits, known)


async def carry_out(
    asked: Asked, document: DocumentNode, context: Context, limits: Limits, known: Documents
) -> Outcome:
    """Carry out a query that was understood, within its time."""
    worked = known.worked(asked.query, document)
    context.reader.selections = worked.selections
    try:
        async with timed(limits.seconds):
            result = graphql_execute(
                core(),
                document,
                context_value=context,
                variable_values=dict(asked.variables),
                operation_name=asked.operation,
                executor_class=Whole,
                is_awaitable=is_awaitable,
                kept=worked.makers,
            )
            if isawaitable(result):
                result = await result
    except TimeoutError:
        return Outcome(None, (too_slow(limits),))
    assert isinstance(result, ExecutionResult)
    errors = tuple(_shown(error, context.caller) for error in result.errors or ())
    return Outcome(result.data, errors, begun=result.data is not None or any(error.path for error in errors))


async def understand(
    asked: Asked, context: Context, limits: Limits, known: Documents, *taken: OperationType
) -> DocumentNode | Outcome:
    """The document of a request that may be carried out, if its operation is one of those that are taken here.

    Else what it is answered with.
    """
    try:
        document = known.get(asked.query) or parse(asked.query, max_tokens=limits.tokens)
        await _admit(asked, document, context, limits, known)
        errors = _mistakes(asked, document, known, context.caller, taken)
        return Outcome(None, errors, begun=False) if errors else document
    except GraphQLSyntaxError as error:
        code = Code.QUERY_TOO_COMPLEX if "tokens" in error.message else Code.BAD_USER_INPUT
        return Outcome(None, (failure(code, error.message),), begun=False)
    except GraphQLError as error:
        return Outcome(None, (error,), begun=False)
    except RecursionError:
        return Outcome(None, (failure(Code.QUERY_TOO_COMPLEX, "the query is nested too deeply"),), begun=False)


def _mistakes(
    asked: Asked, document: DocumentNode, known: Documents, caller: Caller, taken: Container[OperationType]
) -> tuple[GraphQLError, ...]:
    """What is wrong with a document; remember it where nothing is. BAD_USER_INPUT where no one query of it is meant."""
    if known.get(asked.query) is None:
        if errors := validate(core(), document):
            return tuple(_shown(error, caller) for error in errors)
        known.add(asked.query, document)
    operation = get_operation_ast(document, asked.operation)
    if operation is None:
        raise bad_input("operationName names none of the operations, or there are several and it is not given")
    if operation.operation not in taken:
        raise bad_input(f"a {operation.operation.value} is not asked for here")
    return ()


async def _admit(asked: Asked, document: DocumentNode, context: Context, limits: Limits, known: Documents) -> None:
    """Refuse what is too much, what the caller may not ask, and what it asks too often or of older than it wants."""
    size, fields = known.measure(asked.query, document, asked.operation, asked.variables, limits)
    context.told.update(described(asked.query, asked.operation, fields, asked.variables), cost=size.cost)
    admit(context.caller, fields, known_fields())
    context.rates.spend(context.caller, size.cost)
    if any(permission_of(field.name.value) is Permission.GRAPH for field in fields):
        try:
            await context.check_graph()
        except DatabaseError as error:
            raise translated(error) or error from error


async def follow(asked: Asked, document: DocumentNode, context: Context) -> AsyncIterator[Outcome]:
    """Carry out a subscription: what it is answered with, one after the other."""
    stream = subscribe(
        core(),
        document,
        context_value=context,
        variable_values=dict(asked.variables),
        operation_name=asked.operation,
    )
    found = await stream if isawaitable(stream) else stream
    if isinstance(found, ExecutionResult):
        yield Outcome(None, tuple(_shown(error, context.caller) for error in found.errors or ()))
        return
    try:
        async for result in found:
            errors = tuple(_shown(error, context.caller) for error in result.errors or ())
            yield Outcome(result.data, errors)
    except Exception as error:
        yield Outcome(None, (_shown(GraphQLError(str(error), original_error=error), context.caller),), begun=False)


def too_slow(limits: Limits) -> GraphQLError:
    """The error of what took longer than it may."""
    return failure(Code.TIMEOUT, f"the answer took longer than {limits.seconds:g} seconds", "Ask for less at a time.")


_SUGGESTED = re.compile(r" Did you mean .*\Z", re.DOTALL)


def _shown(error: GraphQLError, caller: Caller) -> GraphQLError:
    """The error as the caller may see it: who may not ask for the schema is not told names that are in it."""
    shown = translated(error.original_error) if error.original_error else None
    if shown is None:
        extensions = error.extensions or {"code": str(Code.BAD_USER_INPUT)}
        told = caller.may(Permission.INTROSPECTION)
        message = error.message if told else _SUGGESTED.sub("", error.message)
        return GraphQLError(message, error.nodes, path=error.path, extensions=extensions)
    return GraphQLError(shown.message, error.nodes, path=error.path, extensions=shown.extensions)


def translated(error: Exception) -> GraphQLError | None:
    """What a caller is told of an error; None where it says so itself."""
    match error:
        case GraphQLError():
            return None if error.extensions else failure(Code.BAD_USER_INPUT, error.message)
        case NotFound() | AmbiguousName() | UsageError():
            return failure(Code.BAD_USER_INPUT, error.message, error.hint, error.offered)
        case NotYet():
            return failure(Code.TIMEOUT, error.message, error.hint)
        case QueryTimeout():
            return failure(Code.TIMEOUT, "the database ended the query: it took too long", "Ask for less at a time.")
        case DatabaseUnavailable():
            return no_database()
        case DatabaseError():
            logger.error("the database refused a query", exc_info=error)
            return failure(Code.UNAVAILABLE, "the database refused the query", "Try again, or ask for less at a time.")
        case MunimentError():
            return failure(Code.BAD_USER_INPUT, error.message, error.hint)
    reference = secrets.token_hex(4)
    logger.error("request %s failed", reference, exc_info=error)
    return failure(Code.INTERNAL, f"something went wrong here; the log has it as {reference}")
