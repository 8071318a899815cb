"""Facts that wait on disk: what an analysis concludes is written after it ended, and may be more than memory holds."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from types import TracebackType
from typing import Self

from ..schema import Edge

IN_MEMORY = 20_000_000
"""Bytes that wait in memory; more go to a file."""
TOGETHER = 1_000
"""Relationships that are packed together: their texts recur."""


class Spool:
    """Takes relationships one by one, and gives them back in the same order, once. Close it."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(max_size=IN_MEMORY, prefix="muniment-")  # noqa: SIM115 - closed by close
        self._waiting: list[Edge] = []

    def add(self, edge: Edge) -> None:
        """Take one."""
        self._waiting.append(edge)
        if len(self._waiting) >= TOGETHER:
            self._pack()

    def __iter__(self) -> Iterator[Edge]:
        self._pack()
        self._file.seek(0)
        while True:
            try:
                yield from pickle.load(self._file)  # noqa: S301
            except EOFError:
                return

    def close(self) -> None:
        """Let go of all of them."""
        self._file.close()

    def _pack(self) -> None:
        if self._waiting:
            pickle.dump(self._waiting, self._file, protocol=pickle.HIGHEST_PROTOCOL)
            self._waiting = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()
