"""Asks the API from a process of its own, over connections that are kept: `python -m benchmarks.load`, see ``Load``."""

from __future__ import annotations

import asyncio
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from statistics import quantiles
from typing import Any

import orjson
import uvloop

QUERY = (
    "query ($id: ID!) { node(id: $id) { id ... on Role { name accountId "
    "trusts(first: 20) { edges { effect node { id __typename } } } } } }"
)


def request(id_: str) -> bytes:
    """A request for a role and twenty neighbours."""
    body = orjson.dumps({"query": QUERY, "variables": {"id": id_}})
    head = f"POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    return head.encode() + b"\r\n\r\n" + body


@dataclass(frozen=True, slots=True)
class Load:
    """So many requests by so many clients; so many in a second in all, or as many as are answered."""

    port: int
    roles: list[str]
    clients: int
    requests: int
    rate: float | None = None


@dataclass
class Outcome:
    """What came of it. Times in seconds."""

    seconds: float = 0.0
    times: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)

    def document(self) -> dict[str, Any]:
        """The figures as JSON."""
        cuts = quantiles(self.times, n=100)
        answered = {"answered": len(self.times), "seconds": self.seconds, "statuses": dict(self.statuses)}
        return {**answered, "median": cuts[49], "p99": cuts[98]}


async def run(load: Load) -> Outcome:
    """Ask, until all is answered."""
    outcome, numbers, began = Outcome(), iter(range(load.requests)), time.perf_counter()

    async def client() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", load.port)
        for number in numbers:
            due = began + number / load.rate if load.rate else time.perf_counter()
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            writer.write(request(load.roles[number * 7 % len(load.roles)]))
            outcome.statuses[await _answer(reader)] += 1
            outcome.times.append(time.perf_counter() - due)
        writer.close()

    await asyncio.gather(*(client() for _ in range(load.clients)))
    outcome.seconds = time.perf_counter() - began
    return outcome


async def _answer(reader: asyncio.StreamReader) -> str:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    body = await reader.readexactly(int(head.partition("content-length:")[2].partition("\r\n")[0]))
    return head.split(" ")[1] if b'"errors"' not in body else "error"


def ask(load: Load) -> bytes:
    """What the process is told."""
    return orjson.dumps(asdict(load))


if __name__ == "__main__":
    told = Load(**orjson.loads(sys.stdin.buffer.read()))
    sys.stdout.buffer.write(orjson.dumps(uvloop.run(run(told)).document()))
