"""``immutable``: a dataclass whose instances nobody changes, which the type checker sees to.

``dataclass(frozen=True)`` sees to it at run time as well, and for that sets each field of a new instance by a call of
its own. With the many objects that are made for one request, or for one statement, this takes a tenth of the whole.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import Field, dataclass, field
from typing import TypeVar, dataclass_transform

Class = TypeVar("Class")


@dataclass_transform(frozen_default=True, field_specifiers=(field, Field))
def immutable(*, slots: bool = True, eq: bool = True) -> Callable[[type[Class]], type[Class]]:
    """As ``dataclass(frozen=True, slots=…, eq=…)``. What has a property that is worked out ``once`` has no slots."""

    def made(cls: type[Class]) -> type[Class]:
        return dataclass(slots=slots, eq=eq, unsafe_hash=eq and "__hash__" not in vars(cls))(cls)

    return made
