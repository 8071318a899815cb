"""``once``: a property that is worked out when it is first asked for, and kept.

``functools.cached_property`` does the same, but before Python 3.12 takes a lock whenever it works one out, which takes
longer than most of what is worked out here. Without it two threads may both do so, and come to the same.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

Made = TypeVar("Made")


class once(Generic[Made]):  # noqa: N801 - a decorator, as property is
    """A method of no arguments, the value of which takes its place in the instance."""

    def __init__(self, make: Callable[[Any], Made]) -> None:
        self.make = make
        self.__doc__ = make.__doc__

    def __set_name__(self, _owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, instance: None, owner: type) -> once[Made]: ...

    @overload
    def __get__(self, instance: object, owner: type) -> Made: ...

    def __get__(self, instance: object | None, owner: type) -> once[Made] | Made:
        if instance is None:
            return self
        made = self.make(instance)
        object.__setattr__(instance, self.name, made)  # To ask for the instance's ``__dict__`` would make it one.
        return made
