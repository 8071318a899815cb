"""The formats for programs and documents: JSON and Markdown; CSV is with the questions, because the API has it too."""

from __future__ import annotations

from typing import Any

import orjson

from ...errors import MunimentError
from ...queries.answer import Answer
from .text import markdown, printable
from .views import view


def as_json(answer: Answer) -> str:
    """The envelope; see design §6 of the documentation, it is stable."""
    return orjson.dumps(answer.envelope(), option=orjson.OPT_INDENT_2).decode()


def refusal_as_json(error: MunimentError) -> str:
    """Why a sentence is not answered, as the API says it; without rows, so that nobody takes it for an empty answer."""
    told = {"code": "BAD_USER_INPUT", "message": error.message, "hint": error.hint, **error.offered}
    return orjson.dumps({"error": told}, option=orjson.OPT_INDENT_2).decode()


def as_markdown(answer: Answer) -> str:
    """A table with short names, and below it what is missing."""
    shown = view(answer, blanks=True)
    parts = [markdown(text) for text in (answer.interpretation, shown.headline) if text]
    parts += [f"```json\n{block}\n```" for block in shown.blocks]
    if shown.notes:
        parts.append("\n".join(_md_item(note) for note in shown.notes))
    if shown.rows:
        parts.append(
            "\n".join(
                [
                    _md_row(shown.columns),
                    _md_row(["---"] * len(shown.columns), escape=False),
                    *(_md_row(row) for row in shown.rows),
                ]
            )
        )
    elif shown.empty and not shown.blocks:
        parts.append(shown.empty)
    if shown.more:
        parts.append(markdown(shown.more))
    if answer.explanation:
        parts.append("\n".join(_md_item(line) for line in answer.explanation))
    if answer.knowledge.missing:
        missing = [f"- {markdown(m.scope)}: {markdown(m.reason)}" for m in answer.knowledge.missing]
        parts.append("\n".join(["**Incomplete.** Not completely known:", "", *missing]))
    if answer.knowledge.as_of:
        parts.append(f"As of {answer.knowledge.as_of}.")
    return "\n\n".join(parts)


def _md_row(cells: Any, *, escape: bool = True) -> str:
    return "| " + " | ".join(markdown(cell) if escape else cell for cell in cells) + " |"


def _md_item(line: str) -> str:
    depth = (len(line) - len(line.lstrip())) // 2
    return f"{'  ' * depth}- {markdown(printable(line.strip()))}"
