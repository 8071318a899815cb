"""The words of "can … do … on …": what they are taken for, and what is odd about them.

A question about an action that does not exist is answered, as policies can name it; but it says so, because nobody
being allowed ``s3:GetObjects`` means nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from ..errors import UsageError

if TYPE_CHECKING:
    from .question import Question

_COLLECTORS: Mapping[str, str] = {
    "backup": "backup",
    "dynamodb": "dynamodb",
    "ec2": "ebs-snapshots",
    "ecr": "ecr",
    "kms": "kms",
    "lambda": "lambda",
    "rds": "rds-snapshots",
    "s3": "s3",
    "secretsmanager": "secretsmanager",
    "sns": "sns",
    "sqs": "sqs",
    "ssm": "parameters",
}
"""What reads the resources of a service that have a policy of their own."""

_INSIDE = ("/", "/object/", "/index/", ":")
"""What stands between a resource and what is in it: objects of a bucket and of an access point, indexes of a table."""

_ACTION = re.compile(r"[A-Za-z0-9*?-]+:[A-Za-z0-9*?]+|\*")


def checked_action(text: str) -> str:
    """The action as it is; UsageError where it is none, with the one that may be meant."""
    from ..analysis.iam.policies.actions import actions

    if _ACTION.fullmatch(text):
        return text
    named = [action.name for name, action in actions().items() if name.partition(":")[2] == text.casefold()]
    meant = f"Did you mean {' or '.join(named[:3])}?" if named else "Give its service too: s3:GetObject."
    raise UsageError(f"{text!r} is no IAM action", meant)


def within(action: str, resource: str) -> str:
    """The resource; or anything in it, where the action is about such things alone, as ``s3:GetObject`` is."""
    from ..analysis.iam.conditions.patterns import arn_glob, is_literal
    from ..analysis.iam.policies.actions import formats

    about = [arn_glob(kind) for kind in formats(action.lower())]
    if not is_literal(resource) or any(matches(resource) for matches in about):
        return resource
    inside = (f"{resource}{separator}*" for separator in _INSIDE)
    return next((each for each in inside if any(matches(each) for matches in about)), resource)


def resting_on(asked: Question, action: str, resource: str) -> Question:
    """The question, with what it rests on where it is about any resource of a service: those that were read."""
    from ..analysis.iam.conditions.patterns import action_glob, is_literal, service_of

    if is_literal(resource):
        return asked
    concerned = action_glob(service_of(action))
    more = (collector for service, collector in _COLLECTORS.items() if concerned(service))
    return replace(asked, collectors=(*asked.collectors, *more))


def reading(action: str, resource: str) -> str:
    """What a question about the action on the resource is about, where that goes without saying: empty."""
    return "; ".join((*_of_action(action), *_of_resource(action, resource)))


def _of_action(action: str) -> Iterator[str]:
    from ..analysis.iam.conditions.patterns import is_literal
    from ..analysis.iam.policies.actions import actions, matching

    if not is_literal(action):
        yield f"{action} = any of {len(matching(action)):,} actions"
    elif action.lower() not in actions():
        near = _near(action)
        yield f"{action} is no action that AWS documents{f': did you mean {near}?' if near else ''}"


def _of_resource(action: str, resource: str) -> Iterator[str]:
    from ..analysis.iam.conditions.patterns import arn_glob, is_literal
    from ..analysis.iam.policies.actions import actions, formats

    known = actions().get(action.lower())
    about = formats(action.lower())
    if not is_literal(resource):
        if about or not is_literal(action) or resource != "*":
            yield f"{resource} = anything that matches {_listed(about) if about and resource == '*' else 'it'}"
    elif known and not about:
        yield f"{known.name} is about no resource: a request for it has *"
    elif known and not any(arn_glob(kind)(resource) for kind in about):
        yield f"{known.name} is about what matches {_listed(about)}: {resource} does not"


def _listed(about: tuple[str, ...]) -> str:
    return " or ".join(about[:2]) + (f" or {len(about) - 2} more" if len(about) > 2 else "")


def _near(action: str) -> str | None:
    from rapidfuzz.distance import DamerauLevenshtein
    from rapidfuzz.process import extractOne

    from ..analysis.iam.policies.actions import actions

    found = extractOne(action.lower(), list(actions()), scorer=DamerauLevenshtein.distance, score_cutoff=3)
    return actions()[found[0]].name if found else None
