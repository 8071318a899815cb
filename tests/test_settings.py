"""The environment, then muniment.toml, then options: each overrides the one before."""

from __future__ import annotations

from pathlib import Path

import pytest
from muniment.errors import SettingsError
from muniment.settings import Settings


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
