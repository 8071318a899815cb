"""``simulate``: one JSON object that holds a request and all its policies becomes one decision; no graph is needed.

The shape of both objects is an interface that others rely on: names and meanings of their fields do not change.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from ...errors import UsageError
from .conditions.context import Context
from .conditions.sentences import condition_sentences
from .evaluation.decisions import Conditional, Decision, Unknown
from .evaluation.evaluate import Levels, Policies, decide
from .evaluation.request import Request
from .evaluation.settings import Settings
from .immutable import immutable
from .policies.attached import Attached, AttachedByLevel
from .policies.attachments import AS_ATTACHED
from .policies.principals import ALL_BUT_USERS_LACK, ROOT_LACKS, UNIQUE_ID, Caller, CallerKind
from .policies.statements import Document, Policy
from .remembered import Remembered

MODES = ("strict", "discover")

LEVELS = frozenset(("service_control_policies", "resource_control_policies"))
POLICY_FIELDS = LEVELS | {
    "identity_policies",
    "permission_boundaries",
    "session_policies",
    "resource_policy",
    "endpoint_policies",
}
"""The fields of a request that hold policies: lists of them per level, lists of them, one policy."""

FIELDS = POLICY_FIELDS | {"id", "principal", "action", "resource", "resource_account", "context", "settings", "mode"}
"""All fields of a request. Others say nothing."""

MOST_SHOWN = 200
"""Characters of a wrong value that an error tells."""

GUARDED = re.compile(r"arn:[^:]*:(?:iam:[^:]*:[^:]*:role|kms:[^:]*:[^:]*:key)/.+", re.DOTALL)
"""Resources that nobody reaches without their own policy: a role that is to be assumed, a KMS key."""

GUARDING = ("sts:", "kms:")
"""How the actions begin, in lower case, that those policies decide on."""

TRUSTED_ACTIONS = re.compile(r"sts:(?:assumerole\w*|tagsession|setsourceidentity|setcontext)|kms:.*")
"""Those actions."""

_FEDERATED_USER = CallerKind.FEDERATED_USER  # To look a member up in its enumeration takes eight times as long.

_WITH_UNIQUE_ID = frozenset((CallerKind.USER, CallerKind.ROLE))

_LACKS: Mapping[CallerKind, tuple[str, ...]] = {CallerKind.ROOT: ROOT_LACKS, CallerKind.USER: ()}
"""Beginnings of the keys that requests of a kind of caller never have."""


def simulate(given: Mapping[str, object]) -> dict[str, object]:
    """The decision on one request: ``{"id", "decision", "explicit", "conditions", "because"}``.

    ``given`` has ``principal`` (an ARN, or an object with ``service``, ``federated`` or ``anonymous``), ``action``,
    ``resource``, and optionally ``id``, ``resource_account``, ``context``, ``identity_policies``,
    ``permission_boundaries``, ``session_policies``, ``resource_policy``, ``service_control_policies`` and
    ``resource_control_policies`` (lists per level, the root first), ``endpoint_policies``, ``settings`` and ``mode``:
    ``strict``, where a context key (or a role's session) that is not given is absent, or ``discover``, where it is not
    known. The setting ``management_account`` names the organization's management account, which neither SCPs nor RCPs
    reach; for the others see ``settings.Settings``.

    UsageError where the object is not of this shape. A policy that breaks the grammar is no error: what depends on it
    is ``unknown``.
    """
    question = asked(given)
    return answer(question, decided(question))


@immutable()
class Question:
    """A request to simulate, as it was understood.

    What is done of ``simulate`` in three steps, ``asked``, ``decided`` and ``answer``, can be done of many requests a
    step at a time, which takes a tenth less: the code of a step stays in the processor's caches.
    """

    id: object
    request: Request
    policies: Policies
    settings: Mapping[str, object]


def asked(given: Mapping[str, object]) -> Question:
    """What ``simulate`` is asked. UsageError where the object is not of the shape."""
    caller = _caller(given.get("principal"))
    action, resource = _text(given, "action"), _text(given, "resource", "*")
    account = _text(given, "resource_account", "") or _account_of(resource) or caller.account
    mode = _text(given, "mode", "strict")
    if mode not in MODES:
        raise UsageError(f"mode is {_shown(mode)}", "Modes are strict and discover.")
    if caller.session is None and mode == "strict" and caller.kind is CallerKind.ROLE:
        caller = _itself(caller)
    lacks = _LACKS.get(caller.kind, ALL_BUT_USERS_LACK)
    context = _context(_mapping(given, "context"), closed=mode == "strict", closed_prefixes=lacks)
    if "aws:userid" in context.known and caller.kind in _WITH_UNIQUE_ID:
        caller = _identified(caller, *(context.known["aws:userid"] or ()))
    request = Request(caller, action, resource, account, context)
    settings = _mapping(given, "settings")
    policies = _policies(given, request, settings.get("management_account"))
    return Question(given.get("id"), request, policies, settings)


def decided(question: Question) -> Decision:
    """The decision on it. UsageError where its settings are not what they should be."""
    if question.settings:
        return Settings(question.settings, _DOCUMENT).decide(question.request, question.policies)
    return decide(question.request, question.policies)


def answer(question: Question, decision: Decision) -> dict[str, object]:
    """What ``simulate`` says of it."""
    because = [reason.text for reason in decision.because]
    if isinstance(decision, Unknown):
        because.append(f"not known: {decision.reason}")
    return {
        "id": question.id,
        "decision": decision.word,
        "explicit": getattr(decision, "explicit", False),
        "conditions": _whole(decision),
        "because": because,
    }


def _whole(decision: Decision) -> list[str]:
    """The conditions that remain, with every value of theirs: whoever asks has no policies at hand to look them up."""
    return list(condition_sentences(decision.formula, sys.maxsize)) if isinstance(decision, Conditional) else []


def _context(keys: Mapping[str, object], *, closed: bool, closed_prefixes: tuple[str, ...]) -> Context:
    try:
        context = Context.of(keys, closed=closed, closed_prefixes=closed_prefixes)
    except ValueError as error:
        raise UsageError(f"context is not what it should be: {error}", "Give texts, or lists of them.") from None
    if len(context.known) != len(keys):
        raise UsageError("context is given a key twice", "The names of condition keys do not regard case.")
    return context


def _policies(given: Mapping[str, object], request: Request, management: object) -> Policies:
    caller = request.caller
    own = caller.own_policies
    session = _documents(given, "session_policies") if caller.governed else ()
    return Policies(
        _documents(given, "identity_policies") if own else (),
        (_documents(given, "permission_boundaries") or None) if own else None,
        # Without a session policy a role session keeps the role's permissions, a federated user session has none.
        session or (() if caller.kind is _FEDERATED_USER else None),
        _document(given, "resource_policy"),
        () if caller.account == management else _levels(given, "service_control_policies"),
        () if _free_of_rcps(request, management) else _levels(given, "resource_control_policies"),
        _documents(given, "endpoint_policies") or None,
        guarded=request.folded.startswith(GUARDING) and _guarded(request.folded, request.resource),
    )


def _guarded(action: str, resource: str) -> bool:
    return TRUSTED_ACTIONS.fullmatch(action) is not None and GUARDED.fullmatch(resource) is not None


def _free_of_rcps(request: Request, management: object) -> bool:
    """Whether no RCP reaches the resource: it is the management account's, or a service-linked role to assume."""
    return request.resource_account == management or ":role/aws-service-role/" in request.resource


def _caller(principal: object) -> Caller:
    if isinstance(principal, str):
        try:
            return _caller_of_arn(principal)
        except ValueError:
            raise UsageError(
                f"principal is not the ARN of one: {_shown(principal)}",
                "Give the ARN of a user, role, role session or root user.",
            ) from None
    if isinstance(principal, dict) and len(principal) == 1:
        ((kind, name),) = principal.items()
        if kind == "anonymous" and name is True:
            return Caller(CallerKind.ANONYMOUS, "")
        if kind in ("service", "federated") and isinstance(name, str):
            return Caller(CallerKind(kind), name)
    raise UsageError(
        f"principal is {_shown(principal)}",
        'Give an ARN, {"service": "…"}, {"federated": "…"} or {"anonymous": true}.',
    )


_caller_of_arn = lru_cache(maxsize=65536)(Caller.of_arn)


@lru_cache(maxsize=65536)
def _itself(role: Caller) -> Caller:
    """The role as such, in no session."""
    return replace(role, session="")


@lru_cache(maxsize=65536)
def _identified(caller: Caller, *values: str) -> Caller:
    """The caller with its unique id, which is what its ``aws:userid`` is, or, in a role's session, begins with.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable
    """
    found = UNIQUE_ID.match(values[0]) if len(values) == 1 else None
    return replace(caller, unique_id=found[0]) if found and values[0][found.end() :][:1] in ("", ":") else caller


def _account_of(resource: str) -> str:
    """The account in an ARN. The ARNs of some resources, such as buckets, have none, and those of AWS's own have "aws",
    such as managed policies, which every account has for its own."""
    segments = resource.split(":", 5)
    return segments[4] if len(segments) == 6 and segments[4] != "aws" else ""


def understood(name: str, content: object) -> Attached | AttachedByLevel:
    """What ``simulate`` takes as well in place of the content of that field, one of ``POLICY_FIELDS``: for whoever
    meets the same again and knows it before it is decoded. UsageError where it is not of the field's shape."""
    if name in LEVELS:
        return AttachedByLevel() if content is None else _list_of_lists((name, content))
    if content is None:
        return Attached()
    return _one(content) if name == "resource_policy" else _list((name, content))


def _document(given: Mapping[str, object], name: str) -> tuple[Policy, ...]:
    document = given.get(name)
    if isinstance(document, Attached):
        return document
    return () if document is None else _ONE(document)


def _documents(given: Mapping[str, object], name: str) -> tuple[Policy, ...]:
    documents = given.get(name)
    if isinstance(documents, Attached):
        return documents
    return () if documents is None else _LIST((name, documents))


def _levels(given: Mapping[str, object], name: str) -> Levels:
    levels = given.get(name)
    if isinstance(levels, AttachedByLevel):
        return levels
    return () if levels is None else _LEVELS((name, levels))


def _one(document: object) -> Attached:
    return Attached((Policy("resource_policy", Document.parse(document)),))


def _list(named: Any) -> Attached:
    name, documents = named
    if not isinstance(documents, list | tuple):
        raise UsageError(f"{name} is not a list", "Give a list of policy documents.")
    as_attached = AS_ATTACHED[name.partition("[")[0]]
    return Attached(Policy(at, as_attached(_DOCUMENT(document))) for at, document in _numbered(name, documents))


def _list_of_lists(named: Any) -> AttachedByLevel:
    name, levels = named
    if not isinstance(levels, list | tuple):
        raise UsageError(f"{name} is not a list", "Give a list of policies for each level, the root first.")
    return AttachedByLevel((at, () if level is None else _list((at, level))) for at, level in _numbered(name, levels))


def _numbered(name: str, items: Iterable[object]) -> Iterator[tuple[str, object]]:
    return ((f"{name}[{n}]", item) for n, item in enumerate(items))


BUDGET = 1 << 23
"""Bytes of documents that are remembered, and of lists of them; what is made of them takes about ten times as much."""

_DOCUMENT = Remembered(Document.parse, BUDGET)
_ONE = Remembered(_one, BUDGET)
_LIST = Remembered(_list, BUDGET)
_LEVELS = Remembered(_list_of_lists, BUDGET)


def _text(given: Mapping[str, object], name: str, default: str | None = None) -> str:
    value = given.get(name)
    if isinstance(value, str):
        return value
    if value is None and default is not None:
        return default
    raise UsageError(f"{name} is {_shown(value)}", f"Give {name} as a text.")


def _mapping(given: Mapping[str, object], name: str) -> Mapping[str, object]:
    value = given.get(name)
    if isinstance(value, dict):
        return value
    if value is None:
        return {}
    raise UsageError(f"{name} is not an object", f"Give {name} as an object.")


def _shown(value: object) -> str:
    """A value in an error, which nobody reads to the end where it is long."""
    text = "missing" if value is None else repr(value)
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"
