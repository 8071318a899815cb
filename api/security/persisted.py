"""Operations that are kept here and asked for by their id, which is the SHA-256 of their text.

A request names one as Apollo's clients do: ``{"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "…"}}}``.
In the allow-list mode nothing else is taken: whoever has a token asks what somebody read and put here, or nothing.
https://www.apollographql.com/docs/apollo-server/performance/apq
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from graphql import GraphQLSyntaxError, parse

from ...errors import SettingsError
from ..graphql.failures import Code, bad_input, failure

SUFFIXES = (".graphql", ".gql")


@dataclass(frozen=True, slots=True)
class Persisted:
    """Operations by their ids. With ``only``, no others are taken."""

    operations: Mapping[str, str] = field(default_factory=dict)
    only: bool = False

    @classmethod
    def read(cls, path: Path, *, only: bool = False) -> Persisted:
        """The operations of a folder, one file each, or of a JSON file; SettingsError where one cannot be understood.

        A JSON file is an object of texts by their ids, or Apollo's manifest.
        """
        try:
            texts = [*_texts(path)]
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise SettingsError(f"the persisted operations {path} cannot be read: {error}") from error
        for where, text in texts:
            try:
                parse(text)
            except GraphQLSyntaxError as error:
                raise SettingsError(f"{where} is not GraphQL: {error.message}") from error
        return cls({id_of(text): text for _, text in texts}, only)

    def query(self, body: Mapping[str, Any]) -> Any:
        """The text of what a request asks; BAD_USER_INPUT for an id that is not known, FORBIDDEN where it is no such.

        None where it has neither a text nor an id.
        """
        text, id_ = body.get("query"), _id(body)
        if text is None and id_ is not None:
            if id_ not in self.operations:
                raise bad_input("PersistedQueryNotFound", "No operation of this id is kept here.")
            return self.operations[id_]
        if isinstance(text, str):
            if id_ is not None and id_of(text) != id_:
                raise bad_input("sha256Hash is not that of the query")
            if self.only and id_of(text) not in self.operations:
                raise failure(Code.FORBIDDEN, "only operations that are kept here are taken", "Ask for one by its id.")
        return text


def id_of(text: str) -> str:
    """The id of an operation."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _id(body: Mapping[str, Any]) -> str | None:
    extensions = body.get("extensions")
    said = extensions.get("persistedQuery") if isinstance(extensions, Mapping) else None
    if said is None:
        return None
    id_ = said.get("sha256Hash") if isinstance(said, Mapping) else None
    if not isinstance(said, Mapping) or said.get("version") != 1 or not isinstance(id_, str):
        raise bad_input('persistedQuery is not {"version": 1, "sha256Hash": "…"}')
    return id_.lower()


def _texts(path: Path) -> Iterator[tuple[str, str]]:
    if path.is_dir():
        for file in sorted(one for one in path.iterdir() if one.suffix in SUFFIXES):
            yield str(file), file.read_text(encoding="utf-8")
        return
    found = json.loads(path.read_text(encoding="utf-8"))
    listed = {one["id"]: one["body"] for one in found["operations"]} if "operations" in found else found
    for id_, text in listed.items():
        if id_of(text) != id_.removeprefix("sha256:").lower():
            raise ValueError(f"{id_} is not the SHA-256 of its operation")
        yield f"{path}: {id_}", text
