"""Who holds the lease: a run, in a process, on a machine. A process that is gone cannot give its lease back itself."""

from __future__ import annotations

import os
import re
import socket
from dataclasses import dataclass

import psutil

from ..errors import LeaseHeld
from ..graph.clock import Clock, timestamp
from ..graph.database import Database
from ..graph.lease import Lease

_WRITTEN = re.compile(r"(?P<run>\S+) \(process (?P<process>\d+) on (?P<host>\S+)\)")
_HELD_BY = "MATCH (l:Lease {id: 'writer'}) RETURN l.holder AS holder, l.expires_at AS expires_at"


@dataclass(frozen=True, slots=True)
class Holder:
    """A run in its process. Written as ``20260131T100000Z-5f3a9c1e (process 4242 on host)``."""

    run: str
    process: int
    host: str

    @classmethod
    def here(cls, run: str) -> Holder:
        """This process."""
        return cls(run, os.getpid(), socket.gethostname() or "localhost")

    @classmethod
    def parse(cls, text: str) -> Holder | None:
        """The holder that a lease names; None where it names none of this form."""
        found = _WRITTEN.fullmatch(text)
        return cls(found["run"], int(found["process"]), found["host"]) if found else None

    def is_gone(self) -> bool:
        """Whether it ran on this machine and runs no more. Elsewhere nobody can tell: the lease ends by itself.

        A process that has ended runs no more, whether or not its parent has asked how.
        """
        if self.host != Holder.here("").host:
            return False
        try:
            return psutil.Process(self.process).status() == psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return True

    def __str__(self) -> str:
        return f"{self.run} (process {self.process} on {self.host})"


def living_run(database: Database, clock: Clock) -> str | None:
    """The run that is writing the graph; None where the lease is free, has expired, or its process is gone."""
    rows = database.read(_HELD_BY)
    if not rows or not rows[0]["holder"] or rows[0]["expires_at"] <= timestamp(clock()):
        return None
    holder = Holder.parse(rows[0]["holder"])
    if holder is None:
        return str(rows[0]["holder"])
    return None if holder.is_gone() else holder.run


def take_lease(database: Database, run: str, seconds: float, clock: Clock) -> Lease:
    """The lease for a run, at once where its holder was killed on this machine; LeaseHeld while another is writing."""
    holder = Holder.here(run)
    try:
        return Lease.acquire(database, str(holder), seconds, clock)
    except LeaseHeld:
        rows = database.read(_HELD_BY)
        before = Holder.parse(rows[0]["holder"] or "") if rows else None
        if before is None or not before.is_gone():
            raise
    return Lease.acquire(database, str(holder), seconds, clock, gone=str(before))
