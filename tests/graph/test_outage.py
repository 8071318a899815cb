"""A server that does not answer is asked until it does, whatever comes of asking."""

from __future__ import annotations

import logging
import threading

import pytest
from muniment.errors import DatabaseUnavailable, MunimentError
from muniment.graph.outage import Outage


def test_nothing_that_goes_wrong_with_asking_makes_it_last_for_ever(caplog: pytest.LogCaptureFixture) -> None:
    answers = [RuntimeError("odd"), RuntimeError("odd"), MunimentError("wrong"), DatabaseUnavailable("gone"), None]
    asked = threading.Event()

    def ask() -> None:
        answer = answers.pop(0)
        if answer is not None:
            raise answer
        asked.set()

    outage = Outage(ask, beat=0.01)
    outage.begin(DatabaseUnavailable("gone"))
    for watching in [one for one in threading.enumerate() if one.name == "outage"]:
        watching.join(60)
    assert asked.is_set()
    assert not outage.known
    outage.refuse()
    told = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert [str(record.exc_info[1]) for record in told if record.exc_info] == ["odd", "wrong"]


def test_it_is_asked_no_more_once_it_is_closed() -> None:
    outage = Outage(lambda: None, beat=0.01)
    outage.close()
    outage.begin(DatabaseUnavailable("gone"))
    assert not outage.known
