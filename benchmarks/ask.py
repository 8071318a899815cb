"""How well sentences are understood: what different people would type, against what they mean.

A sentence that is answered with another question, or with other words for its parameters, is wrong; one that is refused
with the right question among the nearest is offered. Sentences that nothing answers must be refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from muniment.errors import UsageError
from muniment.queries.nearness import nearest
from muniment.queries.sentence import understand

from .measure import Figure

CASES = Path(__file__).parents[1] / "tests" / "cases" / "ask" / "evaluation"
HELD_OUT = ("first", "second", "third", "fourth")


@dataclass(frozen=True, slots=True)
class Judged:
    """One sentence, and what became of it: ``right``, ``offered``, ``refused`` or ``wrong``."""

    sentence: str
    verdict: str
    became: str


def judged() -> list[Judged]:
    """Every sentence that the patterns were extended with."""
    answered, unclear = (_read(f"{name}.yaml") for name in ("answered", "unclear"))
    return [_judge(case) for case in answered] + [_refuse(case["ask"]) for case in unclear]


def held_out(name: str) -> list[Judged]:
    """A set that was written from the questions' titles alone, and measured before anything was made of it."""
    return [_judge(case) if "is" in case else _refuse(case["ask"]) for case in _read(f"held_out/{name}.yaml")]


def figures() -> Iterator[Figure]:
    """The shares, and that nothing is answered wrongly."""
    yield from _shares("", judged(), 90)
    for name in HELD_OUT:
        yield from _shares(f"{name}: ", held_out(name))


def _shares(label: str, every: Sequence[Judged], target: float | None = None) -> Iterator[Figure]:
    counts = {verdict: sum(one.verdict == verdict for one in every) for verdict in ("right", "offered", "missed")}
    meant = sum(counts.values()) + sum(one.verdict == "wrong" and not one.became.startswith("!") for one in every)
    yield Figure(f"{label}sentences that a question answers", meant, "")
    yield Figure("  understood, parameters and all", 100 * counts["right"] / meant, "%", target, at_least=True)
    yield Figure("  refused, the question among the nearest four", 100 * counts["offered"] / meant, "%")
    yield Figure("  refused, the question not among them", 100 * counts["missed"] / meant, "%")
    yield Figure("sentences that no question answers", len(every) - meant, "")
    yield Figure("answered wrongly, of all", sum(one.verdict == "wrong" for one in every), "")


def _read(name: str) -> list[Mapping[str, Any]]:
    return list(yaml.safe_load((CASES / name).read_text(encoding="utf-8")))


def _judge(case: Mapping[str, Any]) -> Judged:
    meant = case["is"] if isinstance(case["is"], list) else [case["is"]]
    sentence = case["ask"]
    try:
        found = understand(sentence)
    except UsageError:
        near = [question.id for question in nearest(sentence)]
        hit = {*meant, case.get("offered", "")} & set(near)
        return Judged(sentence, "offered" if hit else "missed", ", ".join(near))
    wanted = case.get("given", {})
    given = {name: value for name, value in found.given.items() if name != "kinds" or "kinds" in wanted}
    right = found.question.id in meant and given.keys() == wanted.keys()
    right = right and all(given[name] in _readings(wanted[name]) for name in given)
    return Judged(sentence, "right" if right else "wrong", f"{found.question.id} {dict(found.given)}")


def _readings(wanted: object) -> list[str]:
    """One reading of a parameter's words, or several that are as good."""
    return [str(one) for one in (wanted if isinstance(wanted, list) else [wanted])]


def _refuse(sentence: str) -> Judged:
    try:
        found = understand(sentence)
    except UsageError:
        return Judged(sentence, "refused", "")
    return Judged(sentence, "wrong", f"! {found.question.id} {dict(found.given)}")
