"""What wakes the scheduler: APScheduler, in threads beside whatever else the process does.

One thread looks and waits for runs, so that one run at a time goes on; another does chores meanwhile. What is due is
not for the timer to decide: it wakes too often rather than too late, and state is in the graph.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.date import DateTrigger

from ...errors import MunimentError
from .scheduler import TICK, Scheduler

logger = logging.getLogger(__name__)

Chore = Callable[[], timedelta]
"""Does something and returns how long it may be until it does it again."""


@contextmanager
def ticking(scheduler: Scheduler, chores: Sequence[Chore] = ()) -> Iterator[None]:
    """Keep the schedules while the block goes on; then stop, interrupting a run."""
    executors = {"runs": ThreadPoolExecutor(1), "chores": ThreadPoolExecutor(max(1, len(chores)))}
    timer = BackgroundScheduler(
        executors=executors,
        timezone=UTC,
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )

    def keep(name: str, work: Chore, executor: str) -> None:
        def once() -> None:
            pause = TICK
            try:
                pause = work()
            except MunimentError as error:
                logger.warning("%s failed, and is tried again: %s", name, error.message)
            except Exception:
                logger.exception("%s failed; it is tried again", name)
            finally:
                at(datetime.now(UTC) + pause)

        def at(moment: datetime) -> None:
            if timer.running:
                timer.add_job(once, DateTrigger(moment, UTC), id=name, replace_existing=True, executor=executor)

        at(datetime.now(UTC))

    timer.start()
    try:
        keep("look", scheduler.look, "runs")
        for number, chore in enumerate(chores):
            keep(f"chore {number}", chore, "chores")
        yield
    finally:
        scheduler.stop()
        timer.shutdown(wait=True)
