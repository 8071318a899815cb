"""Room on the disk under an embedded engine."""

from __future__ import annotations

import errno
import tempfile
from pathlib import Path

from ..errors import DatabaseFull

NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
_PROBE_BYTES = 1_000_000


def full(where: str) -> DatabaseFull:
    """The disk under the database at ``where`` is full."""
    return DatabaseFull(
        f"the disk under the database at {where} is full", "Make room and run it again: nothing committed is lost."
    )


def has_room(data_dir: Path) -> bool:
    """Whether a megabyte can still be written there.

    Asked by writing it: the embedded engine does not say why a commit failed, and free space does not show quotas.
    """
    try:
        with tempfile.TemporaryFile(dir=data_dir) as file:
            file.write(bytes(_PROBE_BYTES))
            file.flush()
    except OSError as error:
        return error.errno not in NO_ROOM
    return True
