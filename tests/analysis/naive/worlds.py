"""Random policies and requests, of few names so that they meet: what the two evaluators are compared on.

A world is a set of policies and several requests that are made under them, most of them for one target that the
policies are about. Hypothesis chooses which policies there are and one number for each of them, from which the policy
is made: it is fast, and a failure still shrinks to few policies. Only what the documentation settles is
generated: keys with several values take set operators, as they must, and every value is of its key's type.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from hypothesis import strategies as st

from .names import (
    ACTION_PATTERNS,
    AWAY,
    COMPARED_WITH,
    FULL_ACCESS,
    HOME,
    KEYS,
    MALFORMED,
    NAMED_PRINCIPALS,
    NEGATED,
    PRINCIPALS,
    RCP_FULL_ACCESS,
    RESOURCE_PATTERNS,
    TARGETS,
)


@dataclass(frozen=True)
class World:
    """Policies, and requests that are made under them."""

    policies: dict[str, Any]
    requests: list[dict[str, Any]]

    def given(self) -> list[dict[str, Any]]:
        """The objects to simulate: each request together with the policies that it is under."""
        return [
            {
                **{name: value for name, value in self.policies.items() if name not in request["without"]},
                **request["asks"],
            }
            for request in self.requests
        ]


def worlds(size: int) -> st.SearchStrategy[World]:
    """Worlds of as many requests each."""
    return st.integers(0, len(TARGETS) - 1).flatmap(lambda target: _about(target, size))


def _about(target: int, size: int) -> st.SearchStrategy[World]:
    def made(make: Callable[[Random, int], dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
        return st.integers(0, 2**32).map(lambda number: make(Random(number), target))

    own = made(lambda random, about: policy(random, about))
    named = made(lambda random, about: policy(random, about, NAMED_PRINCIPALS))
    service_control = made(lambda random, about: policy(random, about, denies=0.5))
    guardrail = made(lambda random, about: policy(random, about, ["*"], denies=0.5))
    together = st.fixed_dictionaries(
        {
            "identity_policies": st.lists(own, min_size=1, max_size=4),
            "permission_boundaries": st.one_of(st.none(), st.lists(own, min_size=1, max_size=1)),
            "session_policies": st.one_of(st.none(), st.lists(own, min_size=1, max_size=2)),
            "resource_policy": st.one_of(st.none(), named, named, named),
            "service_control_policies": _levels(FULL_ACCESS, service_control),
            "resource_control_policies": _levels(RCP_FULL_ACCESS, guardrail),
            "endpoint_policies": st.one_of(st.none(), st.just([RCP_FULL_ACCESS]), st.lists(guardrail, max_size=1)),
            "settings": st.sampled_from([{}, {}, {}, {"management_account": HOME}]),
        }
    )
    return st.builds(World, together, st.lists(made(request), min_size=size, max_size=size))


def _levels(full: dict[str, Any], some: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[list[Any]]:
    """Policies per level of an organization, full access among them more often than not."""
    level = st.one_of(st.just([full]), some.map(lambda extra: [full, extra]), st.lists(some, max_size=2))
    return st.lists(level, max_size=3)


def request(random: Random, target: int) -> dict[str, Any]:
    """One request, mostly for the target, and which of its world's policies it is not under."""
    action, resource = TARGETS[target] if random.random() < 0.8 else random.choice(TARGETS)
    asks = {
        "principal": random.choice(PRINCIPALS),
        "action": action,
        "resource": resource,
        "resource_account": AWAY if ":s3:::" in resource and random.random() < 0.25 else HOME,
        "context": {
            random.choice([key, key.lower()]): random.choice([*values, *values, *MALFORMED.get(kind, [])])
            for key, (values, kind) in KEYS.items()
            if random.random() < 0.6
        },
        "mode": "strict",
    }
    without = [name for name, rate in LEFT_OUT.items() if random.random() < rate]
    return {"asks": asks, "without": without}


LEFT_OUT = {
    "identity_policies": 0.15,
    "permission_boundaries": 0.5,
    "session_policies": 0.5,
    "endpoint_policies": 0.8,
    "service_control_policies": 0.7,
    "resource_control_policies": 0.6,
    "resource_policy": 0.2,
}
"""How often a request is not under a type of policy, so that one does not hide what the others do."""


def policy(random: Random, target: int, principals: list[Any] | None = None, *, denies: float = 0.2) -> dict[str, Any]:
    """One document; ``principals`` are what a Principal element may be, None where there is none."""
    some = [
        _statement(random, target, principals, denies=random.random() < denies)
        for _ in range(random.choice([1, 1, 2, 3]))
    ]
    version = random.choice(["2012-10-17"] * 5 + ["2008-10-17", None])
    document = {"Statement": some[0] if len(some) == 1 and random.random() < 0.5 else some}
    return {"Version": version, **document} if version else document


def _statement(random: Random, target: int, principals: list[Any] | None, *, denies: bool) -> dict[str, Any]:
    statement: dict[str, Any] = {"Effect": "Deny" if denies else "Allow"}
    if principals:
        excepts = denies and len(principals) > 1 and random.random() < 0.4
        statement["NotPrincipal" if excepts else "Principal"] = random.choice(principals)
    service, name = TARGETS[target][0].split(":")
    likely = ["*", f"{service}:*", f"{service.upper()}:{name[:3]}*"]
    statement["Action"] = _some(random, likely if random.random() < 0.9 else ACTION_PATTERNS)
    statement["Resource"] = _some(random, ["*"] if random.random() < 0.65 else RESOURCE_PATTERNS)
    for element in ("Action", "Resource"):
        if random.random() < 0.1:
            statement[f"Not{element}"] = _some(random, ACTION_PATTERNS if element == "Action" else RESOURCE_PATTERNS)
            del statement[element]
    if principals is NAMED_PRINCIPALS and service == "sts" and random.random() < 0.5:
        # A role trust policy has no Resource: it is the role that it is attached to.
        statement = {name: entries for name, entries in statement.items() if "Resource" not in name}
    if random.random() < (0.7 if denies else 0.3):
        statement["Condition"] = _condition(random)
    return statement


def _condition(random: Random) -> dict[str, dict[str, Any]]:
    """A Condition element of one or two tests."""
    built: dict[str, dict[str, Any]] = {}
    for _ in range(random.choice([1, 1, 2])):
        key = random.choice(list(KEYS))
        operator, wanted = _test(random, KEYS[key][1])
        built.setdefault(operator, {})[random.choice([key, key.lower(), key.upper()])] = wanted
    return built


def _test(random: Random, kind: str) -> tuple[str, Any]:
    """An operator for keys of a type, and what it compares with."""
    if random.random() < 0.1:
        return "Null", random.choice(["true", "false", True])
    operators, values = COMPARED_WITH[kind]
    operator = random.choice(operators)
    if random.random() < 0.35:
        operator = NEGATED.get(operator, operator)
    suffix = random.choice(["", "", "", "IfExists"])
    sets = ["ForAllValues:", "ForAnyValue:"] + ([] if kind == "strings" else [""] * 4)
    return random.choice(sets) + operator + suffix, _some(random, values)


def _some(random: Random, entries: list[Any]) -> Any:
    """An entry as it is, or a list of some."""
    if random.random() < 0.5:
        return random.choice(entries)
    return [random.choice(entries) for _ in range(random.choice([1, 2, 3]))]
