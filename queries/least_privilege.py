"""The answers to "what does … have that it does not use" and "which narrower policy would do for …"."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from ..analysis.least_privilege.fitting import LARGEST, size
from ..analysis.least_privilege.grants import Breadth, Grant, by_service, written
from ..analysis.least_privilege.proposal import propose
from ..analysis.least_privilege.use import Standing
from ..errors import UsageError
from .admitted import admitted
from .answer import Answer, Knowledge
from .atlas import Atlas
from .idleness import idle
from .knowledge import knowledge
from .library import question, step
from .privileges import Privileges, privileges
from .sentences import reasons, shortened
from .things import kind_of

if TYPE_CHECKING:
    from ..graph.database import Database
    from .question import Question

Row = Mapping[str, Any]

UNUSED_DAYS = 90
_EMPTY: Row = {
    "granted": None,
    "unused": [],
    "last_used_at": None,
    "conditions": [],
    "because": [],
}
_SAID = {Standing.UNUSED: "unused service", Standing.UNKNOWN: "not known"}
_OUTSIDE = {"Anyone": "public access"}
_FEDERATED = ("OidcProvider", "SamlProvider", "FederatedPrincipal")


def least_privilege(
    database: Database,
    name: str,
    *,
    now: datetime,
    days: int | None = None,
    environments: Mapping[str, Any] | None = None,
    explain: bool = False,
) -> Answer:
    """What is granted to a user, role, group or permission set, against what it used in so many days."""
    atlas = Atlas.load(database, environments)
    since = _since(now, UNUSED_DAYS if days is None else days)
    found = privileges(database, atlas, name, since)
    rows = [
        {**_EMPTY, "principal": found.holder.id, **row}
        for row in (
            *idle(database, found, since),
            *_wide(found),
            *_entrances(database, atlas, found),
            *_services(found),
        )
    ]
    asked = question("least-privilege")
    labels = _labels(atlas, found, rows)
    return Answer(
        asked.id,
        {"principal": found.holder.id, "days": UNUSED_DAYS if days is None else days},
        asked.columns,
        rows,
        found.known(_known(database, atlas, asked, found)),
        _meaning(name, found, since),
        list(_explanation(labels, rows)) if explain else (),
        labels,
    )


def narrower_policy(
    database: Database,
    name: str,
    *,
    now: datetime,
    days: int | None = None,
    environments: Mapping[str, Any] | None = None,
    explain: bool = False,
) -> Answer:
    """A policy to take the place of those of a user, role, group or permission set, from what it used."""
    atlas = Atlas.load(database, environments)
    since = "" if days is None else _since(now, days)
    found = privileges(database, atlas, name, since)
    proposal = propose(found.holding, found.use)
    granted = by_service(found.holding.granted)
    gone = [name for name, actions in granted.items() if len(proposal.dropped.get(name, ())) == len(actions)]
    not_known = [*proposal.limits, *_beside(found)]
    replaced = [policy for policy in found.policies if policy not in found.holding.unreadable]
    proposed = proposal.documents or ((None,) if replaced else ())
    rows = [
        {
            "principal": found.holder.id,
            "policy": document,
            "characters": size(document) if document else 0,
            "replaces": replaced,
            "dropped": gone,
            "not_known": not_known,
        }
        for document in proposed
    ]
    asked = replace(question("narrower-policy"), analyses=())
    labels = _labels(atlas, found, [])
    actions = sum(map(len, proposal.dropped.values()))
    headline = f"{actions:,} of {len(found.holding.granted):,} actions are no longer granted"
    explanation = [
        f"{headline}, {len(gone)} services not at all.",
        *(
            f"  {service}: {_shown(proposal.dropped[service])}"
            for service in sorted(proposal.dropped.keys() - set(gone))
        ),
        *(f"not known: {shortened(labels, text)}" for text in not_known),
        *(
            f"too long for a managed policy: {size(one)} characters"
            for one in proposal.documents
            if size(one) > LARGEST
        ),
    ]
    return Answer(
        asked.id,
        {"principal": found.holder.id, **({} if days is None else {"days": days})},
        asked.columns,
        rows,
        found.known(_known(database, atlas, asked, found)),
        "; ".join([_meaning(name, found, since), headline]),
        explanation if explain else (),
        labels,
    )


def whole_days(text: object) -> int | None:
    """A number of days from words; None for none. UsageError for anything else."""
    if text in (None, ""):
        return None
    try:
        days = int(str(text))
    except ValueError:
        days = -1
    if days < 0:
        raise UsageError(f"days is {text!r}", "Give a whole number of days: --days 90.")
    return days


def _since(now: datetime, days: int) -> str:
    try:
        return (now - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
    except OverflowError:
        raise UsageError(f"days is {days}, which is before there was time") from None


def _known(database: Database, atlas: Atlas, asked: Question, found: Privileges) -> Knowledge:
    if found.holder.kind == "PermissionSet":
        analyses = (*asked.analyses, "provisioned-as")
        asked = replace(asked, collectors=(*asked.collectors, "identity-center"), analyses=analyses)
    return knowledge(database, atlas, asked, found.accounts)


def _meaning(name: str, found: Privileges, since: str) -> str:
    said = [f"{name} = {found.holder.id}"] if name != found.holder.id else []
    if found.holder.kind in ("Group", "PermissionSet"):
        whose = "member" if found.holder.kind == "Group" else "role"
        said.append(f"used by {len(found.users)} {whose}{'' if len(found.users) == 1 else 's'}")
    said.append(f"used means since {since}" if since else "used means in the 400 days that AWS tracks")
    return "; ".join(said)


def _beside(found: Privileges) -> Iterator[str]:
    """What is to know of the holder, beyond its policies."""
    if found.groups:
        yield f"it takes the place of policies of {', '.join(found.groups)} too: leave the group first"
    if found.holder.kind == "Role" and "/aws-reserved/sso.amazonaws.com/" in found.holder.id:
        yield "the role belongs to Identity Center: change its permission set"
    if found.holder.kind == "Role" and "/aws-service-role/" in found.holder.id:
        yield "the role belongs to a service: nobody can change its policies"
    if not found.users:
        yield "nobody has these policies: what would be used of them is not known"
    for arn in found.unreported:
        yield f"there is no report on what {arn} used"


def _wide(found: Privileges) -> Iterator[Row]:
    """Grants that are wider than they need be."""
    for breadth in Breadth:
        for grant in found.holding.grants:
            if breadth in grant.breadth:
                actions = [action for action in grant.actions() if action in found.holding.granted]
                unused = [
                    service
                    for service, inside in by_service(actions).items()
                    if found.use.service(service) is Standing.UNUSED
                    and any(found.use.action(action) is Standing.UNUSED for action in inside)
                ]
                yield {
                    "finding": str(breadth),
                    "subject": grant.id,
                    "granted": len(actions),
                    "unused": unused,
                    "conditions": list(_conditions(grant)),
                    "because": [f"{grant.id}: {grant.statement.says}"],
                }


def _conditions(grant: Grant) -> Iterator[str]:
    condition = grant.raw.get("Condition")
    if condition:
        yield json.dumps(condition, ensure_ascii=False)


def _entrances(database: Database, atlas: Atlas, found: Privileges) -> Iterator[Row]:
    """Who gets in from outside, and what Access Analyzer found."""
    if found.holder.kind == "Role":
        let_in = admitted(database, [found.holder.id])
        for row in database.read(step("assumers"), roles=[found.holder.id]):
            for id_, _, account, labels, decision, conditions, because, _, reason in sorted(row["assumers"]):
                finding = _entrance(kind_of(labels), account, atlas)
                if finding:
                    doubt = [f"not known: {reason}"] if reason else []
                    said = [decision] if decision != "allow" else []
                    whom = let_in.get((id_, found.holder.id))
                    yield {
                        "finding": finding,
                        "subject": id_,
                        "conditions": [*([f"it lets in {whom}"] if whom else []), *(conditions or said)],
                        "because": [*doubt, *(because or ())],
                    }
    for row in database.read(step("findings-about"), principals=list(found.users)):
        conditions = json.loads(row["conditions"]) if row["conditions"] else []
        yield {
            "finding": f"Access Analyzer: {row['type']}",
            "subject": row["finding"],
            "unused": [*(row["services"] or ()), *(row["actions"] or ())] if "Unused" in row["type"] else [],
            "last_used_at": row["last_accessed_at"],
            "conditions": [json.dumps(one, ensure_ascii=False) for one in conditions],
            "because": [f"{who} may {', '.join(row['actions'] or ())}" for who in row["principals"] or ()],
        }


def _entrance(kind: str, account: str | None, atlas: Atlas) -> str | None:
    if kind in _FEDERATED:
        return "federated access"
    if kind in _OUTSIDE:
        return _OUTSIDE[kind]
    return "external access" if account and account not in atlas.known else None


def _services(found: Privileges) -> Iterator[Row]:
    """Each service that is granted: unused, used in part, used, or not known."""
    granted = found.holding.granted
    rows = [_service(found, service, actions, granted) for service, actions in by_service(granted).items()]
    order = ("unused service", "unused actions", "not known", "used")
    yield from sorted(rows, key=lambda row: (order.index(row["finding"]), row["subject"]))


def _service(
    found: Privileges, service: str, actions: Sequence[str], granted: Mapping[str, Sequence[Grant]]
) -> dict[str, Any]:
    standing = found.use.service(service)
    unused = [written(action) for action in actions if found.use.action(action) is Standing.UNUSED]
    used = found.use.used.get(service)
    because = dict.fromkeys(grant.id for action in actions for grant in granted[action])
    if standing is Standing.UNUSED and not unused:
        standing = Standing.UNKNOWN  # iam:PassRole alone, which no report tells of
    return {
        "finding": _SAID.get(standing) or ("unused actions" if unused else "used"),
        "subject": service,
        "granted": len(actions),
        "unused": unused if standing is Standing.USED else [],
        "last_used_at": used.last_accessed_at if used else None,
        "because": list(because),
    }


def _labels(atlas: Atlas, found: Privileges, rows: Iterable[Row]) -> dict[str, str]:
    ids = {*found.policies, *found.users, *found.groups, found.holder.id}
    ids |= {row["subject"] for row in rows} | {id_ for row in rows for id_ in row["because"]}
    labels = {id_: atlas.label_of(id_) for id_ in ids}
    return labels | {found.holder.id: atlas.label(found.holder.id, found.holder.name, found.holder.account)}


def _explanation(labels: Mapping[str, str], rows: Sequence[Row]) -> Iterator[str]:
    """Each row in sentences; services of whose use nothing is known in one."""
    unknown = [row["subject"] for row in rows if row["finding"] == "not known"]
    for row in rows:
        if row["finding"] != "not known":
            yield from _sentences(labels, row)
    if unknown:
        yield f"Whether {labels[rows[0]['principal']]} used these is not known: {_shown(unknown, 40)}."


def _sentences(labels: Mapping[str, str], row: Row) -> Iterator[str]:
    holder, subject = labels[row["principal"]], labels.get(row["subject"], row["subject"])
    last = f", last on {row['last_used_at'][:10]}" if row["last_used_at"] else ""
    count = f"{row['granted']} action{'' if row['granted'] == 1 else 's'}"
    match row["finding"]:
        case "unused service":
            line = f"{holder} did not use {subject}, of which it is granted {count}{last}."
        case "unused actions":
            line = f"{holder} used {subject}{last}, but not {_shown(row['unused'])}."
        case "used":
            line = f"{holder} used {subject}{last}."
        case finding:
            line = f"{finding}: {subject}{last}."
    yield line
    yield from reasons(labels, row["conditions"], row["because"], indent="  ")


def _shown(names: Sequence[str], most: int = 8) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
