"""Answers as sentences: who can, by which steps, under which conditions, and which statements say so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..schema.identifiers import ACCOUNT_ID
from .atlas import INLINE

if TYPE_CHECKING:
    from .access import Hop, Path
    from .things import Thing

_ARN = re.compile(r"arn:aws[\w-]*:[\w-]+:[\w-]*:\d*:[^\s#:,;\"']+")
_CERTAINTY = {
    "allow": "can become",
    "conditional": "can, under conditions, become",
    "unknown": "may be able to become",
}
_VERB = {
    "CAN_ASSUME": {
        "allow": "can assume",
        "conditional": "can, under conditions, assume",
        "unknown": "may be able to assume",
    },
    "MEMBER_OF": {"allow": "is a member of"},
    "ADMINISTERS": {
        "allow": "administers",
        "conditional": "administers, under conditions,",
        "unknown": "may administer",
    },
}


ONLY_BY_RESOURCE = "only the resource's own policy could let it, which is not in the register"
"""Said of whoever nothing else lets. It may be very many, so people get their number (``only_by_resource``)."""


def only_by_resource(count: int) -> str:
    """Those of whom ``ONLY_BY_RESOURCE`` is said, in one line."""
    who = "1 principal" if count == 1 else f"{count:,} principals"
    return (
        f"Unknown, and not denied: {who} whom only the resource's own policy could let, which is not in the register; "
        "`--format csv` or `json` names them."
    )


def shortened(labels: Mapping[str, str], text: str) -> str:
    """The text with short names for the ARNs in it that have one, or whose holder has, as of an inline policy."""

    def name(found: re.Match[str]) -> str:
        holder, inline, policy = found[0].partition(INLINE)
        return labels.get(found[0]) or labels.get(holder, holder) + inline + policy

    return _ARN.sub(name, text)


def path_sentences(labels: Mapping[str, str], path: Path) -> list[str]:
    """A path: what it amounts to in one sentence, then each hop with its conditions and reasons, indented."""
    start, end = (labels.get(id_, id_) for id_ in (path.ids[0], path.ids[-1]))
    hops = len(path.hops)
    ways = "directly" if hops == 1 else f"in {hops} steps"
    certainty = _CERTAINTY[path.decision]
    if ACCOUNT_ID.fullmatch(path.ids[-1]):
        certainty = certainty.replace("become", "administer")
    lines = [f"{start} {certainty} {end} {ways}."]
    for number, hop in enumerate(path.hops, 1):
        lines += _hop_sentences(labels, hop, f"  {number}. " if hops > 1 else "  ")
    return lines


def standing_sentences(labels: Mapping[str, str], thing: Thing, holding: Mapping[str, Any]) -> list[str]:
    """Whoever administers an account as it is."""
    who, account = labels.get(thing.id, thing.id), holding.get("account", thing.account)
    sure = {"allow": "already administers", "conditional": "administers, under conditions,"}
    line = f"{who} {sure.get(holding.get('decision') or '', 'may administer')} account {account}."
    return [line, *reasons(labels, holding.get("conditions"), holding.get("because"), holding.get("reason"), "  ")]


def reasons(
    labels: Mapping[str, str],
    conditions: Iterable[str] | None,
    because: Iterable[str] | None,
    unknown: str | None = None,
    indent: str = "",
) -> list[str]:
    """Conditions, what is not known, and reasons, one line each, with short names for ARNs that have one."""
    said = [
        *(f"only if {text}" for text in conditions or ()),
        *([f"not known: {unknown}"] if unknown else []),
        *(f"because {text}" for text in because or ()),
    ]
    return [indent + shortened(labels, text) for text in dict.fromkeys(said)]


def decision_sentence(principal: str, action: str, resource: str, decision: str, conditions: Sequence[str]) -> str:
    """One decided request: ``alice can s3:GetObject on …, under 2 conditions.``"""
    if decision == "conditional":
        count = f"{len(conditions)} condition{'' if len(conditions) == 1 else 's'}" if conditions else "conditions"
        return f"{principal} can {action} on {resource}, under {count}."
    verb = {"allow": "can", "deny": "cannot"}.get(decision, "may or may not be able to")
    return f"{principal} {verb} {action} on {resource}."


def technique_sentence(technique: str, start: str, end: str) -> str:
    """What a technique of escalation lets the start do to the end, with its id."""
    from ..analysis.escalation.technique import techniques

    known = techniques().get(technique)
    said = known.sentence(start, end) if known else f"{start} can escalate to {end}."
    return f"{said[:-1]} ({technique})."


def _hop_sentences(labels: Mapping[str, str], hop: Hop, indent: str) -> list[str]:
    start, end = labels.get(hop.start, hop.start), labels.get(hop.end, hop.end)
    inner = " " * len(indent)
    if hop.technique:
        head = [f"{indent}{technique_sentence(hop.technique, start, end)}"]
    else:
        verb = _VERB.get(hop.relationship, {}).get(hop.decision, hop.relationship)
        head = [f"{indent}{start} {verb} {end}."] if indent.strip() else []
    return [*head, *reasons(labels, hop.conditions, hop.because, hop.reason, inner if head else indent)]
