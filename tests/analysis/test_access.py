"""HAS_ACCESS: who has access to which resource, at which level."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from muniment.analysis.access.accesses import Accesses
from muniment.analysis.access.families import CONTENT, KINDS, families, family_of
from muniment.analysis.access.parts import asked_about
from muniment.analysis.iam.estates.estate import Estate
from muniment.analysis.iam.estates.permissions import Permissions
from muniment.analysis.iam.evaluation.resources import Resource
from muniment.analysis.iam.policies.statements import Effect
from muniment.run.resource_queries import KINDS as KINDS_READ
from muniment.schema import SCHEMA, Edge, Node

from ..written import written
from .small_estate import arn, estate
from .test_resources import resource

FILE = written(Path(__file__).parent.parent / "cases" / "resources" / "access.yaml")


def derived(case: dict[str, Any]) -> list[Node | Edge]:
    held = [resource(raw) for raw in case["resources"]]
    known = estate({"policies": FILE["policies"], **case})
    return list(Accesses(replace(known, resources={one.arn: one for one in held})).facts())


def short(identifier: str) -> str:
    return "SET" if identifier.startswith(("access-set/", "resource-set/")) else identifier


@pytest.mark.parametrize("case", FILE["cases"], ids=lambda case: str(case["id"]))
def test_has_access(case: dict[str, Any]) -> None:
    levels = case.get("levels")
    found = {
        (short(fact.start), short(fact.end), fact.properties["level"], fact.properties["decision"])
        for fact in derived(case)
        if isinstance(fact, Edge) and fact.type == "HAS_ACCESS" and (not levels or fact.properties["level"] in levels)
    }

    assert found == {(arn(start), end, level, decision) for start, end, level, decision in case["expect"]}


@pytest.mark.parametrize("case", FILE["cases"], ids=lambda case: str(case["id"]))
def test_conclusions_fit_the_schema_and_explain_themselves(case: dict[str, Any]) -> None:
    facts = derived(case)
    fields = {field.name for field in SCHEMA.relationships["HAS_ACCESS"].fields}
    for fact in facts:
        if isinstance(fact, Node):
            assert fact.properties.keys() <= {field.name for field in SCHEMA.fields(fact.kind)}
        elif fact.type == "HAS_ACCESS":
            assert fact.properties.keys() <= fields
            assert fact.properties["because"] or fact.properties["reason"]
    assert facts == derived(case), "the same every time"


def test_many_of_both_are_few_relationships() -> None:
    case = {
        "accounts": {1: {}},
        "identities": {f"1/user/u{n}": {"policies": ["admin"]} for n in range(40)},
        "resources": [{"arn": f"arn:aws:s3:::b{n}", "kind": "Bucket"} for n in range(40)],
    }
    edges = [fact for fact in derived(case) if isinstance(fact, Edge) and fact.type == "HAS_ACCESS"]

    assert len(edges) == 8, "five levels, of three of them some on the content and some on the settings"


def test_every_kind_is_a_resource_and_its_content_is_reached_by_some_action() -> None:
    for family in families().values():
        assert SCHEMA.is_a(family.kind, "Resource")
        assert {content for _, content, _ in family.levels()} == {True, False}
        assert family.on_whole | family.on_parts == family.all
    assert frozenset().union(*(family.names for family in families().values())) >= CONTENT
    assert frozenset(KINDS_READ) == KINDS


@pytest.mark.parametrize("name", sorted(families()))
def test_any_one_action_is_access_at_its_level(name: str) -> None:
    """Whoever is allowed a single action, whichever it is, is never without access."""
    family = families()[name]
    held = resource({"arn": ARNS[name], "kind": family.kind} | ({"policy": DELEGATED} if name == "KmsKey" else {}))
    identities = {
        f"1/role/r{n}": {"inline": [{"Effect": "Allow", "Action": action.name, "Resource": "*"}]}
        for n, action in enumerate(family.actions)
    }
    known = replace(estate({"accounts": {1: {}}, "identities": identities}), resources={held.arn: held})

    found = {
        fact.start: (fact.properties["level"], fact.properties["decision"], fact.properties["actions"])
        for fact in Accesses(known).facts()
        if isinstance(fact, Edge) and fact.type == "HAS_ACCESS"
    }

    assert found == {
        arn(f"1/role/r{n}"): (action.level, "allow", [action.name]) for n, action in enumerate(family.actions)
    }


STATEMENTS = st.fixed_dictionaries(
    {
        "Effect": st.sampled_from(["Allow", "Allow", "Deny"]),
        "Action": st.sampled_from(
            ["*", "s3:*", "s3:Get*", "s3:PutObject*", "s3:*Tagging", "kms:*", "kms:Decrypt", "sqs:S*", "sqs:*"]
        ),
        "Resource": st.sampled_from(
            ["*", "arn:aws:s3:::a*", "arn:aws:s3:::b", "arn:aws:s3:::b/*", "arn:aws:sqs:*:*:jobs", "arn:aws:kms:*:*:*"]
        ),
    },
    optional={
        "Condition": st.sampled_from(
            [
                {"StringEquals": {"aws:PrincipalTag/team": "x"}},
                {"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}},
                {"Bool": {"aws:SecureTransport": "true"}},
            ]
        )
    },
)
PRINCIPALS = st.sampled_from(["*", {"AWS": "<1/role/r0>"}, {"AWS": "<1>"}, {"AWS": "<2>"}, {"AWS": "<2/role/o>"}])
SAID = st.lists(
    st.builds(lambda statement, principal: {**statement, "Principal": principal}, STATEMENTS, PRINCIPALS), max_size=2
)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.lists(STATEMENTS, max_size=3), min_size=3, max_size=3), SAID, SAID, SAID)
def test_levels_are_those_of_deciding_every_action_by_itself(
    own: list[list[dict[str, Any]]],
    of_bucket: list[dict[str, Any]],
    of_queue: list[dict[str, Any]],
    of_key: list[dict[str, Any]],
) -> None:
    tags = ({"team": "x"}, {"team": "x"}, {})
    names = ("1/role/r0", "1/role/r1", "2/role/o")
    identities = {
        name: {"inline": list(own[n]), "tags": tags[n], "trust": []} for n, name in enumerate(names) if own[n]
    }
    known = estate({"accounts": {1: {}, 2: {}}, "identities": identities})
    held = [
        resource(raw)
        for raw in (
            {"arn": "arn:aws:s3:::a", "kind": "Bucket", "policy": of_bucket},
            {"arn": "arn:aws:s3:::b", "kind": "Bucket"},
            {"arn": "arn:aws:sqs:eu-west-1:111111111111:jobs", "kind": "Queue", "policy": of_queue},
            {"arn": "arn:aws:kms:eu-west-1:111111111111:key/k", "kind": "KmsKey", "policy": [*of_key, *DELEGATED]},
        )
    ]
    known = replace(known, resources={one.arn: one for one in held})
    said = _best_by_level(list(Accesses(known).facts()))

    for identity in known.roles.values():
        for one in held:
            family = family_of(one.kind, one.arn)
            for level, content, mask in family.levels():
                numbers = [n for n in range(len(family.actions)) if mask >> n & 1]
                best = min(_alone(known, identity.arn, one, family.actions[n].name) for n in numbers)
                key = (one.arn, str(level), content)
                concluded = said.get((identity.arn, *key), 3)
                assert concluded >= best, "never surer than it is"
                shared = [who for who in ("*", identity.account) if (who, *key) in said]
                assert concluded <= best or shared, "never missed, if only as one of anyone, or of its account"


POINT = "arn:aws:s3:eu-west-1:111111111111:accesspoint/p"
THROUGH = st.sampled_from(
    [
        {},
        {"StringEquals": {"s3:DataAccessPointAccount": "111111111111"}},
        {"ArnEquals": {"s3:DataAccessPointArn": POINT}},
        {"StringNotEquals": {"s3:DataAccessPointAccount": "111111111111"}},
    ]
)
READING = st.builds(
    lambda effect, resource, condition: {
        "Effect": effect,
        "Action": "s3:GetObject",
        "Resource": resource,
        "Condition": condition,
    },
    st.sampled_from(["Allow", "Allow", "Allow", "Deny"]),
    st.sampled_from(["*", "arn:aws:s3:::b/*", "arn:aws:s3:::b/x/*", f"{POINT}/object/*", f"{POINT}/object/x/*"]),
    THROUGH,
)
LET_READ = st.lists(
    st.builds(lambda statement, principal: {**statement, "Principal": principal}, READING, PRINCIPALS), max_size=2
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(READING, max_size=2), min_size=2, max_size=2), LET_READ, LET_READ, st.booleans())
def test_reading_is_as_by_the_best_way_of_straight_and_through_the_access_point(
    own: list[list[dict[str, Any]]], of_bucket: list[dict[str, Any]], of_point: list[dict[str, Any]], vpc: bool
) -> None:
    identities = {
        name: {"inline": said, "trust": []} for name, said in zip(("1/role/r0", "2/role/o"), own, strict=True)
    }
    point = {"arn": POINT, "kind": "AccessPoint", "bucket": "arn:aws:s3:::b", "policy": of_point}
    bucket = {"arn": "arn:aws:s3:::b", "kind": "Bucket", "region": "eu-west-1", "policy": of_bucket}
    held = [resource(bucket), resource(point | ({"vpc": "vpc-1"} if vpc else {}))]
    known = estate({"accounts": {1: {}, 2: {}}, "identities": identities})
    known = replace(known, resources={one.arn: one for one in held})
    said = _best_by_level(list(Accesses(known).facts()))

    for identity in known.roles.values():
        key = ("arn:aws:s3:::b", "Read", True)
        best = min(_by_either_way(known, identity.arn, "any"), max(1, _by_either_way(known, identity.arn, "x/1")))
        concluded = said.get((identity.arn, *key), 3)
        assert concluded >= best, "never surer than it is"
        anyone = {"*", identity.account} & {start for start, *reached in said if tuple(reached) == key}
        assert concluded <= best or anyone, "never missed, if only as one of anyone, or of anyone of the account"


def _by_either_way(known: Estate, principal: str, name: str) -> int:
    past = dict.fromkeys(("s3:DataAccessPointAccount", "s3:DataAccessPointArn", "s3:AccessPointNetworkOrigin"))
    straight = Permissions(known, "s3:GetObject", f"arn:aws:s3:::b/{name}", past)
    through = Permissions(known, "s3:GetObject", f"{POINT}/object/{name}")
    return min(WORDS.index(asked.of(known.roles[principal]).word) for asked in (straight, through))


def _alone(known: Estate, principal: str, one: Resource, action: str) -> int:
    family = family_of(one.kind, one.arn)
    (mask,) = (1 << n for n, known_as in enumerate(family.actions) if known_as.name == action)
    identity = known.roles[principal]
    patterns = [
        pattern
        for policy in (*(known.policies[p] for p in identity.policies), *one.attached())
        for s in policy.document.statements
        if s.effect is Effect.ALLOW
        for pattern in s.resources or ()
    ]
    words = [
        (Permissions(known, action, asked).of(identity).word, confined)
        for confined, asked in asked_about(family, mask, one, patterns)
    ]
    return min(max(WORDS.index(word), bool(confined) and word == "allow") for word, confined in words)


def _best_by_level(facts: list[Node | Edge]) -> dict[tuple[str, str, str, bool], int]:
    edges = [fact for fact in facts if isinstance(fact, Edge)]
    members: dict[str, list[str]] = {}
    for edge in edges:
        if edge.type in ("SHARES_ACCESS", "ALIKE_IN"):
            members.setdefault(edge.end, []).append(edge.start)
    best: dict[tuple[str, str, str, bool], int] = {}
    for edge in (edge for edge in edges if edge.type == "HAS_ACCESS"):
        level, content = str(edge.properties["level"]), bool(edge.properties["content"])
        for start in members.get(edge.start, [edge.start]):
            for end in members.get(edge.end, [edge.end]):
                key = (start, end, level, content)
                best[key] = min(best.get(key, 3), WORDS.index(str(edge.properties["decision"])))
    return best


WORDS = ("allow", "conditional", "unknown", "deny")
DELEGATED = [{"Effect": "Allow", "Principal": {"AWS": "<1>"}, "Action": "kms:*", "Resource": "*"}]
_PLACE = "eu-west-1:111111111111"
ARNS = {
    "BackupVault": f"arn:aws:backup:{_PLACE}:backup-vault:v",
    "Bucket": "arn:aws:s3:::b",
    "EBS snapshot": "arn:aws:ec2:eu-west-1::snapshot/snap-1",
    "KmsKey": f"arn:aws:kms:{_PLACE}:key/k",
    "LambdaFunction": f"arn:aws:lambda:{_PLACE}:function:f",
    "Parameter": f"arn:aws:ssm:{_PLACE}:parameter/a/b",
    "Queue": f"arn:aws:sqs:{_PLACE}:q",
    "RDS cluster snapshot": f"arn:aws:rds:{_PLACE}:cluster-snapshot:s",
    "RDS snapshot": f"arn:aws:rds:{_PLACE}:snapshot:s",
    "Repository": f"arn:aws:ecr:{_PLACE}:repository/r",
    "Secret": f"arn:aws:secretsmanager:{_PLACE}:secret:s-a1b2c3",
    "Table": f"arn:aws:dynamodb:{_PLACE}:table/t",
    "Topic": f"arn:aws:sns:{_PLACE}:t",
}
