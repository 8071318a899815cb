"""The documents say what the code does."""

from __future__ import annotations

import re
import runpy
from functools import cache
from pathlib import Path

from graphql import build_schema, parse, validate
from muniment.api.security.oidc import KEYS as OIDC_KEYS
from muniment.api.security.options import KEYS as API_KEYS
from muniment.cli.collection import TYPES as COLLECTION_KEYS
from muniment.run.schedule.declared import KEYS as SCHEDULE_KEYS
from muniment.run.webhooks.declared import KEYS as WEBHOOK_KEYS

ROOT = Path(__file__).parents[1]
VARIABLE = re.compile(r"MUNIMENT_[A-Z_]+")
LINK = re.compile(r"\]\((?!https?:)([^)#]*)#?([^)]*)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


@cache
def documents() -> dict[Path, str]:
    """Every generated document: its path and its text."""
    made: dict[Path, str] = runpy.run_path(str(ROOT / "docs" / "generate.py"))["documents"]()
    return made


def test_generated_documents_are_current() -> None:
    outdated = [path.name for path, text in documents().items() if path.read_text(encoding="utf-8") != text]
    assert outdated == [], "run `make docs` and commit the result"


def test_every_setting_is_documented() -> None:
    documented = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    folders = ("cli", "graph", "ingest", "queries", "run")
    sources = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    read = {name for path in [ROOT / "settings.py", *sources] for name in VARIABLE.findall(path.read_text("utf-8"))}
    assert {name for name in read if f"`{name}`" not in documented} == set()


def test_every_key_of_the_collection_table_is_documented() -> None:
    documented = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert {name for name in COLLECTION_KEYS if f"\n{name} = " not in documented} == set()


def test_every_key_of_the_api_is_documented() -> None:
    documented = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    keys = {name for names in API_KEYS.values() for name in names} | (OIDC_KEYS - {"roles"})
    assert {name for name in keys if not re.search(rf"^(\[api\.)?{name}( = |\])", documented, re.MULTILINE)} == set()
    assert "[api.oidc.roles]" in documented


def test_every_relative_link_leads_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    found = [(page, *link) for page in pages for link in LINK.findall(page.read_text(encoding="utf-8"))]
    links = [(page.name, page.parent / link if link else page, anchor) for page, link, anchor in found]
    assert len(links) > 100
    assert [f"{page}: {target}" for page, target, _ in links if not target.exists()] == []
    assert [f"{page}: {target}#{anchor}" for page, target, anchor in links if anchor not in anchors(target)] == []


def anchors(page: Path) -> set[str]:
    """What can be linked to: the whole of it, and its headings, as they are shown on the web."""
    headings = HEADING.findall(page.read_text(encoding="utf-8")) if page.suffix == ".md" else ()
    return {"", *(re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings)}


def test_every_example_of_graphql_is_valid() -> None:
    pages = "\n".join(text for path, text in documents().items() if path.parent.name == "questions")
    examples = re.findall(r"```graphql\n(.*?)\n```", pages, re.DOTALL)
    assert len(examples) >= 100
    known = build_schema(documents()[ROOT / "docs" / "schema.graphql"])
    assert [(example, found) for example in examples for found in validate(known, parse(example))] == []


def test_every_key_of_a_schedule_is_documented() -> None:
    documented = (ROOT / "docs" / "scheduling.md").read_text(encoding="utf-8")
    assert {name for name in SCHEDULE_KEYS if f"\n| `{name}` |" not in documented} == set()


def test_every_key_of_a_webhook_is_documented() -> None:
    documented = (ROOT / "docs" / "webhooks.md").read_text(encoding="utf-8")
    assert {name for name in WEBHOOK_KEYS if f"\n| `{name}` |" not in documented} == set()
