"""Writes the documents that are derived from the code. Run it by `make docs`; a test fails when they drift."""

from __future__ import annotations

from pathlib import Path

from muniment.schema import SCHEMA
from muniment.schema.document import markdown

DOCS = Path(__file__).parent


def documents() -> dict[Path, str]:
    """Every generated document: its path and its text."""
    return {DOCS / "schema.md": markdown(SCHEMA)}


if __name__ == "__main__":
    for path, text in documents().items():
        path.write_text(text, encoding="utf-8")
