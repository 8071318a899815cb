"""An answer as CSV: for spreadsheets, which must take nothing in it for a formula."""

from __future__ import annotations

import csv
import io
from typing import Any

import orjson

from .answer import Answer

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def as_csv(answer: Answer) -> str:
    """A header and one line per row, with full ids. Lists are JSON arrays in their cell."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([column.name for column in answer.columns])
    for row in answer.rows:
        writer.writerow([_cell(row.get(column.name)) for column in answer.columns])
    return out.getvalue()


def spreadsheet(text: str) -> str:
    """The text as a CSV cell that no spreadsheet takes for a formula.

    https://owasp.org/www-community/attacks/CSV_Injection
    """
    text = text.replace("\x00", "")
    return f"'{text}" if text.startswith(_FORMULA) else text


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return spreadsheet(value)
    if isinstance(value, list | tuple | dict):
        return orjson.dumps(value).decode()
    return value
