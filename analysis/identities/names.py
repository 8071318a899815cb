"""What a name suggests. The weakest of evidence: anyone may call anything anything."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from .assessment import Kind

_MACHINES = """
agent ansible api app automation backup batch bot build builder buildkite cd ci circleci cron daemon datadog deploy
deployer deployment exporter gateway generator github gitlab integration jenkins job k8s kubernetes lambda machine
monitoring pipeline publisher replication robot runner scanner scheduler sender server service sftp smtp svc sync system
terraform webhook worker
"""
_PEOPLE = """
analyst auditor breakglass developer developers engineer engineers human oncall operator operators people person
scientist
"""
MACHINES, PEOPLE = frozenset(_MACHINES.split()), frozenset(_PEOPLE.split())

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+[0-9]*|[0-9]+")
_PERSON = re.compile(r"[^@\s]+@[^@\s]+\.[a-zA-Z]+|[a-z]{2,}\.[a-z]{2,}")
"""An e-mail address, or ``first.last``."""


@lru_cache(maxsize=65536)
def suggested(name: str) -> tuple[Kind, str] | None:
    """The kind that a name suggests, and the word that does; None where none does, or several disagree.

    >>> suggested("svc-artifact-publisher")
    (<Kind.MACHINE: 'machine'>, 'svc')
    >>> suggested("ann.lee")
    (<Kind.HUMAN: 'human'>, 'ann.lee')
    """
    said = [word.lower() for word in _WORDS.findall(name)]
    pairs = {first + second for first, second in pairwise(said)}
    machine = next((word for word in said if word in MACHINES), None)
    person = next((word for word in (*said, *sorted(pairs)) if word in PEOPLE), None)
    if person is None and machine is None and _PERSON.fullmatch(name):
        person = name
    if (machine is None) is (person is None):
        return None
    return (Kind.MACHINE, machine) if machine is not None else (Kind.HUMAN, str(person))
