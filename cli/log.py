"""Log lines on standard error: plain, or one JSON object a line."""

from __future__ import annotations

import logging
import time

import orjson


class JsonLines(logging.Formatter):
    """``{"at", "level", "logger", "message"}``, and ``error`` where there is a traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        line = {
            "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created)),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return orjson.dumps(line).decode()


def configure(verbosity: int, *, as_json: bool) -> None:
    """Log the package at INFO (once ``-v``) or everything at DEBUG (twice); libraries at WARNING until then."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if as_json else logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(handlers=[handler], level=logging.DEBUG if verbosity > 1 else logging.WARNING, force=True)
    if verbosity or as_json:
        logging.getLogger(__package__.partition(".")[0]).setLevel(logging.DEBUG if verbosity > 1 else logging.INFO)
