"""Keeps the responses of a run in a folder, and answers from such a folder instead of AWS.

    DIR/manifest.json                                        what made it, and the plan of the run
    DIR/ACCOUNT/REGION/SERVICE/OPERATION-HASH.jsonl          one call: JSON Lines

A call's first line says which call it is, each further line is a response page, and the last says how it ended:
completely, or with a refusal. The text is plain, so that whoever hands a recording on can read what is in it first.
Credentials are never part of it. A call that is not in the folder is refused as not recorded: it is not known, which
is not "none".
"""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import uuid
from collections.abc import Iterator, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import IO, Any

from .. import __version__
from ..errors import ReplayError, UsageError
from .aws.collector import Page, Params
from .aws.discovery import Explorable
from .aws.plan import Plan
from .aws.refusal import NOT_RECORDED, CallRefused
from .aws.session import Identity
from .encoding import decode, encode

MANIFEST = "manifest.json"
FORMAT = 1
"""Raised when recordings made before cannot be read any more."""

CORRUPT = "CorruptRecording"
"""The code of a call whose file cannot be read."""


class RecordingSource:
    """Passes calls on to another source, and keeps every response."""

    def __init__(self, inner: Explorable, folder: Path) -> None:
        """UsageError if the folder holds something that is no recording."""
        self.check(folder)
        self._inner = inner
        self._folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    @staticmethod
    def check(folder: Path) -> None:
        """UsageError if the folder holds something that is no recording."""
        if folder.exists() and (not folder.is_dir() or (any(folder.iterdir()) and not (folder / MANIFEST).is_file())):
            raise UsageError(f"{folder} holds something else than a recording", "Record into a new folder.")

    @property
    def identity(self) -> Identity:
        """Who makes the calls."""
        return self._inner.identity

    def can_enter(self, account: str) -> bool:
        """Whether calls can be made in the account."""
        return self._inner.can_enter(account)

    def keep(self, plan: Plan, recorded_at: str) -> None:
        """Write the manifest: what a replay reads first."""
        manifest = {
            "recording": FORMAT,
            "tool": "muniment",
            "version": __version__,
            "recorded_at": recorded_at,
            "plan": plan.to_json(),
        }
        with _replacing(self._folder / MANIFEST) as file:
            json.dump(manifest, file, indent=2)

    def pages(
        self,
        account: str,
        region: str,
        service: str,
        operation: str,
        params: Params,
        tokens: tuple[str, str] | None = None,
    ) -> Iterator[Page]:
        """The response pages of the other source. A call of which not all is taken is not kept."""
        path = _path(self._folder, account, region, service, operation, params)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        ended: CallRefused | None = None
        with _replacing(path) as file:
            _write(file, _header(account, region, service, operation, params))
            try:
                for page in self._inner.pages(account, region, service, operation, params, tokens):
                    _write(file, {"page": encode(page)})
                    yield page
                _write(file, {"end": True})
            except CallRefused as refused:
                ended = refused
                told = {"code": refused.code, "message": refused.message, "action": refused.action}
                _write(file, {"refused": told})
        if ended:
            raise ended


class ReplaySource:
    """Answers from a folder that RecordingSource made."""

    def __init__(self, folder: Path) -> None:
        """ReplayError if the folder is no recording, or one of a newer version."""
        self._folder = folder
        self.plan = _planned(folder)

    def strangers(self) -> list[str]:
        """Files of the folder that are no part of a recording, by their names in it."""
        return sorted(
            str(path.relative_to(self._folder))
            for path in self._folder.rglob("*")
            if path.is_file() and path != self._folder / MANIFEST and not _is_call(path)
        )

    def pages(
        self,
        account: str,
        region: str,
        service: str,
        operation: str,
        params: Params,
        tokens: tuple[str, str] | None = None,  # noqa: ARG002 - pages are recorded whole
    ) -> Iterator[Page]:
        """The recorded response pages; CallRefused as it was recorded, or where the call is not recorded."""
        path = _path(self._folder, account, region, service, operation, params)
        asked = _header(account, region, service, operation, params)
        for number, line in enumerate(_lines(path)):
            if number == 0:
                if line != asked:
                    raise CallRefused(CORRUPT, f"{path.name} holds another call than its name says")
            elif "page" in line:
                yield _page(line["page"], path)
            elif "refused" in line:
                raise CallRefused(**_refusal(line["refused"], path))
            elif "end" in line:
                return
        raise CallRefused(CORRUPT, f"{path.name} ends in the middle of the call")


def _planned(folder: Path) -> Plan:
    hint = "Name the folder that --record was given; what the AWS CLI printed is read by `muniment ingest files`."
    manifest = folder / MANIFEST
    if not manifest.is_file():
        raise ReplayError(f"{folder} is not a recording: it has no {MANIFEST}", hint)
    try:
        written = json.loads(manifest.read_text(encoding="utf-8"))
        if written["recording"] > FORMAT:
            made_by = f"Muniment {written.get('version')}"
            raise ReplayError(f"{folder} was recorded by a newer version: {made_by}", "Replay it with that version.")
        return Plan.from_json(written["plan"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ReplayError(f"{manifest} cannot be understood: {type(error).__name__}: {error}", hint) from error


def _path(folder: Path, account: str, region: str, service: str, operation: str, params: Params) -> Path:
    text = json.dumps(encode(dict(params)), sort_keys=True)
    digest = blake2b(text.encode(), digest_size=8).hexdigest()
    return folder / account / region / service / f"{operation}-{digest}.jsonl"


def _header(account: str, region: str, service: str, operation: str, params: Params) -> dict[str, Any]:
    return {
        "account": account,
        "region": region,
        "service": service,
        "operation": operation,
        "params": encode(dict(params)),
    }


def _is_call(path: Path) -> bool:
    try:
        first = next(_lines(path), {})
    except CallRefused:
        return False
    return {"account", "region", "service", "operation", "params"} <= first.keys()


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    """The lines of a call's file, which may be compressed."""
    packed = path.with_name(f"{path.name}.gz")
    try:
        with _open(path if path.exists() or not packed.exists() else packed) as file:
            for line in file:
                parsed = json.loads(line)
                if not isinstance(parsed, dict):
                    raise ValueError("a line is not an object")
                yield parsed
    except FileNotFoundError:
        raise CallRefused(NOT_RECORDED, "the recording does not hold this call") from None
    except (OSError, EOFError, ValueError, RecursionError) as error:
        raise CallRefused(CORRUPT, f"{path.name}: {type(error).__name__}: {error}"[:500]) from error


def _open(path: Path) -> IO[str]:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8")
    return path.open(encoding="utf-8")


def _page(encoded: object, path: Path) -> Page:
    try:
        page = decode(encoded)
    except (ValueError, TypeError, AttributeError) as error:
        raise CallRefused(CORRUPT, f"{path.name}: {error}"[:500]) from error
    if not isinstance(page, dict):
        raise CallRefused(CORRUPT, f"{path.name}: a page is not an object")
    return page


def _refusal(told: object, path: Path) -> dict[str, str]:
    if not isinstance(told, Mapping) or "code" not in told:
        raise CallRefused(CORRUPT, f"{path.name}: a refusal has no code")
    return {name: str(told.get(name, "")) for name in ("code", "message", "action")}


def _write(file: IO[str], line: Mapping[str, Any]) -> None:
    file.write(json.dumps(line))
    file.write("\n")


@contextlib.contextmanager
def _replacing(path: Path) -> Iterator[IO[str]]:
    """A file that takes the place of ``path`` once it is whole. Only its owner can read it."""
    draft = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            yield file
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
