"""Saved queries: found automatically, refused when not valid, and alike on both engines."""

from __future__ import annotations

import re
from typing import Any

import pytest
from muniment.errors import NotFound
from muniment.graph.database import Database
from muniment.ingest.aws import collectors
from muniment.queries.ages import days_since
from muniment.queries.library import SavedQuery, question, questions, saved, steps
from muniment.queries.question import Slot
from muniment.queries.running import run
from muniment.run.analyses import analyses

from ..unordered import unordered
from . import estate

HEAD = """
question = "Which roles are there?"
documentation = "All of them."

[columns]
id = "The role."
"""

PRIVATE = ("ApiSecret", "ApiToken", "Webhook", "WebhookBaseline", "WebhookMessage")
"""Kinds that tell of all accounts at once, or of who may ask."""


def parse(cypher: str, head: str = HEAD) -> SavedQuery:
    return SavedQuery.parse("example", f"/*{head}*/\n{cypher}")


def test_a_valid_query_is_taken() -> None:
    assert parse("MATCH (r:Role) RETURN r.id AS id").columns[0].name == "id"


def test_a_name_is_looked_up_before_it_is_asked_about() -> None:
    """Otherwise "none" would be the answer to a name that is mistyped."""
    by_id = {name: set(re.findall(r"\bid(?: =|:) \$(\w+)", query.cypher)) for name, query in saved().items()}
    looked_up = {Slot.PRINCIPAL, Slot.THING}
    as_typed = {
        (name, parameter.name)
        for name, named in by_id.items()
        for parameter in saved()[name].parameters.values()
        if parameter.name in named and parameter.slot not in looked_up
    }
    assert sum(map(len, by_id.values())) > 5
    assert as_typed == set()


@pytest.mark.parametrize(("name", "parameter"), [("access-of", "principal"), ("access-to", "resource")])
def test_access_of_what_is_not_there_is_an_error(embedded_connection: Database, name: str, parameter: str) -> None:
    with pytest.raises(NotFound, match="nothing is called 'nobodyever'"):
        run(embedded_connection, saved()[name], {parameter: "nobodyever"}, now=estate.NOW)


@pytest.mark.parametrize(
    ("cypher", "why"),
    [
        ("MATCH (r:Role) WHERE r.name = $name RETURN r.id AS id", "undeclared parameters: name"),
        ("CREATE (r:Role) RETURN r.id AS id", "CREATE is not allowed"),
        ("MATCH (r:Role) set r.name = 'x' RETURN r.id AS id", "SET is not allowed"),
        ("MATCH (r:Role) DETACH DELETE r RETURN 1 AS id", "DETACH is not allowed"),
        ("MERGE (r:Role {id: 'x'}) RETURN r.id AS id", "MERGE is not allowed"),
        ("CALL db.labels() YIELD label RETURN label AS id", "CALL is not allowed"),
        ("LOAD CSV FROM 'file:///etc/passwd' AS line RETURN line AS id", "LOAD is not allowed"),
        ("MATCH (r:Rolle) RETURN r.id AS id", "Rolle is neither"),
        *((f"MATCH (n:{kind}) RETURN n.id AS id", f"{kind} is neither") for kind in PRIVATE),
        *((f"MATCH (n:Record&{kind}) RETURN n.id AS id", f"{kind} is neither") for kind in PRIVATE),
        ("MATCH (n:Record) RETURN properties(n) AS id", "PROPERTIES is not allowed"),
        ("MATCH (n:Record) RETURN n.body AS id", "field body"),
        ("MATCH (n:Record) RETURN n['body'] AS id", "named by a dot"),
        ("MATCH (n:Record) UNWIND ['body'] AS k RETURN n [k] AS id", "named by a dot"),
        ("MATCH (n:Record) RETURN n {.id, .body} AS id", "field body"),
        ("MATCH (n:Record) RETURN n { .* } AS id", "field \\*"),
        ("MATCH (t) RETURN t.hash AS id", "field hash"),
        ("MATCH (r: Rolle) RETURN r.id AS id", "labels without spaces"),
        ("MATCH (r:Role|Rolle) RETURN r.id AS id", "Rolle is neither"),
        ("MATCH (r:Role)-[:CAN_BECOME]->(s) RETURN r.id AS id", "CAN_BECOME is neither"),
        ("MATCH (r) WHERE r:Rolle RETURN r.id AS id", "Rolle is neither"),
        ("MATCH (r:`Role`) RETURN r.id AS id", "quoted names"),
        ("MATCH (r:Role) RETURN r.id AS id; MATCH (r) RETURN r", "several statements"),
        ("MATCH (r:Role) RETURN r.idd AS id", "no kind or relationship has a field idd"),
        ("MATCH (r:Role) RETURN r.id AS identifier", "declares"),
        ("MATCH (r:Role)-[:CAN_ASSUME*]->(s) RETURN r.id AS id", "upper bound"),
        ("MATCH (r:Role)-[:CAN_ASSUME*2..]->(s) RETURN r.id AS id", "upper bound"),
    ],
)
def test_an_invalid_query_is_refused(cypher: str, why: str) -> None:
    with pytest.raises(ValueError, match=rf"^example:\d+: .*{why}"):
        parse(cypher)


def test_words_in_texts_and_comments_do_not_count() -> None:
    assert parse("MATCH (r:Role) // CREATE\nWHERE r.name <> 'DELETE $x' RETURN r.id AS id")


@pytest.mark.parametrize("missing", ["question", "documentation", "columns"])
def test_a_query_without_its_declaration_is_refused(missing: str) -> None:
    head = "\n".join(line for line in HEAD.split("\n") if not line.startswith((missing, f"[{missing}", "id =")))
    with pytest.raises(ValueError, match="missing"):
        parse("MATCH (r:Role) RETURN r.id AS id", head)


def test_a_declared_parameter_must_be_used() -> None:
    head = HEAD + '[parameters.name]\ntype = "text"\ndescription = "A name."\n'
    with pytest.raises(ValueError, match="does not use: name"):
        parse("MATCH (r:Role) RETURN r.id AS id", head)


AGED = HEAD + 'made = "When."\ndays = "How many days ago that was."\n'


def test_an_age_is_not_returned_by_the_query() -> None:
    parsed = parse("MATCH (r:Role) RETURN r.id AS id, r.created_at AS made", AGED + '[ages]\ndays = "made"\n')
    assert [column.name for column in parsed.columns] == ["id", "made", "days"]


@pytest.mark.parametrize("ages", ['old = "made"', 'days = "nothing"', 'days = "days"', 'days = "made"\nmade = "days"'])
def test_an_age_is_a_column_and_that_of_one_which_is_returned(ages: str) -> None:
    with pytest.raises(ValueError, match="ages: "):
        parse("MATCH (r:Role) RETURN r.id AS id, r.created_at AS made", f"{AGED}[ages]\n{ages}\n")


@pytest.mark.parametrize("time", [None, 7, "soon", "2026-01-01", "2026-01-01T00:00:00"])
def test_no_age_is_told_of_what_is_no_time(time: object) -> None:
    assert days_since(time, estate.NOW) is None


@pytest.mark.parametrize(
    ("time", "days"),
    [
        ("2026-01-31T10:00:01Z", 0),
        ("2026-01-30T10:00:01Z", 0),
        ("2026-01-30T10:00:00Z", 1),
        ("2026-03-01T00:00:00Z", 0),
    ],
)
def test_days_are_whole(time: str, days: int) -> None:
    assert days_since(time, estate.NOW) == days


def test_every_saved_query_and_step_is_valid() -> None:
    assert len(saved()) >= 20
    assert len(steps()) >= 10


@pytest.mark.parametrize("name", ["nothing", "../saved/accounts", "/etc/passwd", ""])
def test_a_question_that_is_not_there(name: str) -> None:
    with pytest.raises(NotFound):
        question(name)


@pytest.mark.parametrize("asked", questions().values(), ids=lambda asked: asked.id)
def test_every_question_names_collectors_that_exist(asked: Any) -> None:
    assert set(asked.collectors) <= collectors().keys()
    assert set(asked.analyses) <= {analysis.name for analysis in analyses()}


GIVEN = {
    "role": "ProdAdmin",
    "policy": "Everything",
    "group": "ops",
    "principal": "bob",
    "repository": "acme/checkout",
    "service": "s3",
    "resource": "acme-payroll",
}
PARAMETERS: dict[str, dict[str, Any]] = {
    "review-entrances": {"accounts": []},
    "review-assignments": {"accounts": [estate.LAKE]},
    "review-subjects": {"accounts": []},
    "policies-of-holders": {"holders": [estate.ADMIN, estate.PROD_ADMIN]},
    "last-accessed": {"principals": [estate.PROD_ADMIN, estate.BOB]},
    "accessed": {"principals": [estate.PROD_ADMIN, estate.BOB]},
    "signs-of-use": {"principals": [estate.PROD_ADMIN, estate.BOB]},
    "findings-about": {"principals": [estate.PROD_ADMIN]},
    "supplied-policies": {"id": estate.PERMISSION_SET},
    "administrators": {"accounts": list(estate.PLACES)},
    "roles-named-like": {"fragments": ["adm", "deploy"]},
    "provisioned-roles": {"id": estate.PERMISSION_SET},
    "assumers": {"roles": [estate.ADMIN, estate.PROD_ADMIN, estate.OPEN]},
    "assumable": {"principals": [estate.ADMIN, estate.SET, estate.PLATFORM, "*"]},
    "belongings": {"principals": [estate.ALICE, estate.DANA, estate.BOB]},
    "escalable": {"principals": [estate.SET, estate.CHECKOUT_DEPLOYER]},
    "escalators": {"targets": [estate.CHECKOUT, estate.ALICE, estate.DEPLOYER]},
    "members": {"groups": [estate.SET, estate.PLATFORM]},
    "people-called": {"ids": [estate.DANA, estate.PLATFORM]},
    "admitted": {"roles": [estate.CHECKOUT_DEPLOYER, estate.ADMIN]},
    "decided-themselves": {"ids": [estate.BOB, estate.DANA, estate.OUTSIDE, "*"]},
    "things-by-key": {"text": "Admin"},
    "named-like": {"text": "dana"},
    "things-like": {"text": "prodadmin"},
    "tags-of": {"id": estate.CHECKOUT_DEPLOYER},
}


@pytest.fixture(scope="module")
def both(embedded_connection: Database, neo4j_connection: Database) -> tuple[Database, Database]:
    """The estate in both engines at once."""
    for database in (embedded_connection, neo4j_connection):
        database.write(lambda tx: tx.run("MATCH (n) WHERE NOT n:Register DETACH DELETE n").consume())
        read = [*estate.listings(), estate.resources(), estate.oddities()]
        estate.fill(database, read, estate.all_conclusions())
        estate.ran(database)
    return embedded_connection, neo4j_connection


@pytest.mark.parametrize("query", saved().values(), ids=lambda query: query.id)
def test_a_saved_query_answers_alike_on_both_engines(both: tuple[Database, Database], query: SavedQuery) -> None:
    given = {name: GIVEN[name] for name in query.parameters if name in GIVEN}
    embedded, neo4j = (run(database, query, given, now=estate.NOW).envelope() for database in both)
    assert embedded["rows"]
    assert list(embedded["rows"][0]) == embedded["columns"]
    assert unordered(embedded) == unordered(neo4j)


@pytest.mark.parametrize("query", steps().values(), ids=lambda query: query.id)
def test_a_step_reads_alike_on_both_engines(both: tuple[Database, Database], query: SavedQuery) -> None:
    embedded, neo4j = (database.read(query.cypher, **PARAMETERS.get(query.id, {})) for database in both)
    assert embedded
    assert unordered(embedded) == unordered(neo4j)


def test_people_and_keys_are_called_by_names_and_not_by_ids(embedded: Database) -> None:
    labels = run(embedded, saved()["identities"], {}, now=estate.NOW).labels
    assert labels[estate.DANA].endswith("Dana Smith")
    keys = run(embedded, saved()["long-lived-credentials"], {}, now=estate.NOW)
    assert {"payments-prod/bob, key 1"} <= set(keys.labels.values())
