"""A request: who wants to do what to which resource, and what is known of its context."""

from __future__ import annotations

from dataclasses import field

from .context import Context
from .immutable import immutable
from .principals import Caller


@immutable()
class Request:
    """What is asked: ``resource`` is an ARN, or ``*`` for an action that acts on no one resource.

    ``folded`` is the action in lower case, which every stage of an evaluation asks for.
    """

    caller: Caller
    action: str
    resource: str = "*"
    resource_account: str | None = None
    context: Context = field(default_factory=Context)
    folded: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "folded", self.action.lower())
