"""What is known of a request's context: the values of its condition keys.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-reqcontext.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from enum import Enum
from typing import Final, Literal, TypeAlias

from ..immutable import immutable


class _Unknown(Enum):
    UNKNOWN = "unknown"

    __hash__ = object.__hash__  # that of Enum is written in Python


UNKNOWN: Final = _Unknown.UNKNOWN
"""The value of a key of which nothing is known, not even whether the request has it."""

TRUE, FALSE = ("true",), ("false",)

Found: TypeAlias = tuple[str, ...] | Literal[_Unknown.UNKNOWN] | None


@immutable()
class Context:
    """The condition keys of a request. Names of keys do not regard case.

    ``known`` has keys in lower case with their values, or None where the key is known to be absent. A key that is not
    in it is absent where ``closed`` (mode ``strict``) or where it begins with one of ``closed_prefixes``, else unknown
    (mode ``discover``).
    """

    known: Mapping[str, tuple[str, ...] | None] = field(default_factory=dict)
    closed: bool = False
    closed_prefixes: tuple[str, ...] = ()

    @classmethod
    def of(cls, given: Mapping[str, object], *, closed: bool = False, closed_prefixes: tuple[str, ...] = ()) -> Context:
        """From a mapping as people or JSON give it: values are texts, numbers, booleans, or lists of them."""
        known = {key.lower(): (value,) if type(value) is str else texts(value) for key, value in given.items()}
        return cls(known, closed, closed_prefixes)

    def find(self, key: str) -> Found:
        """The values of a key, None where the request does not have it, or ``UNKNOWN``."""
        return self.find_folded(key.lower())

    def find_folded(self, key: str) -> Found:
        """As ``find``, for a key in lower case."""
        found = self.known.get(key, UNKNOWN)
        if found is not UNKNOWN:
            return found
        if self.closed or (self.closed_prefixes and key.startswith(self.closed_prefixes)):
            return None
        return UNKNOWN

    def over(self, base: Context) -> Context:
        """This context laid over another: what this one knows counts first."""
        prefixes = (*base.closed_prefixes, *self.closed_prefixes)
        return Context({**base.known, **self.known}, self.closed or base.closed, prefixes)


def texts(value: object) -> tuple[str, ...] | None:
    """The values of a key as texts; None for null. ValueError where they are neither texts, numbers nor booleans."""
    if isinstance(value, bool):
        return TRUE if value else FALSE
    if value is None:
        return None
    if isinstance(value, str):
        return (value,)
    if isinstance(value, Mapping):
        raise ValueError("an object is no value of a condition key")
    if isinstance(value, Iterable):
        return tuple(text for item in value for text in texts(item) or ())
    return (str(value),)
