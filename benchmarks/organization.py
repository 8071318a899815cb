"""A whole organization in memory, without any database: who can assume which role, and who can do what.

What is measured of one size is measured in a process of its own, in seconds of its processor. The small organization
has ten accounts like any of the large one's thousand: as many principals, as many sets of policies, from as many
templates. Beside it stands one whose templates are in proportion, four, of which its principals make fewer sets. Both
are made and measured several times, each time from another seed, so that nothing is known of them before.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from multiprocessing import get_context
from resource import RUSAGE_SELF, getrusage
from statistics import median
from typing import TypeAlias, TypeVar

from muniment.analysis.iam.assuming.assume import Assumptions
from muniment.analysis.iam.estates.estate import Estate
from muniment.analysis.iam.everyone.chains import Chains
from muniment.analysis.iam.everyone.over_ranges import who_can
from muniment.analysis.iam.everyone.ranges import Range
from muniment.analysis.iam.everyone.who_can import Index
from muniment.analysis.iam.policies.statements import Document, Policy
from muniment.api.server import settle
from muniment.schema import Edge

from .account import aws_managed
from .filling import Shape
from .landscape import organization
from .measure import Figure
from .trust_policies import account_id

LARGE = Shape(accounts=1_000, roles=180_000, users=20_000, own=16, templates=400)
SMALL = Shape(accounts=10, roles=1_800, users=200, own=16, templates=400)
UNIFORM = replace(SMALL, templates=4)
ONE_ACCOUNT = Shape(accounts=1, roles=700, users=100, own=100, templates=40)
TIMES = 9
"""How often what takes little time is measured."""

Measured: TypeAlias = dict[str, float]
Made = TypeVar("Made")

QUESTIONS = (
    ("s3:GetObject", "arn:aws:s3:::payments-api/report.csv"),
    ("s3:PutObject", "arn:aws:s3:::home/payments/x"),
    ("iam:CreateUser", "*"),
    ("iam:PassRole", "arn:aws:iam::{account}:role/pipeline"),
    ("sts:AssumeRole", "arn:aws:iam::{account}:role/break-glass"),
    ("ec2:RunInstances", "*"),
    ("ec2:StopInstances", "arn:aws:ec2:eu-west-1:{account}:instance/i-0123456789abcdef0"),
    ("kms:Decrypt", "arn:aws:kms:eu-west-1:{account}:key/01234567-89ab-cdef-0123-456789abcdef"),
    ("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:eu-west-1:{account}:secret:payments-api-3/db"),
    ("dynamodb:DeleteTable", "arn:aws:dynamodb:eu-west-1:{account}:table/payments-api-3"),
    ("sqs:SendMessage", "arn:aws:sqs:eu-west-1:{account}:orders-worker"),
    ("logs:PutLogEvents", "*"),
    ("cloudtrail:StopLogging", "*"),
    ("organizations:LeaveOrganization", "*"),
    ("quantum:Entangle", "*"),
)
"""Requests of every kind, the last one of a service that nobody's policies name."""

RANGES = (("s3:Get*", "arn:aws:s3:::payments-api/*"), ("iam:*", "*"), ("s3:GetObject", "arn:aws:s3:::payments-*"))
"""Questions with wildcards: who may make any of the requests."""


def figures() -> Iterator[Figure]:
    """CAN_ASSUME of three sizes and how it grows; what a change costs; then questions to the largest."""
    one = _in_a_process(_can_assume, ONE_ACCOUNT, TIMES)
    yield Figure("one account: principals", ONE_ACCOUNT.principals, "")
    yield Figure("one account: CAN_ASSUME", one["seconds"], "s", 1.0)
    small = _in_a_process(_can_assume, SMALL, TIMES)
    yield Figure("small organization: principals", SMALL.principals, "")
    yield Figure("small organization: CAN_ASSUME, median", small["seconds"], "s")
    uniform = _in_a_process(_can_assume, UNIFORM, TIMES)
    yield Figure("the same with four templates: CAN_ASSUME, median", uniform["seconds"], "s")
    large = _in_a_process(_can_assume, LARGE, 1)
    yield Figure("large organization: principals", LARGE.principals, "")
    yield Figure("large organization: distinct policies", large["policies"], "", 16_000, at_least=True)
    yield Figure("large organization: roles that trust everyone", large["open"], "")
    yield Figure("large organization: CAN_ASSUME", large["seconds"], "s", 60.0)
    yield Figure("large organization: relationships, GATHERED_IN among them", large["relationships"], "")
    yield Figure("large organization: memory, the estate with it", large["mb"], "MB", 4_000.0)
    share = SMALL.principals / LARGE.principals
    yield Figure("seconds for each principal, large over small", large["seconds"] / small["seconds"] * share, "", 1.2)
    yield Figure("large over that with four templates", large["seconds"] / uniform["seconds"] * share, "")
    changed = _in_a_process(_changed, LARGE, 1)
    yield Figure("decisions of all CAN_ASSUME", changed["all"], "")
    yield Figure("a changed policy: decisions made again", changed["again"], "")
    yield Figure("a changed policy: seconds until all is said again", changed["seconds"], "s")
    asked = _in_a_process(_who_can, LARGE, 1)
    yield Figure("making the index", asked["index"], "s")
    yield Figure("who-can, median", asked["median"], "ms", 50)
    yield Figure("who-can, slowest", asked["slowest"], "ms")
    yield Figure("making the chains of CAN_ASSUME", asked["chains"], "s")
    yield Figure("who-can --transitive, median", asked["median through chains"], "ms", 50)
    yield Figure("who-can --transitive, slowest", asked["slowest through chains"], "ms")
    yield Figure("who-can: a changed policy, and asking again", asked["replaced"], "ms")
    yield Figure("who-can: memory, the estate with it", asked["mb"], "MB")
    asked = _in_a_process(_who_can_any, LARGE, 1)
    for action, resource in RANGES:
        yield Figure(f"who-can {action} {resource}: samples", asked[f"samples of {action} {resource}"], "")
        yield Figure(f"who-can {action} {resource}", asked[f"seconds of {action} {resource}"], "s")


def _in_a_process(measure: Callable[[Shape, int], Measured], shape: Shape, times: int) -> Measured:
    """The figures of one measurement, with the most memory that its process held."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(_with_memory, measure, shape, times).result()


def _with_memory(measure: Callable[[Shape, int], Measured], shape: Shape, times: int) -> Measured:
    return {**measure(shape, times), "mb": getrusage(RUSAGE_SELF).ru_maxrss / 1024}


def _can_assume(shape: Shape, times: int) -> Measured:
    taken: list[float] = []
    for seed in range(1, times + 1):
        estate = organization(shape, seed)
        started = time.process_time()
        relationships = sum(isinstance(fact, Edge) for fact in Assumptions(estate).facts())
        taken.append(time.process_time() - started)
    return {
        "seconds": median(taken),
        "relationships": relationships,
        "policies": len({id(policy.document) for policy in estate.policies.values()}),
        "open": sum(_is_open(role.trust) for role in estate.roles.values()),
    }


def _is_open(trust: Policy | None) -> bool:
    statements = trust.document.statements if trust else ()
    return any(text == "*" for s in statements if s.principal for _, text in s.principal.entries)


def _changed(shape: Shape, _: int) -> Measured:
    """What is worked out again where one policy of one account is another one."""
    before = Assumptions(organization(shape), remember=True)
    for _fact in before.facts():
        pass
    done = before.work.decisions
    started = time.process_time()
    after = before.replace(_shortened(before.estate, f"arn:aws:iam::{account_id(7)}:policy/own-0"))
    for _fact in after.facts():
        pass
    return {"all": done, "again": after.work.decisions - done, "seconds": time.process_time() - started}


def _shortened(estate: Estate, policy: str) -> Policy:
    """The policy without its last statement."""
    return Policy(policy, Document(estate.policies[policy].document.statements[:-1]))


def _who_can(shape: Shape, _: int) -> Measured:
    """Asked of a server, which has the collector of cycles leave alone what is there for good."""
    settle()
    estate = organization(shape)
    index, made_in = _timed(lambda: Index(estate))
    facts = list(Assumptions(estate).facts())
    chains, chained_in = _timed(lambda: Chains(index.population, facts))
    taken: list[float] = []
    behind: list[float] = []
    for question in _questions():  # None of them was asked before.
        answer, seconds = _timed(partial(index.who_can, *question))
        _, more = _timed(partial(chains.behind, answer))
        taken.append(seconds * 1000)
        behind.append((seconds + more) * 1000)
    new = _shortened(estate, aws_managed("AmazonS3ReadOnlyAccess"))
    _, replaced = _timed(lambda: index.replace(new).who_can(*next(_questions())))
    return {
        "index": made_in,
        "chains": chained_in,
        "median": median(taken),
        "slowest": max(taken),
        "median through chains": median(behind),
        "slowest through chains": max(behind),
        "replaced": replaced * 1000,
    }


def _who_can_any(shape: Shape, _: int) -> Measured:
    """Questions with wildcards, asked of a server too."""
    settle()
    estate = organization(shape)
    index = Index(estate)
    measured: Measured = {}
    for action, resource in RANGES:
        asked = Range(estate, action, resource)
        _, seconds = _timed(lambda asked=asked: sum(1 for _ in who_can(asked, index, {})))
        measured |= {
            f"samples of {action} {resource}": len(asked.samples()),
            f"seconds of {action} {resource}": seconds,
        }
    return measured


def _questions() -> Iterator[tuple[str, str]]:
    for number, (action, resource) in enumerate(QUESTIONS):
        yield action, resource.format(account=account_id(number * 7 + 3))


def _timed(make: Callable[[], Made]) -> tuple[Made, float]:
    """What it makes, and the seconds of the processor that it takes."""
    started = time.process_time()
    made = make()
    return made, time.process_time() - started
