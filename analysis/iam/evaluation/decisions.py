"""What an evaluation concludes: Allow, Deny, Conditional or Unknown, each with what it rests on."""

from __future__ import annotations

from typing import ClassVar, TypeAlias

from ..conditions.formula import Formula
from ..conditions.phrases import spoken
from ..conditions.sentences import condition_sentences
from ..immutable import immutable
from ..policies.statements import Reason


@immutable()
class Allow:
    """The request is let through, whatever its context is."""

    because: tuple[Reason, ...] = ()
    word: ClassVar[str] = "allow"

    @property
    def conditions(self) -> tuple[str, ...]:
        """None remain."""
        return ()

    @property
    def sentences(self) -> tuple[str, ...]:
        """None remain."""
        return ()


@immutable()
class Deny:
    """The request is refused; ``explicit`` when a Deny statement says so rather than the want of an Allow."""

    because: tuple[Reason, ...] = ()
    explicit: bool = False
    word: ClassVar[str] = "deny"

    @property
    def conditions(self) -> tuple[str, ...]:
        """None remain."""
        return ()

    @property
    def sentences(self) -> tuple[str, ...]:
        """None remain."""
        return ()


@immutable()
class Conditional:
    """The request is let through where ``formula``, a statement about its context, holds."""

    formula: Formula
    because: tuple[Reason, ...] = ()
    word: ClassVar[str] = "conditional"

    @property
    def conditions(self) -> tuple[str, ...]:
        """What must hold, one clause each, in the policy's own terms; all of them must."""
        return condition_sentences(self.formula)

    @property
    def sentences(self) -> tuple[str, ...]:
        """What must hold, as a person would say it; all of them must."""
        return spoken(self.formula)


@immutable()
class Unknown:
    """What could not be read, or could not be understood, decides: ``reason`` says what that is."""

    reason: str
    because: tuple[Reason, ...] = ()
    word: ClassVar[str] = "unknown"

    @property
    def conditions(self) -> tuple[str, ...]:
        """Not known."""
        return ()

    @property
    def sentences(self) -> tuple[str, ...]:
        """Not known."""
        return ()


Decision: TypeAlias = Allow | Deny | Conditional | Unknown

_ORDER = ("allow", "conditional", "unknown")


def rank(decision: Decision) -> int:
    """0 for ``allow``, and more the less sure it is."""
    return _ORDER.index(decision.word) if decision.word in _ORDER else len(_ORDER)
