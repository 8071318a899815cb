"""How long the register keeps its own history: ``[retention]`` in the settings file.

::

    [retention]
    history = "400d"        # runs, and the changes that they found; "forever" deletes none
    messages = "90d"        # messages of webhooks that were given up
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from ..errors import SettingsError
from ..graph.database import Database
from ..graph.lease import Lease
from ..graph.retention import Deleted, delete_older
from ..settings import Settings, duration

FOREVER = "forever"
SHORTEST = timedelta(days=1)
"""What is looked for since yesterday must be there."""


@dataclass(frozen=True, slots=True)
class Retention:
    """How long each is kept; None is for ever."""

    history: timedelta | None = timedelta(days=400)
    messages: timedelta | None = timedelta(days=90)

    @classmethod
    def of(cls, settings: Settings) -> Retention:
        """Read the table; SettingsError where it cannot be understood."""
        table = settings.table("retention")
        known = cls.__dataclass_fields__
        if unknown := table.keys() - known.keys():
            raise SettingsError(
                f"[retention] has unknown keys: {', '.join(sorted(unknown))}", f"It has {', '.join(known)}."
            )
        return cls(**{name: _length(given, f"retention.{name}") for name, given in table.items()})

    def keep(self, database: Database, lease: Lease, run: str, now: datetime) -> Deleted:
        """Delete what is older, under the lease of a run."""
        before, undelivered = (now - length if length else None for length in (self.history, self.messages))
        return delete_older(database, lease, run, before=before, undelivered=undelivered)


def _length(given: object, named: str) -> timedelta | None:
    if given == FOREVER:
        return None
    length = duration(given, named)
    if length < SHORTEST:
        raise SettingsError(f"{named} is {given!r}", "It is 1d or more.")
    return length
