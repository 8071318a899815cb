"""A technique of privilege escalation: one file in ``techniques/``, its name the id in the catalogue, or one of ours.

A file says who or what is taken over, what the principal must be allowed to do and on which resource, what must be
there already, and what is gained::

    name = "A new Lambda function, invoked"
    target = "passed role"
    trusts = ["lambda.amazonaws.com"]
    explain = "{start} can create a Lambda function that runs as {target} with code of its own, and invoke it."
    reference = "https://pathfinding.cloud/paths/lambda-001"
    documentation = "https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html"

    [allowed]
    "iam:PassRole" = "target"
    "lambda:CreateFunction" = "arn:{partition}:lambda:{region}:{account}:function:{any}"
    "lambda:InvokeFunction" = "arn:{partition}:lambda:{region}:{account}:function:{any}"
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from .surroundings import TEMPLATES

PASS_ROLE = "iam:PassRole"  # noqa: S105
ASSUME_ROLE = "sts:AssumeRole"
REWRITE_TRUST = "iam:UpdateAssumeRolePolicy"


class Target(StrEnum):
    """Whom or what a technique takes over."""

    PASSED_ROLE = "passed role"
    """Each role that trusts the service and that the principal may pass to it."""
    COMPUTE_ROLE = "compute role"
    """The role that existing compute runs as."""
    ROLE = "role"
    """Any role of the account."""
    USER = "user"
    """Any other user of the account."""
    GROUP = "group"
    """A group that the principal, a user, is not in yet."""
    SELF = "self"
    """The principal itself, which grants itself anything."""
    NEW_USER = "new user"
    """A user of the principal's own making, which is granted anything."""
    NEW_ROLE = "new role"
    """A role of the principal's own making, which is granted anything and lets it in."""
    FEDERATED_ROLE = "federated role"
    """Each role that trusts a SAML provider of the account."""
    ASSIGNED_ROLE = "assigned role"
    """The reserved role of a permission set of Identity Center; the account, where there is none yet."""
    WRITTEN_SET = "written permission set"
    """Every account that a permission set of Identity Center, written anew, can be entered with."""
    NEW_SET = "new permission set"
    """Every account that a permission set of Identity Center of the principal's own can be assigned in."""
    PEOPLE = "people"
    """A group of Identity Center that has assignments."""
    PERSON = "person"
    """A user of Identity Center that has assignments."""
    ROOT_USER = "root user"
    """Every member account whose root user's password can be recovered."""

    @property
    def abroad(self) -> bool:
        """Whether it leads to other accounts, where being an administrator at home is no such way."""
        return self in ABROAD


ABROAD = (
    *(Target.ASSIGNED_ROLE, Target.WRITTEN_SET, Target.NEW_SET, Target.PEOPLE, Target.PERSON),
    Target.ROOT_USER,
)
"""What Identity Center, and root sessions in member accounts, lead to."""


class Gain(StrEnum):
    """What is gained."""

    TARGET = "target"
    """To act as the target is allowed to."""
    ANYTHING = "anything"
    """To act as the target, with anything granted to it: administration of the account."""


class Undoes(StrEnum):
    """What keeps the target from what its policies give, and is undone."""

    VERSION = "version"
    """Another version of a policy that applies to it is put in force."""
    REFUSAL = "refusal"
    """A policy that denies is taken off it, or off a group of its, or it leaves the group."""
    BOUNDARY = "boundary"
    """Its permissions boundary is lifted."""


WORDS = (
    *("target", "self", "own group", "policy of self", "policy of target", "compute", "compute's cluster"),
    *("group of target", "boundary of self", "boundary of target"),
    *(
        "provider",
        "instance",
        "permission set",
        "assigned account",
        "identity store",
        "group",
        "user",
        "root user",
        "*",
    ),
)
"""Resources that are not ARNs. ``policy of …`` are the customer managed policies attached to it, ``provider`` is the
SAML provider that the target trusts, those after it are what Identity Center has, and ``*`` is no resource."""

KINDS = frozenset(TEMPLATES)
"""Kinds of existing compute that techniques make use of."""


@dataclass(frozen=True, slots=True)
class Technique:
    """One technique. ``allowed`` has for each action the resources that it must be allowed on, all of them; ``either``
    has actions one of which must be allowed besides, where the technique ``undoes`` something, or makes an identity.

    A resource is one of ``WORDS``, or an ARN in which ``{any}`` is whatever the principal chooses, ``{cluster}`` the
    cluster that is there, ``{document}`` one of Systems Manager that runs the principal's commands. ``trusts`` are
    services one of which the target must trust; ``passed_to`` the values that ``iam:PassedToService`` may have then,
    the services themselves unless given. ``compute`` are the kinds of existing compute that is acted upon, ``ready``
    the field of it that must be true, ``made_ready`` what may take its place by passing a role, ``otherwise`` what must
    be so where it is false, ``needs`` kinds of which there must be some besides. ``or_passed_to``, where the compute
    can be given another role in place of its own, are the values that ``iam:PassedToService`` has then;
    ``or_unchecked`` is when it gets one that needs no passing. ``source`` is what identity source of Identity Center it
    is about: ``own``, ``external`` or ``provisioned``. ``given`` says what is taken for granted. ``only`` is ``User``
    or ``Role`` where no other principal can. ``relationship`` is the one that says it in the graph. ``reference`` is
    its page in the catalogue, nothing where it is outside. ``documentation`` is AWS's page on the role that is gained
    and who may give it, or on the action; ``doubtful`` has other resources, where AWS's pages differ on what an action
    is about. ``told`` has for actions on no resource the condition key that tells of which chosen resource the request
    is, and that resource; ``role_keys`` has for actions that pass the role the key of which one.
    """

    id: str
    name: str
    target: Target
    allowed: Mapping[str, tuple[str, ...]]
    explain: str
    documentation: str
    reference: str = ""
    gain: Gain = Gain.TARGET
    undoes: Undoes | None = None
    trusts: tuple[str, ...] = ()
    passed_to: tuple[str, ...] = ()
    compute: tuple[str, ...] = ()
    ready: str = ""
    made_ready: str = ""
    otherwise: str = ""
    needs: tuple[str, ...] = ()
    or_passed_to: tuple[str, ...] = ()
    or_unchecked: str = ""
    source: str = ""
    given: tuple[str, ...] = ()
    only: str = ""
    relationship: str = "CAN_ESCALATE_TO"
    either: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    doubtful: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    told: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    role_keys: Mapping[str, str] = field(default_factory=dict)

    @property
    def doubted(self) -> Technique:
        """The technique on the resources that are doubtful."""
        return replace(self, allowed={**self.allowed, **self.doubtful}, doubtful={})

    @property
    def passing(self) -> Technique | None:
        """The technique with a role that is passed in place of the compute's own; None where it takes none."""
        if not self.or_passed_to:
            return None
        allowed = {PASS_ROLE: ("target",), **self.allowed}
        return replace(self, target=Target.PASSED_ROLE, allowed=allowed, passed_to=self.or_passed_to, or_passed_to=())

    @property
    def actions(self) -> tuple[str, ...]:
        """What it takes whatever is chosen, in lower case."""
        return tuple(action.lower() for action in self.allowed)

    @property
    def choices(self) -> tuple[frozenset[str], ...]:
        """Each set of actions that it can do with, in lower case."""
        always = frozenset(self.actions)
        return tuple(always | {action.lower()} for action in self.either) or (always,)

    def on(self, *words: str) -> Iterator[tuple[str, str]]:
        """Actions with each of their resources that is one of ``words``."""
        return ((action, on) for action, resources in self.allowed.items() for on in resources if on in words)

    @property
    def chosen(self) -> Mapping[str, tuple[str, ...]]:
        """The actions on each resource that the principal chooses, by its template."""
        found: dict[str, tuple[str, ...]] = {}
        for action, resources in self.allowed.items():
            for on in resources:
                if on not in WORDS:
                    found[on] = (*found.get(on, ()), action)
        return found

    def sentence(self, start: str, target: str) -> str:
        """What can be done, in a sentence with these names in it."""
        return self.explain.format(start=start, target=target)


def parse(id: str, text: str) -> Technique:  # noqa: A002
    """A technique from its file's text; ValueError, saying what is wrong, where it does not add up."""
    raw = tomllib.loads(text)
    allowed, either = raw.pop("allowed", {}), raw.pop("either", {})
    doubtful, told, role_keys = raw.pop("doubtful", {}), raw.pop("told", {}), raw.pop("role_keys", {})
    if not isinstance(allowed, dict) or not isinstance(either, dict) or not (allowed or either):
        raise ValueError(f"{id} does not say what must be allowed")
    for name, value in raw.items():
        _check(id, name, value)
    lists = {name: tuple(value) for name, value in raw.items() if isinstance(value, list)}
    missing = _REQUIRED - raw.keys()
    if missing:
        raise ValueError(f"{id} lacks {', '.join(sorted(missing))}")
    given: dict[str, Any] = {**raw, **lists}
    given["target"] = Target(given["target"])
    given["gain"] = Gain(given.get("gain", Gain.TARGET))
    given["undoes"] = Undoes(given["undoes"]) if "undoes" in given else None
    given["either"] = {action: _resources(id, action, value) for action, value in either.items()}
    resources = {action: _resources(id, action, value) for action, value in allowed.items()}
    given["doubtful"] = {action: _resources(id, action, value) for action, value in doubtful.items()}
    given["told"] = {action: _told(id, action, value) for action, value in told.items()}
    given["role_keys"] = {action: _key(id, action, value) for action, value in role_keys.items()}
    return _sound(Technique(id=id, allowed=resources, **given))


_TABLES = frozenset({"id", "allowed", "either", "doubtful", "told", "role_keys"})
_LISTS = frozenset({"trusts", "passed_to", "compute", "needs", "or_passed_to", "given"})
_REQUIRED = frozenset({"name", "target", "explain", "documentation"})


def _check(id: str, name: str, value: object) -> None:  # noqa: A002
    if name not in {field.name for field in fields(Technique)} - _TABLES:
        raise ValueError(f"{id} has {name!r}, which techniques have not")
    wanted = list if name in _LISTS else str
    if not isinstance(value, wanted) or (isinstance(value, list) and not all(isinstance(v, str) for v in value)):
        raise ValueError(f"{name} of {id} is not {'a list of texts' if name in _LISTS else 'a text'}")


def _resources(id: str, action: object, value: object) -> tuple[str, ...]:  # noqa: A002
    if not isinstance(action, str) or action.count(":") != 1:
        raise ValueError(f"{id} has {action!r} for an action")
    resources = value if isinstance(value, list) else [value]
    for on in resources:
        if not isinstance(on, str) or (on not in WORDS and on.count(":") < 5):
            raise ValueError(f"{id} has {on!r} for a resource of {action}")
    return tuple(resources)


def _told(id: str, action: str, value: object) -> tuple[str, str]:  # noqa: A002
    if not isinstance(value, dict) or [type(on) for on in value.values()] != [str]:
        raise ValueError(f"{id} has {value!r} for the key that tells what {action} is about")
    ((key, on),) = value.items()
    return _key(id, action, key), on


def _key(id: str, action: str, value: object) -> str:  # noqa: A002
    if not isinstance(value, str) or ":" not in value:
        raise ValueError(f"{id} has {value!r} for a condition key of {action}")
    return value


def _sound(technique: Technique) -> Technique:
    """The technique, if its parts go together."""
    passes = PASS_ROLE in technique.allowed
    wrong = {
        "takes over a passed role and passes none": technique.target is Target.PASSED_ROLE and not passes,
        "names no service that runs as the role": not technique.trusts
        and (passes or technique.target is Target.COMPUTE_ROLE),
        "offers a choice and neither undoes nor makes anything": bool(technique.either)
        and technique.undoes is None
        and technique.target not in (Target.NEW_USER, Target.NEW_ROLE),
        "undoes something and gives less than anything": technique.undoes is not None
        and technique.gain is not Gain.ANYTHING,
        "acts on compute of no kind": not technique.compute and any(technique.on("compute", "compute's cluster")),
        "takes over the role of no compute": technique.target is Target.COMPUTE_ROLE and not technique.compute,
        "gives another role to what has none": technique.target is not Target.COMPUTE_ROLE
        and bool(technique.or_passed_to or technique.or_unchecked),
        "needs what is no cluster": not set(technique.needs) <= {"EcsCluster"},
        "has a source that is none": technique.source not in ("", "own", "external", "provisioned"),
        "names a kind that is none": not set(technique.compute) <= KINDS,
        "is only for what is neither User nor Role": technique.only not in ("", "User", "Role"),
        "does not name start and target": "{start}" not in technique.explain or "{target}" not in technique.explain,
        "has no reference": bool(technique.reference) and not technique.reference.startswith("https://"),
        "has no page of AWS": not technique.documentation.startswith("https://docs.aws.amazon.com/"),
        "doubts what it does not take": not technique.doubtful.keys() <= technique.allowed.keys(),
        "tells the role of what it does not take": not technique.role_keys.keys() <= technique.allowed.keys(),
        "is told of what it does not choose": not technique.told.keys() <= technique.allowed.keys()
        or not {on for _, on in technique.told.values()} <= technique.chosen.keys(),
        "has a relationship that is none": technique.relationship not in ("CAN_ESCALATE_TO", "CAN_ASSUME"),
    }
    for what, is_so in wrong.items():
        if is_so:
            raise ValueError(f"{technique.id} {what}")
    return technique


@cache
def techniques() -> Mapping[str, Technique]:
    """Every technique by its id, in order."""
    folder = files(__package__) / "techniques"
    found = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    return {
        id_: parse(id_, file.read_text(encoding="utf-8")) for file in found for id_ in [file.name.removesuffix(".toml")]
    }


@cache
def catalogue() -> Mapping[str, tuple[str, frozenset[str]]]:
    """The public catalogue: by id the category of a path, and the permissions that it takes, in lower case.

    https://pathfinding.cloud, Apache-2.0.
    """
    text = (files(__package__) / "catalogue.json").read_text(encoding="utf-8")
    return {
        path["id"]: (path["category"], frozenset(action.lower() for action in path["required"]))
        for path in json.loads(text)["paths"]
    }
