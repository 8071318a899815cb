"""``graphql-transport-ws`` over a WebSocket at ``/graphql``: subscriptions, and queries too.

The protocol: https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md

A browser sends no header with a WebSocket, so its first message says who is calling; and any page may open one, so that
its ``Origin`` must be this server's own or one that is let in. What is sent waits until the client has taken what was
sent before: nothing heaps up here, however slow it is. Whether its token is still good is asked again all the while.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit

import orjson
from graphql import DocumentNode, GraphQLError, OperationType, get_operation_ast
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from .graphql.context import Context
from .graphql.execution import Asked, Outcome, carry_out, follow, understand
from .graphql.failures import Code, failure
from .security.authentication import unknown
from .security.caller import Caller
from .security.guard import Security, address_of, record
from .service import Service

PROTOCOL = "graphql-transport-ws"
PATIENCE_SECONDS = 10.0
"""How long a client may take to say who it is."""
BEAT_SECONDS = 5.0
"""How often it is asked whether a client's token is still good; and the client, whether it is there, so that nothing in
between takes the connection for dead."""
STUCK_SECONDS = 30.0
"""How long a client may take nothing of what is sent to it."""
EACH = 8
"""Operations under way on one connection."""
ALL, WAITING = 64, 64
"""Connections in all, and further ones that have not said yet who they are."""
OF_ONE = 16
"""Connections of one caller."""

_INVALID, _STRANGER, _FORBIDDEN, _LATE, _OTHER, _TWICE, _AGAIN, _FULL = 4400, 4401, 4403, 4408, 4406, 4409, 4429, 4503


class _Closed(Exception):
    """Why the connection is closed."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


@dataclass(eq=False)
class Connection:
    """One client."""

    socket: WebSocket
    service: Service
    security: Security
    others: Collection[Connection] = ()
    """All that there are, this one among them."""
    caller: Caller | None = None
    _said: str | None = None
    _under_way: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _sending: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def serve(self) -> None:
        """Serve it until it goes, or does what the protocol forbids."""
        doing = [asyncio.create_task(self._listens()), asyncio.create_task(self._beats())]
        try:
            await asyncio.wait(doing, return_when=asyncio.FIRST_COMPLETED)
            for task in doing:
                if task.done():
                    task.result()
        except _Closed as why:
            with suppress(RuntimeError, WebSocketDisconnect, TimeoutError):
                async with asyncio.timeout(1):
                    await self.socket.close(why.code, why.reason)
        except WebSocketDisconnect:
            pass
        finally:
            tasks = [*doing, *self._under_way.values()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _listens(self) -> None:
        try:
            await self._introduced()
        except _Closed:
            if self.caller is None:
                with suppress(GraphQLError):
                    self.security.rates.stranger(address_of(self.socket.scope))
            raise
        while True:
            await self._take(await self._message())

    async def _introduced(self) -> None:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                message = await self._message()
        except TimeoutError:
            raise _Closed(_LATE, "Connection initialisation timeout") from None
        if message["type"] != "connection_init":
            raise _Closed(_STRANGER, "Unauthorized")
        payload = message.get("payload") or {}
        if not isinstance(payload, dict):
            raise _Closed(_INVALID, "the payload of connection_init is no object")
        said = next((str(value) for name, value in payload.items() if name.lower() == "authorization"), None)
        self._said = said or self.socket.headers.get("authorization")
        try:
            caller = await self.security.caller(self._said)
        except GraphQLError:
            raise _Closed(_FORBIDDEN, "Forbidden") from None
        known = [one.caller for one in self.others if one.caller is not None]
        if len(known) >= ALL or known.count(caller) >= OF_ONE:
            raise _Closed(_FULL, "Too many connections")
        self.caller = caller
        await self._send({"type": "connection_ack"})

    async def _take(self, message: dict[str, Any]) -> None:
        match message["type"]:
            case "connection_init":
                raise _Closed(_AGAIN, "Too many initialisation requests")
            case "ping":
                await self._send({"type": "pong"})
            case "pong":
                pass
            case "complete":
                if task := self._under_way.pop(str(message.get("id")), None):
                    task.cancel()
            case "subscribe":
                await self._begin(message)
            case other:
                raise _Closed(_INVALID, f"there is no message {str(other)[:40]}")

    async def _begin(self, message: dict[str, Any]) -> None:
        id_ = message.get("id")
        if not isinstance(id_, str) or not 0 < len(id_) <= 100:
            raise _Closed(_INVALID, "subscribe has no id")
        if id_ in self._under_way:
            raise _Closed(_TWICE, f"Subscriber for {id_} already exists")
        if len(self._under_way) >= EACH:
            await self._refuse(id_, failure(Code.RATE_LIMITED, f"{EACH} operations are under way", "End one of them."))
            return
        task = asyncio.create_task(self._operation(id_, message.get("payload")))
        self._under_way[id_] = task

    async def _operation(self, id_: str, payload: Any) -> None:
        assert self.caller is not None
        reader = self.service.reader(self.caller)
        context = Context(reader, self.service.settings, self.caller, self.security.rates)
        try:
            self.security.rates.request(self.caller)
            asked = Asked.parse(payload, self.security.persisted)
            document = await understand(
                asked,
                context,
                self.service.limits,
                self.service.documents,
                OperationType.QUERY,
                OperationType.SUBSCRIPTION,
            )
            self._record(context, document)
            if isinstance(document, Outcome):
                await self._refuse(id_, *document.errors)
                return
            if not await self._carry_out(id_, asked, document, context):
                return
            await self._send({"id": id_, "type": "complete"})
        except GraphQLError as error:
            await self._refuse(id_, error)
        except (RuntimeError, WebSocketDisconnect):
            pass  # the client is gone
        finally:
            if self._under_way.get(id_) is asyncio.current_task():
                del self._under_way[id_]

    async def _carry_out(self, id_: str, asked: Asked, document: DocumentNode, context: Context) -> bool:
        """Send what it comes to; False where that was an error, which ends it."""
        operation = get_operation_ast(document, asked.operation)
        if operation is not None and operation.operation is OperationType.QUERY:
            outcome = await carry_out(asked, document, context, self.service.limits, self.service.documents)
            self.service.metrics.note(outcome.code, context.reader.queries)
            await self._send({"id": id_, "type": "next", "payload": outcome.document()})
            return True
        with self.service.metrics.subscriptions.track_inprogress():
            async for outcome in follow(asked, document, context):
                if not await self._still_known():
                    raise unknown("the token has expired, or was revoked")
                if outcome.data is None and outcome.errors:
                    self.service.metrics.note(outcome.code, context.reader.queries)
                    await self._refuse(id_, *outcome.errors)
                    return False
                await self._send({"id": id_, "type": "next", "payload": outcome.document()})
        self.service.metrics.note(None, context.reader.queries)
        return True

    def _record(self, context: Context, document: DocumentNode | Outcome) -> None:
        """Record what is asked, before any of it is answered; UNAVAILABLE where that must be, and cannot."""
        refused = {"code": document.code} if isinstance(document, Outcome) and document.code else {}
        scope = self.socket.scope
        state = {**scope["state"], "caller": self.caller, "told": {**context.told, **refused}, "began": perf_counter()}
        record({**scope, "state": state}, "operation")

    async def _message(self) -> dict[str, Any]:
        received = await self.socket.receive()
        if received["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(received.get("code", 1000))
        try:
            message = orjson.loads(received.get("text") or b"")
        except orjson.JSONDecodeError:
            raise _Closed(_INVALID, "a message is not JSON") from None
        if not isinstance(message, dict) or not isinstance(message.get("type"), str):
            raise _Closed(_INVALID, "a message has no type")
        return message

    async def _refuse(self, id_: str, *errors: GraphQLError) -> None:
        await self._send({"id": id_, "type": "error", "payload": [error.formatted for error in errors]})

    async def _send(self, message: dict[str, Any]) -> None:
        async with self._sending:
            if self.socket.application_state is WebSocketState.CONNECTED:
                await self.socket.send_text(orjson.dumps(message).decode())

    async def _beats(self) -> None:
        """Never returns: it raises why the connection is closed."""
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            if self.caller is not None and not await self._still_known():
                raise _Closed(_FORBIDDEN, "Forbidden")
            try:
                async with asyncio.timeout(STUCK_SECONDS):
                    await self._send({"type": "ping"})
            except (RuntimeError, TimeoutError):
                raise WebSocketDisconnect(1006) from None

    async def _still_known(self) -> bool:
        """Whether the token is good that it began with: tokens expire, and are revoked."""
        try:
            return await self.security.caller(self._said) == self.caller
        except GraphQLError as error:
            return (error.extensions or {}).get("code") != Code.UNAUTHENTICATED


def route(service: Service, security: Security, origins: Collection[str] = ()) -> WebSocketRoute:
    """The route. ``origins`` are those of other places' pages that may connect."""
    connected: list[Connection] = []

    async def accept(socket: WebSocket) -> None:
        if not _from_here(socket, origins):
            await socket.close(_FORBIDDEN, "Forbidden")
            return
        if PROTOCOL not in socket.scope.get("subprotocols", ()):
            await socket.accept()
            await socket.close(_OTHER, "Subprotocol not acceptable")
            return
        await socket.accept(PROTOCOL)
        if len(connected) >= ALL + WAITING:
            await socket.close(_FULL, "Too many connections")
            return
        connection = Connection(socket, service, security, connected)
        connected.append(connection)
        try:
            await connection.serve()
        finally:
            connected[:] = [one for one in connected if one is not connection]

    return WebSocketRoute("/graphql", accept)


def _from_here(socket: WebSocket, origins: Collection[str]) -> bool:
    """Whether no page of another place asks: no browser, or one that shows a page of this server or of one let in."""
    origin = socket.headers.get("origin")
    return origin is None or origin in origins or urlsplit(origin).netloc == socket.headers.get("host")
