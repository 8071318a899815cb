"""The product against the naive evaluator, on random requests; and what ``discover`` says against all it may come to.

``nightly/`` runs the same on many more.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import islice
from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from muniment.analysis.iam.simulate import simulate

from .naive.evaluator import evaluate
from .naive.names import KEYS
from .naive.worlds import World, worlds

REQUESTS = 5_000
SIZE = 10
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


@settings(max_examples=REQUESTS // SIZE, deadline=None, suppress_health_check=SLOW)
@given(world=worlds(SIZE))
def test_both_evaluators_agree(world: World) -> None:
    agree(world)


@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
@given(world=worlds(SIZE), seed=st.integers(0, 2**32))
def test_discover_never_contradicts_what_a_context_comes_to(world: World, seed: int) -> None:
    promise(world, Random(seed))


def agree(world: World) -> None:
    """Both evaluators decide every request of the world alike."""
    for request in world.given():
        naive, product = evaluate(request), simulate(request)
        assert (product["decision"], product["explicit"]) == (naive.decision, naive.explicit), request


def promise(world: World, random: Random, tries: int = 6) -> None:
    """What is decided while parts of the context are not known holds whatever they turn out to be.

    ``allow`` and ``deny`` do for every completion, and an explicit ``deny`` is explicit in all of them. Where no
    condition remains, ``conditional`` would say nothing.
    """
    for request in world.given():
        known = {key: value for key, value in request["context"].items() if random.random() < 0.4}
        answer = simulate({**request, "mode": "discover", "context": known})
        if answer["decision"] == "conditional":
            assert answer["conditions"], request
        if answer["decision"] not in ("allow", "deny"):
            continue
        never = _never_has(str(request["principal"]))
        for context in islice(completions(known, str(world.policies), random, never), tries):
            naive = evaluate({**request, "context": context})
            assert naive.decision == answer["decision"], (request, known, context)
            assert naive.explicit or not answer["explicit"], (request, known, context)


def _never_has(principal: str) -> Collection[str]:
    """Keys that no context of the caller has: only users have a name, and the root user has no tags either."""
    if principal.endswith(":root"):
        return ("aws:PrincipalTag/team", "aws:username")
    return () if ":user/" in principal else ("aws:username",)


def completions(
    known: dict[str, Any], policies: str, random: Random, never: Collection[str]
) -> Iterator[dict[str, Any]]:
    """Contexts that agree with what is known, every other key that the policies name being absent or of any value."""
    given = {key.lower() for key in (*known, *never)}
    named = [key for key in KEYS if key.lower() not in given and re.search(re.escape(key), policies, re.IGNORECASE)]
    while True:
        context = dict(known)
        for key in named:
            value = random.choice([None, *KEYS[key][0]])
            if value is not None:
                context[key] = value
        yield context
