"""What is said where a sentence is not answered: how it was read, the names and the questions that come nearest."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from ..errors import MunimentError, NotFound, UsageError
from .nearness import nearest
from .slips import Slip

if TYPE_CHECKING:
    from .answer import Answer
    from .library import Folders
    from .question import Question
    from .sentence import Understood

Refusal: TypeAlias = NotFound | UsageError
Outcome: TypeAlias = "tuple[Understood, Answer | Refusal]"
"""A reading of a sentence, and what came of answering it."""


def settled(sentence: str, outcomes: Sequence[Outcome], folders: Folders = ()) -> tuple[Understood, Answer]:
    """The one reading whose names there are, and its answer with how it was read; the error of none, or of several."""
    named = [one for one in outcomes if not isinstance(one[1], NotFound | Slip)]
    if len(named) > 1:
        raise _several(sentence, [reading for reading, _ in named])
    reading, found = (named or outcomes)[0]
    if isinstance(found, MunimentError):
        raise _refused(found, sentence, reading, folders)
    return reading, found if found.interpretation else replace(found, interpretation=reading.interpretation)


def unclear(sentence: str, near: Sequence[Question]) -> UsageError:
    """That it is not sure what a sentence asks, with questions that are like it."""
    return UsageError(f"not sure what is asked by: {sentence.strip()}", _listed(near), {"questions": _named(near)})


def _several(sentence: str, readings: Sequence[Understood]) -> UsageError:
    """That a sentence asks several questions, for what it names is called so in each."""
    listed = "\n".join(f"  {reading.interpretation}" for reading in readings)
    asked = [{"id": reading.question.id, "question": reading.interpretation} for reading in readings]
    return UsageError(
        f"not sure what is asked by: {sentence.strip()}",
        f"It may ask:\n{listed}\nAsk in the words of one of these.",
        {"questions": asked},
    )


def shown(question: Question) -> str:
    """The question as one would ask it, with its parameters as ``<target>``."""
    return re.sub(r"\{(\w+)(?::\w+)?\}", r"<\1>", question.question)


def _refused(error: Refusal, sentence: str, reading: Understood, folders: Folders) -> Refusal:
    """The error of answering what a sentence was taken for, with that, and with other questions like the sentence."""
    error = error.within(sentence) if isinstance(error, Slip) else error
    near = [question for question in nearest(sentence, 5, folders) if question.id != reading.question.id][:4]
    said = f"Understood as: {reading.interpretation}"
    error.hint = "\n".join(text for text in (error.hint, said, _listed(near)) if text)
    taken = {"question": reading.question.id, "parameters": dict(reading.given)}
    error.offered |= {"understood": taken | {"interpretation": reading.interpretation}, "questions": _named(near)}
    return error


def _listed(near: Sequence[Question]) -> str:
    listed = "\n".join(f"  {shown(question)}" for question in near)
    return f"Questions like it:\n{listed}\n`muniment queries list` shows all of them."


def _named(near: Sequence[Question]) -> list[dict[str, str]]:
    return [{"id": question.id, "question": shown(question)} for question in near]
