"""Everything that the permission engine adds to the graph."""

from __future__ import annotations

from collections.abc import Iterator

from ...schema import Edge, Node
from .administering.administrators import Administrators
from .assuming.assume import Assumptions
from .estates.estate import Estate


def derive(estate: Estate) -> Iterator[Node | Edge]:
    """All that follows from an estate: CAN_ASSUME, with PrincipalSet nodes and GATHERED_IN, and ADMINISTERS.

    Nodes come before the relationships that need them only within one kind of conclusion, and some are references
    (``Anyone``): a writer takes all nodes first, or sorts.
    """
    yield from derive_can_assume(estate)
    yield from derive_administers(estate)


def derive_can_assume(estate: Estate) -> Iterator[Node | Edge]:
    """CAN_ASSUME, PrincipalSet and GATHERED_IN: scope ``muniment/all/global/can-assume``."""
    return Assumptions(estate).facts()


def derive_administers(estate: Estate) -> Iterator[Edge]:
    """ADMINISTERS: scope ``muniment/all/global/administers``."""
    return Administrators(estate).edges()
