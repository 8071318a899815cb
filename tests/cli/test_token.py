"""Who made a token is recorded, whatever the environment says."""

from __future__ import annotations

import json
import os
import pwd
from pathlib import Path

import pytest
from muniment.settings import Settings

from .conftest import Muniment


@pytest.mark.parametrize(
    ("known", "recorded"),
    [
        pytest.param(True, pwd.getpwuid(os.getuid()).pw_name, id="a user with a name"),
        pytest.param(False, f"user {os.getuid()}", id="a user by number, as in a container"),
    ],
)
def test_who_made_a_token_is_recorded(
    muniment: Muniment,
    embedded_settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    known: bool,
    recorded: str,
) -> None:
    if not known:
        monkeypatch.setattr(pwd, "getpwuid", {}.__getitem__)
    monkeypatch.setenv("LOGNAME", "somebody-else")
    ran = muniment("token", "create", "siem", "--role", "auditor")
    assert (ran.code, ran.out[:4]) == (0, "mnt_")
    lines = Path(embedded_settings.data_dir, "audit", "api.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(lines[-1])["who"] == recorded
