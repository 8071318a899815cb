"""The API over HTTP, against the same Cypher sent by the driver; under load; and what it comes to in memory.

Requests ask for a role and twenty roles that it trusts. The server, the engine and whoever asks share the machine.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import neo4j
import orjson
import psutil
from muniment.api.graphql.paging import page
from muniment.api.graphql.reading import Following, by_id
from muniment.api.graphql.selected import Wanted
from muniment.graph.clock import wall_clock
from muniment.graph.database import connect
from muniment.graph.launch import DATABASE, READER
from muniment.graph.lease import Lease
from muniment.graph.ledger import Ledger
from muniment.graph.writer import Writer
from muniment.schema import Edge, Listing, Node, ScopeId
from muniment.settings import Settings

from .load import Load, ask, request
from .measure import Figure, fresh_engine

ACCOUNT = "111122223333"
ROLES = [f"arn:aws:iam::{ACCOUNT}:role/team/service-{number}" for number in range(2_000)]
NEIGHBOURS = 20
TIMES = 1_500
RATE, SECONDS = 200, 30
CLIENTS, REQUESTS, WARM = 64, 50_000, 5_000
UNHURRIED = '[api.rates]\nrequests = "1000000/second"\ncost = "1000000000/second"\n'


def figures() -> Iterator[Figure]:
    """One caller, then as many as are to be served."""
    with fresh_engine() as environment:
        Path(environment["MUNIMENT_CONFIG"]).write_text(UNHURRIED, encoding="utf-8")
        settings = Settings.load(environment)
        _fill(settings)
        with _serving(environment) as (port, process):
            yield from _latency(settings, port)
            yield from _sustained(port)
            yield from _crowd(port, process)


def _latency(settings: Settings, port: int) -> Iterator[Figure]:
    """A request and the same Cypher by turns, so that whatever else the machine does befalls both."""
    with connect(settings) as database, socket.create_connection(("127.0.0.1", port)) as http:
        http.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        assert database.state is not None
        user = (READER, database.state.passwords[READER])
        with neo4j.GraphDatabase.driver(database.url, auth=user, telemetry_disabled=True) as driver:
            ways: dict[str, Callable[[str], object]] = {
                "http": lambda id_: _post(http, id_),
                "driver": lambda id_: _by_driver(driver, id_, (_BOTH, _PARAMETERS)),
                "apart": lambda id_: _by_driver(driver, id_, (_NODE, {}), (_NEIGHBOURS, _PARAMETERS)),
                "run": lambda id_: _by_run(driver, id_),
            }
            times: dict[str, list[float]] = {name: [] for name in ways}
            for number in range(TIMES):
                for name, way in ways.items():
                    began = time.perf_counter()
                    way(ROLES[number * 7 % len(ROLES)])
                    times[name].append(time.perf_counter() - began)
    middle = {name: median(each[TIMES // 5 :]) * 1_000 for name, each in times.items()}
    yield Figure("a node with 20 neighbours over HTTP, median", middle["http"], "ms")
    yield Figure("the same Cypher by the driver (execute_query), median", middle["driver"], "ms")
    yield Figure("HTTP, of the driver's time", middle["http"] / middle["driver"], "×", 2)
    yield Figure("HTTP, of the time of two queries, one after the other", middle["http"] / middle["apart"], "×")
    yield Figure("HTTP, of the time of a bare auto-commit query (session.run)", middle["http"] / middle["run"], "×")


def _sustained(port: int) -> Iterator[Figure]:
    found = _load(Load(port, ROLES, 16, RATE * SECONDS, RATE))
    yield Figure(
        f"answered in a second, of {RATE} that are asked",
        found["answered"] / found["seconds"],
        "",
        RATE * 0.99,
        at_least=True,
    )
    yield Figure("the slowest hundredth of them", found["p99"] * 1_000, "ms")
    yield Figure("errors among them", _errors(found), "")


def _crowd(port: int, process: psutil.Process) -> Iterator[Figure]:
    errors = _errors(_load(Load(port, ROLES, CLIENTS, WARM)))
    before = process.memory_info().rss
    found = _load(Load(port, ROLES, CLIENTS, REQUESTS))
    after = process.memory_info().rss
    yield Figure(
        f"{CLIENTS} clients: answered in a second", found["answered"] / found["seconds"], "", RATE, at_least=True
    )
    yield Figure(f"{CLIENTS} clients: median", found["median"] * 1_000, "ms")
    yield Figure("errors among 55,000 requests", errors + _errors(found), "")
    yield Figure("memory after 5,000 requests", before / 2**20, "MB")
    yield Figure("memory after 50,000 more, of that", after / before, "×", 1.05)


def _load(load: Load) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.load"]
    done = subprocess.run(command, input=ask(load), stdout=subprocess.PIPE, check=True, timeout=560)
    found: dict[str, Any] = orjson.loads(done.stdout)
    return found


def _errors(found: dict[str, Any]) -> int:
    return int(sum(found["statuses"].values()) - found["statuses"].get("200", 0))


def _post(http: socket.socket, id_: str) -> bytes:
    http.sendall(request(id_))
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += _more(http)
    head, _, body = answer.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
    while len(body) < length:
        body += _more(http)
    assert head.startswith(b"HTTP/1.1 200"), head
    assert b'"errors"' not in body, body
    return body


def _more(http: socket.socket) -> bytes:
    found = http.recv(65_536)
    assert found, "the server closed the connection"
    return found


_PROPERTIES = ("account_id", "id", "name")
_TRUSTS = Following("TRUSTS", "out", page(NEIGHBOURS, None, 2), wanted=Wanted(("id",), ("effect", "key")))
_NODE = by_id(_PROPERTIES)
_NEIGHBOURS, _PARAMETERS = _TRUSTS.query(many=False)
_BOTH, _ = _TRUSTS.query_with(_PROPERTIES, many=False)
"""What the API sends."""


def _by_driver(driver: neo4j.Driver, id_: str, *queries: tuple[str, Mapping[str, Any]]) -> list[object]:
    """As the driver's manual asks: each query in a transaction that is tried again where need be."""
    return [
        driver.execute_query(
            cypher, {**parameters, "ids": [id_]}, database_=DATABASE, routing_=neo4j.RoutingControl.READ
        ).records
        for cypher, parameters in queries
    ]


def _by_run(driver: neo4j.Driver, id_: str) -> list[object]:
    """As bare as can be: in a session, without a transaction."""
    with driver.session(database=DATABASE, default_access_mode=neo4j.READ_ACCESS) as session:
        return list(session.run(_BOTH, {**_PARAMETERS, "ids": [id_]}))


@contextmanager
def _serving(environment: dict[str, str]) -> Iterator[tuple[int, psutil.Process]]:
    command = [str(Path(sys.executable).with_name("muniment")), "serve", "--no-auth", "--port", "0"]
    with psutil.Popen(command, stderr=subprocess.PIPE, text=True, env={**os.environ, **environment}) as process:
        try:
            found = None
            while found is None:
                line = process.stderr.readline()
                if not line:
                    raise RuntimeError("the server ended")
                found = re.search(r":(\d+)/graphql", line)
            yield int(found[1]), process
        finally:
            process.terminate()
            process.wait(30)


def _fill(settings: Settings) -> None:
    with (
        connect(settings) as database,
        Lease.acquire(database, "benchmark", 600, wall_clock) as lease,
    ):
        Ledger(database, wall_clock).start_run(lease, "benchmark", "aws", {})
        Writer(database, lease, "benchmark", wall_clock).write(_listing())


def _listing() -> Listing:
    """Roles that trust twenty others each."""
    trust = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole"}]}'
    stated = {"provider": "aws", "account_id": ACCOUNT, "path": "/team/", "trust_policy": trust}
    nodes = [Node("Account", ACCOUNT, {"name": ACCOUNT})]
    nodes += [Node("Role", arn, {**stated, "name": arn.rpartition("/")[2]}) for arn in ROLES]
    edges = [Edge("CONTAINS", ACCOUNT, arn) for arn in ROLES]
    edges += [
        Edge("TRUSTS", arn, ROLES[(at + by) % len(ROLES)], {"effect": "Allow"}, key=str(by))
        for at, arn in enumerate(ROLES)
        for by in range(1, NEIGHBOURS + 1)
    ]
    return Listing(ScopeId("aws", ACCOUNT, "global", "iam"), nodes, edges)
