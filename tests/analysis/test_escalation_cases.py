"""Who can escalate to whom, in small estates: cases as data, for every technique one that holds and near misses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from muniment.analysis.escalation.center import Center, PermissionSet
from muniment.analysis.escalation.escalations import Escalations
from muniment.analysis.escalation.root_access import RootAccess
from muniment.analysis.escalation.surroundings import TEMPLATES, Compute, Surroundings
from muniment.analysis.escalation.technique import Undoes, techniques
from muniment.analysis.iam.derive import derive_can_assume
from muniment.schema import SCHEMA, Edge, Node

from ..written import written
from .small_estate import account_id, arn, estate, lengthen, policy

CASES = Path(__file__).parents[1] / "cases" / "escalation"
ANN = "1/user/ann"
TRUSTED = [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]


def cases() -> Iterator[Any]:
    """Every case with what its file has for all of them: mappings are joined, null takes out, other values are
    replaced."""
    for path in sorted(CASES.glob("*.yaml")):
        common = written(path)
        for case in common["cases"]:
            assert case["why"]
            assert case.get("doc", common.get("doc", "")).startswith("https://docs.aws.amazon.com/"), case["id"]
            merged = {**common["estate"], **case, "all_groups": common["estate"].get("groups", {})}
            merged["groups"] = case.get("groups", ())
            for part in ("identities", "policies"):
                joined = {**(common["estate"].get(part) or {}), **(case.get(part) or {})}
                merged[part] = {name: one for name, one in joined.items() if one is not None}
            yield pytest.param(merged, id=f"{path.stem}/{case['id']}")


def asked(case: Mapping[str, Any]) -> dict[str, Any]:
    """The case with its principal among the identities: what it may do, is granted, is attached to it, bounds it."""
    raw = {**case, "identities": dict(case["identities"]), "policies": dict(case["policies"])}
    who = case.get("as", ANN)
    if any(key in case for key in ("may", "grants", "attached")):
        may = [{"Effect": "Allow", "Action": case["may"], "Resource": "*"}] if case.get("may") else []
        one = {"inline": [*may, *case.get("grants", ())], "policies": case.get("attached", ())}
        raw["identities"][who] = {**one, "groups": case.get("groups", ()), "trust": TRUSTED if "role/" in who else None}
        if "boundary" in case:
            raw["policies"]["the-boundary"] = case["boundary"]
        if bound := case.get("bounded", "the-boundary" if "boundary" in case else None):
            raw["identities"][who]["boundary"] = bound
    if "controls" in case:
        raw["policies"]["the-controls"] = case["controls"]
        raw["organizations"] = {"o-1": {}}
        raw["accounts"] = {1: {"organization": "o-1", "path": "o-1/", "levels": [{"scp": ["the-controls"]}]}, 2: {}}
    raw["groups"] = case["all_groups"]
    return raw


def surroundings(case: Mapping[str, Any]) -> Surroundings:
    """The compute of a case; everything that it does not say to be unread is read."""
    unread = {(kind, account * 12): None for kind in TEMPLATES for account in "12"}
    for kind in case.get("unread", ()):
        del unread[kind, "1" * 12]
    profiled = case.get("profiled")
    return Surroundings(
        tuple(_compute(one) for one in case.get("compute", ())),
        unread,
        {arn(user): keys for user, keys in case.get("access_keys", {}).items()},
        {arn(user): has for user, has in case.get("passwords", {}).items()},
        None if profiled is None else frozenset(map(arn, profiled)),
        {arn(user): has for user, has in case.get("second_factors", {}).items()},
        {account_id(one): frozenset(map(arn, there)) for one, there in case.get("saml_providers", {}).items()},
        tuple(_center(one, case) for one in case.get("centers", ())),
        tuple(_root_access(**one) for one in case.get("root_access", ())),
    )


def _root_access(account: Any, members: list[Any], delegates: list[Any] | None = None, **rest: Any) -> RootAccess:
    others = (frozenset(map(account_id, some)) for some in (members, delegates or ()))
    return RootAccess(account_id(account), *others, **rest)


def _center(one: Mapping[str, Any], case: Mapping[str, Any]) -> Center:
    home = account_id(one["account"])
    accounts = {name: frozenset(map(account_id, one.get(name, ()))) for name in ("accounts", "delegates")}
    lists = {name: tuple(one.get(name, ())) for name in ("groups", "people")}
    unread = {name: one.get(name) for name in ("delegates_unread", "held_unread", "unread")}
    sets = tuple(_permission_set(raw, case["identities"]) for raw in one.get("sets", ()))
    instance, store = (
        one.get("instance", "arn:aws:sso:::instance/ssoins-1"),
        f"arn:aws:identitystore::{home}:identitystore/d-1",
    )
    return Center(instance, store, home, "eu-west-1", permission_sets=sets, **accounts, **lists, **unread)


def _permission_set(raw: Mapping[str, Any], identities: Mapping[str, Any]) -> PermissionSet:
    """A permission set, with the reserved roles of the case that bear its name."""
    named = {short[0]: short for short in identities if f"AWSReservedSSO_{raw['name']}_" in short}
    where = raw.get("accounts", ())
    return PermissionSet(
        raw.get("id", f"arn:aws:sso:::permissionSet/ssoins-1/ps-{raw['name']}"),
        raw["name"],
        None if where is None else frozenset(map(account_id, where)),
        tuple(raw.get("policies", ())),
        tuple(raw.get("customer_policies", ())),
        raw.get("boundary"),
        raw.get("customer_boundary"),
        {
            account_id(one): arn(role)
            for one, role in raw.get("roles", named).items()
            if str(one) in map(str, where or ())
        },
        raw.get("tags"),
        raw.get("unread"),
        raw.get("doubt"),
    )


def _compute(one: Mapping[str, Any]) -> Compute:
    account, region = account_id(one.get("account", 1)), one.get("region", "eu-west-1")
    filled = TEMPLATES[one["kind"]].replace("{partition}", "aws").replace("{region}", region)
    id_ = filled.replace("{account}", account).replace("{any}", one.get("name", "one"))
    ready = {**dict.fromkeys(one.get("ready", ()), True), **dict.fromkeys(one.get("not_ready", ()), False)}
    own = policy(lengthen(one["policy"]), f"{id_}#policy") if "policy" in one else None
    roles = (arn(one["role"]),) if "role" in one else ()
    return Compute(id_, one["kind"], account, region, roles, one.get("tags"), own, ready, one.get("policy_unread"))


def concluded(case: Mapping[str, Any]) -> list[Node | Edge]:
    return list(Escalations(estate(asked(case)), surroundings(case)).facts())


def found(facts: list[Node | Edge], technique: str) -> list[tuple[str, str, str]]:
    edges = [f for f in facts if isinstance(f, Edge) and f.type == "CAN_ESCALATE_TO" and f.key == technique]
    return sorted((_named(e.start), e.end, str(e.properties["decision"])) for e in edges)


def _named(start: str) -> str:
    return "set" if start.startswith("principal-set/") else start


def _end(short: str) -> str:
    return account_id(short) if short.isdigit() else arn(short)


@pytest.mark.parametrize("case", list(cases()))
def test_case(case: dict[str, Any]) -> None:
    facts = concluded(case)
    assert found(facts, case["technique"]) == sorted((arn(a), _end(str(b)), word) for a, b, word in case["expect"])
    gathered: dict[str, list[str]] = {}
    for fact in facts:
        if isinstance(fact, Edge) and fact.type == "GATHERED_IN":
            gathered.setdefault(fact.end, []).append(fact.start)
    assert sorted(map(sorted, gathered.values())) == [sorted(map(arn, one)) for one in case.get("members", [])]
    for fact in facts:
        if isinstance(fact, Edge) and fact.key == case["technique"] and "over" in case:
            assert fact.properties["compute"] == case["over"]
        if isinstance(fact, Edge) and fact.key == case["technique"] and "through" in case:
            assert fact.properties["through"] == [_end(str(one)) for one in case["through"]]
    if "assumes" in case:
        edges = [f for f in derive_can_assume(estate(asked(case))) if isinstance(f, Edge) and f.start == arn(ANN)]
        assert [[e.start, e.end, e.properties["decision"]] for e in edges] == [
            [arn(a), arn(b), word] for a, b, word in case["assumes"]
        ]


@pytest.mark.parametrize("case", list(cases()))
def test_conclusions_explain_themselves_and_fit_the_schema(case: dict[str, Any]) -> None:
    facts = concluded(case)
    nodes = {fact.id for fact in facts if isinstance(fact, Node)}
    for fact in facts:
        if isinstance(fact, Node):
            assert set(fact.properties) <= {field.name for field in SCHEMA.fields(fact.kind)}
            continue
        declared = SCHEMA.relationships[fact.type]
        assert set(fact.properties) <= {field.name for field in declared.fields}
        assert fact.properties["because"] or fact.properties.get("reason")
        assert not fact.start.startswith("principal-set/") or fact.start in nodes
        if fact.properties.get("decision") == "conditional":
            assert fact.properties["conditions"]
        if fact.properties.get("decision") == "unknown":
            assert fact.properties["reason"]


def test_every_technique_has_a_case_that_holds_and_one_that_does_not() -> None:
    holding: Counter[str] = Counter()
    missing: Counter[str] = Counter()
    for param in cases():
        case = param.values[0]
        (holding if case["expect"] or case.get("assumes") else missing)[case["technique"]] += 1
    assert sorted(holding) == sorted(missing | holding) == sorted(techniques())
    assert sorted(missing) == sorted(techniques())


ALL = {"Effect": "Allow", "Action": "*", "Resource": "*"}
WITHOUT_MFA = {"Bool": {"aws:MultiFactorAuthPresent": "false"}}


def steps() -> Iterator[Any]:
    """For each technique a case that holds, for certain where any does, with each action that it takes.

    Those of which it takes but one come together.
    """
    seen: set[str] = set()
    for word in ("allow", "conditional"):
        for param in cases():
            case = param.values[0]
            technique = techniques()[case["technique"]]
            limits = {"boundary", "controls"} | ({"bounded"} if technique.undoes is not Undoes.BOUNDARY else set())
            plain = ("may" in case or "grants" in case) and not limits & case.keys()
            holds = plain and [case.get("as", ANN), word] in [[start, said] for start, _, said in case["expect"]]
            if holds and technique.id not in seen and technique.relationship == "CAN_ESCALATE_TO":
                seen.add(technique.id)
                either = [list(technique.either)] if technique.either else []
                wanted = [*([action] for action in technique.allowed), *either]
                yield from (pytest.param(case, actions, id=f"{technique.id}-{actions[0]}") for actions in wanted)


@pytest.mark.parametrize(("case", "actions"), list(steps()))
def test_a_refusal_of_one_step_is_one_of_the_whole(case: dict[str, Any], actions: list[str]) -> None:
    def words(**more: Any) -> set[str]:
        start = arn(case.get("as", ANN))
        return {word for who, _, word in found(concluded({**case, **more}), case["technique"]) if who == start}

    deny = {"Effect": "Deny", "Action": actions, "Resource": "*"}
    grants = list(case.get("grants", ()))

    assert words(grants=[*grants, deny]) == set()
    assert words(controls=[ALL, deny]) == set()
    assert words(boundary=[ALL, deny], bounded="the-boundary") == set()
    assert words(grants=[*grants, {**deny, "Condition": WITHOUT_MFA}]) == {"conditional"}


def test_refusals_are_tried_for_every_technique() -> None:
    escalating = {one.id for one in techniques().values() if one.relationship == "CAN_ESCALATE_TO"}
    assert {param.values[0]["technique"] for param in steps()} == escalating
