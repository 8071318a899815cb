"""The image is made of what is pinned, runs as nobody in particular, and nothing secret gets into it."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

from .documents import DOCKERFILE, ROOT

TEXT = DOCKERFILE.read_text(encoding="utf-8")
FINAL = TEXT.rsplit("\nFROM ", 1)[1]


def test_hadolint_finds_nothing() -> None:
    said = subprocess.run(
        [Path(sys.executable).with_name("hadolint"), DOCKERFILE], capture_output=True, text=True, check=False
    )
    assert said.returncode == 0, said.stdout + said.stderr


def test_everything_is_installed_by_its_hash_or_from_here() -> None:
    installs = re.findall(r"python (?:install|wheel) (.*?)(?: \\)?$", TEXT, re.MULTILINE)
    assert len(installs) == 4
    assert all("--no-deps" in line for line in installs)
    assert all("--require-hashes" in line or "--no-index" in line for line in installs)


def test_what_builds_the_wheel_is_found_among_the_pins() -> None:
    (command,) = re.findall(r"sed -n '(.*?)' requirements/dev\.txt", TEXT)
    found = subprocess.run(
        ["sed", "-n", command, str(ROOT / "requirements" / "dev.txt")], capture_output=True, text=True, check=True
    ).stdout
    assert re.findall(r"^\S+==", found, re.MULTILINE) == ["setuptools=="]
    assert "--hash=sha256:" in found


def test_it_runs_as_a_user_by_number() -> None:
    """Kubernetes cannot tell of a name that it is not root."""
    (user,) = re.findall(r"^USER (\d+):\d+$", FINAL, re.MULTILINE)
    assert int(user) > 0


def test_the_volume_is_declared_after_it_was_given_away() -> None:
    assert FINAL.index("--owner=10001") < FINAL.index("VOLUME") > FINAL.index("USER")


def test_it_says_whether_it_lives() -> None:
    assert "/healthz" in FINAL[FINAL.index("HEALTHCHECK") :]


def test_no_secret_is_in_it() -> None:
    assert not re.search(r"(?i)password|token|secret|AWS_", TEXT)
    assert "ADD " not in TEXT


def test_only_what_the_wheel_is_made_of_is_sent_to_the_build() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packages = {name.split(".")[1] for name in project["tool"]["setuptools"]["packages"] if "." in name}
    modules = {path.name for path in ROOT.glob("*.py")}
    others = {"pyproject.toml", "py.typed", "README.md", *project["project"]["license-files"]}
    pins = {"requirements/dev.txt", "requirements/run.txt"}
    lines = [line for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if not line.startswith("#")]
    assert lines[0] == "*"
    assert {line[1:] for line in lines if line.startswith("!")} == packages | modules | others | pins
