"""The environment, then muniment.toml, then options: each overrides the one before."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from muniment.errors import SettingsError
from muniment.settings import Settings, duration


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "muniment.toml"
    path.write_text('data_dir = "/from/file"\n[database]\nurl = "bolt://file"\npassword = "secret"\n')
    return path


def test_each_source_overrides_the_one_before(config: Path) -> None:
    environment = {"MUNIMENT_CONFIG": str(config), "MUNIMENT_DATABASE_URL": "bolt://env", "MUNIMENT_DATABASE_USER": "e"}
    assert Settings.load({"MUNIMENT_DATABASE_URL": "bolt://env"}).database_url == "bolt://env"
    settings = Settings.load(environment)
    assert (settings.database_url, settings.database_user) == ("bolt://file", "e")
    assert Settings.load(environment, {"MUNIMENT_DATABASE_URL": "bolt://option"}).database_url == "bolt://option"


def test_the_working_folder_is_searched(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(config.parent)
    assert Settings.load({}).data_dir == Path("/from/file")


def test_the_password_of_the_environment_is_never_shown() -> None:
    settings = Settings.load({"MUNIMENT_DATABASE_PASSWORD": "hush"})
    assert settings.database_password == "hush"
    assert "hush" not in repr(settings)


def test_nor_is_that_of_the_file(config: Path) -> None:
    settings = Settings.load({"MUNIMENT_CONFIG": str(config)})
    assert settings.database_password == "secret"
    assert "secret" not in repr(settings)


@pytest.mark.parametrize("text", ["[", "database = 3", b"\xff\xfe"])
def test_a_file_that_cannot_be_understood_is_an_error_with_a_hint(tmp_path: Path, text: str | bytes) -> None:
    path = tmp_path / "broken.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(SettingsError) as caught:
        Settings.load({"MUNIMENT_CONFIG": str(path)})
    assert caught.value.hint


def test_a_named_file_that_is_missing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no settings file"):
        Settings.load({"MUNIMENT_CONFIG": str(tmp_path / "none.toml")})


@pytest.mark.parametrize(
    ("text", "seconds"), [("90s", 90), ("15m", 900), ("6h", 21_600), ("1h30m", 5_400), ("7d", 604_800), ("0s", 0)]
)
def test_a_length_of_time_is_read(text: str, seconds: int) -> None:
    assert duration(text, "every") == timedelta(seconds=seconds)


@pytest.mark.parametrize("given", ["", "6", 6, "6 h", "-6h", "1.5h", "6H", "h", "9999999w", None, "٦h"])
def test_what_is_no_length_of_time_is_refused_by_name(given: object) -> None:
    with pytest.raises(SettingsError, match=r"^every is "):
        duration(given, "every")
