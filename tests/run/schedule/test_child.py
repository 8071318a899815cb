"""The process that a scheduled run is, when its scheduler is gone."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

_DEAF = "signal.signal(signal.SIGTERM, lambda *_: None)"


@pytest.mark.parametrize(("before", "number"), [("", signal.SIGTERM), (_DEAF, signal.SIGKILL)])
def test_it_is_told_to_end_and_killed_if_it_does_not(before: str, number: int) -> None:
    code = f"""
import signal, time
from muniment.run.schedule.child import end_with_parent
{before}
end_with_parent(0.1)
while True:
    time.sleep(0.1)
"""
    process = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE)
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(60) == -number
