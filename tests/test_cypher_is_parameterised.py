"""Values reach the database as parameters only.

A Cypher text may be put together in the few modules that repeat a statement for several kinds, and nowhere else: there
the only things put in are labels, types and field names. Constants may share a part, itself a constant.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LABELS_ONLY = {
    "api/graphql/reading.py",
    "graph/constraints.py",
    "graph/statements.py",
    "run/estate_queries.py",
    "run/resource_queries.py",
}
CYPHER = re.compile(r"\b(MATCH|MERGE|CREATE|UNWIND|DETACH|OPTIONAL MATCH)\b\s*[(\[$]|\bRETURN\b .*\b(AS|ORDER|LIMIT)\b")
FOLDERS = ("analysis", "api", "cli", "demo", "graph", "ingest", "queries", "run")
MODULES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))


def _varies(part: ast.expr) -> bool:
    """Whether the part of an f-string is anything but text and constants, which are named in capitals."""
    if isinstance(part, ast.FormattedValue):
        return not (isinstance(part.value, ast.Name) and part.value.id.isupper())
    return False


def built_texts(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Texts that are put together while running: f-strings with holes, ``+``, ``%`` and ``.format`` on a text."""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr) and any(map(_varies, node.values)):
            yield node.lineno, " ".join(part.value for part in node.values if isinstance(part, ast.Constant))
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod):
            for side in (node.left, node.right):
                if isinstance(side, ast.Constant) and isinstance(side.value, str):
                    yield node.lineno, side.value
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in ("format", "join", "replace")
            and isinstance(node.func.value, ast.Constant)
            and isinstance(node.func.value.value, str)
        ):
            yield node.lineno, node.func.value.value


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_cypher_is_built_from_values(path: Path) -> None:
    if str(path.relative_to(ROOT)) in LABELS_ONLY:
        return
    tree = ast.parse(path.read_text(encoding="utf-8"))
    built = [f"line {line}: {text.strip()[:60]}" for line, text in built_texts(tree) if CYPHER.search(text)]
    assert built == []


@pytest.mark.parametrize(
    "source",
    [
        "f\"MATCH (n {{id: '{name}'}}) RETURN n\"",
        '"MATCH (n:Role) WHERE n.name = \'" + name + "\' RETURN n"',
        '"MATCH (n:%s) RETURN n" % label',
        '"MERGE (n:{}) RETURN n".format(label)',
    ],
)
def test_the_lint_itself_finds_built_texts(source: str) -> None:
    assert any(CYPHER.search(text) for _, text in built_texts(ast.parse(source)))
