"""Text from the estate, made safe to print: a name can hold anything, and must steer no terminal."""

from __future__ import annotations

import re

_MARKDOWN = re.compile(r"([\\|*_`<>\[\]#~])")


def printable(text: str, keep: str = "") -> str:
    """The text with control and formatting characters written out as escapes, but those to ``keep``."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in keep else c.encode("unicode_escape").decode() for c in text)


def markdown(text: str) -> str:
    """The text as a Markdown table cell that shows it as it is."""
    return _MARKDOWN.sub(r"\\\1", printable(text, keep="\n")).replace("\n", "<br>")
