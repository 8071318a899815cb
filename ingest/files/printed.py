"""Files that the AWS CLI printed, taken apart into documents.

A file may hold several documents one after the other, may be in UTF-16 (PowerShell redirects so), may be a credential
report as CSV, and may hold the error that the CLI printed instead of an answer.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_ERROR = re.compile(
    r"An error occurred \((?P<code>\w+)\) when calling the (?P<operation>\w+) operation[^:]*: ?(?P<message>.*)"
)

REPORT = "user,arn,user_creation_time,"
"""How a credential report begins that somebody has decoded already."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class PrintedError:
    """What the CLI says of a call that was refused."""

    operation: str
    code: str
    message: str


class NotUnderstood(ValueError):
    """A file holds neither JSON nor an error of the CLI."""


def read(path: Path) -> Iterator[dict[str, Any] | PrintedError]:
    """The documents of a file; NotUnderstood, with the reason, where it holds something else."""
    try:
        text = _text(path.read_bytes())
    except (OSError, UnicodeDecodeError) as error:
        raise NotUnderstood(f"{type(error).__name__}: {error}") from error
    refused = _ERROR.search(text[:4096]) if not text.lstrip().startswith(("{", "[")) else None
    if refused:
        yield PrintedError(refused["operation"], refused["code"], refused["message"].strip()[:500])
        return
    if text.startswith(REPORT):
        yield {"Content": text, "ReportFormat": "text/csv"}
        return
    yield from _documents(text)


def _documents(text: str) -> Iterator[dict[str, Any]]:
    decoder, position, found = json.JSONDecoder(), 0, False
    while True:
        position = next((at for at in range(position, len(text)) if not text[at].isspace()), len(text))
        if position == len(text):
            if not found:
                raise NotUnderstood("it is empty")
            return
        try:
            document, position = decoder.raw_decode(text, position)
        except (ValueError, RecursionError) as error:
            raise NotUnderstood(f"it is not JSON: {error}") from error
        if not isinstance(document, dict):
            raise NotUnderstood(f"it holds a {type(document).__name__}, not what the AWS CLI prints by default")
        found = True
        yield document


def _text(content: bytes) -> str:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding)
    return content.decode()
