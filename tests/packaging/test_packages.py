"""What is in the folders is what is installed: an unlisted package imports here and vanishes from the wheel."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
NOT_INSTALLED = {"tests", "benchmarks", "nightly", "docs", "build", "dist"}


def folders() -> set[str]:
    """Every folder of the repository that holds Python modules of the package, by its dotted name."""
    found = {path.parent.relative_to(ROOT) for path in ROOT.rglob("*.py")}
    return {
        ".".join(["muniment", *folder.parts])
        for folder in found
        if not any(part.startswith(".") for part in folder.parts) and not NOT_INSTALLED & set(folder.parts[:1])
    }


def test_every_package_is_listed() -> None:
    assert sorted(PROJECT["tool"]["setuptools"]["packages"]) == sorted(folders())


def test_every_package_has_an_init() -> None:
    missing = [name for name in folders() if not ROOT.joinpath(*name.split(".")[1:], "__init__.py").is_file()]
    assert missing == []


def test_pinned_requirements_have_hashes_and_name_no_index() -> None:
    for path in (ROOT / "requirements").glob("*.txt"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"https?:|--index|--extra-index|--find-links", text), path.name
        for block in re.split(r"\n(?=[a-z0-9])", text):
            if re.match(r"[a-z0-9][\w.\-\[\],]*==", block, re.IGNORECASE):
                assert "--hash=sha256:" in block, f"{path.name}: {block.splitlines()[0]}"


def test_every_runtime_dependency_is_pinned() -> None:
    pinned = (ROOT / "requirements" / "dev.txt").read_text(encoding="utf-8").lower()
    for requirement in PROJECT["project"]["dependencies"]:
        name = re.match(r"[A-Za-z0-9_.\-]+", requirement)
        assert name
        assert re.search(rf"^{re.escape(name[0].lower())}(\[[a-z0-9,-]+\])?==", pinned, re.MULTILINE), (
            f"run `make pins`: {requirement}"
        )
