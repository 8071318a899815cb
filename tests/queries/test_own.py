"""Users' own questions: found beside the others, and broken ones break none."""

from __future__ import annotations

from pathlib import Path

import pytest
from muniment.errors import NotFound, SettingsError
from muniment.queries.library import question, questions
from muniment.queries.own import alike, own
from muniment.queries.sentence import understand
from muniment.settings import Settings

GOOD = """/*
question = "Which roles are ours?"
variations = ["(list|show) our very own roles"]
documentation = "All of them."

[columns]
id = "The role."
*/
MATCH (r:Role)
RETURN r.id AS id
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "our-roles.cypher").write_text(GOOD)
    return tmp_path


def test_a_question_of_ones_own_is_found_like_any_other(folder: Path) -> None:
    assert question("our-roles", [folder]).question == "Which roles are ours?"
    assert {"our-roles", "accounts"} <= questions([folder]).keys()
    assert understand("show our very own roles", [folder]).question.id == "our-roles"
    assert "our-roles" not in questions()


BROKEN = {
    "it writes": (GOOD.replace("RETURN", "SET r.name = 'x' RETURN"), 10, "SET is not allowed"),
    "it creates": (GOOD.replace("MATCH (r:Role)", "MERGE (r:Role {id: 'x'})"), 9, "MERGE is not allowed"),
    "an undeclared parameter": (GOOD.replace("RETURN", "WHERE r.name = $name\nRETURN"), 10, "undeclared .* name"),
    "a kind that is none": (GOOD.replace(":Role", ":Rolle"), 9, "Rolle is neither"),
    "no TOML": (GOOD.replace('question = "', "question = "), 2, "TOML cannot be read"),
    "no document": ("MATCH (r:Role) RETURN r.id AS id", 1, "begins with its TOML document"),
    "a pattern without end": (GOOD.replace("(list|show)", "(list|show"), 3, "variation 1: .* malformed"),
    "a title that names what is no parameter": (GOOD.replace("are ours?", "are {whose}?"), 2, "question: .* whose"),
    "an unknown type": (
        GOOD.replace("[columns]", '[parameters.x]\ntype = "y"\ndescription = "z"\n\n[columns]').replace(
            "RETURN", "WHERE r.name = $x\nRETURN"
        ),
        6,
        "parameter x has none of the types",
    ),
    "a check without advice": (GOOD.replace("docu", 'severity = "high"\ndocu'), 4, "needs advice"),
    "no such severity": (GOOD.replace("docu", 'severity = "dire"\ndocu'), 4, "severity is none of"),
    "not UTF-8": (b"\xff\xfe", 1, "cannot be read"),
}


@pytest.mark.parametrize(("text", "line", "why"), BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_named_with_its_line_and_breaks_no_other(
    folder: Path, text: str | bytes, line: int, why: str
) -> None:
    file = folder / "broken.cypher"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    found = own((folder,))
    assert set(found.queries) == {"our-roles"}
    (problem,) = [broken.problem for broken in found.broken]
    assert problem.startswith(f"{file}:{line}: ")
    with pytest.raises(NotFound, match=why):
        question("broken", [folder])
    assert understand("show our very own roles", [folder]).question.id == "our-roles"


def test_an_id_that_is_taken_is_refused_unless_it_says_so(folder: Path) -> None:
    (folder / "roles.cypher").write_text(GOOD)
    assert "overrides = true" in own((folder,)).broken[0].problem
    assert "service_linked" in str(questions([folder])["roles"].columns), "Muniment's own stays"


def test_an_id_can_be_taken_on_purpose_and_lines_still_count(folder: Path) -> None:
    (folder / "roles.cypher").write_text(GOOD.replace("docu", "overrides = true\ndocu"))
    assert not own((folder,)).broken
    assert question("roles", [folder]).question == "Which roles are ours?"


def test_answers_that_more_than_one_query_makes_are_not_overridden(folder: Path) -> None:
    (folder / "who-can-assume.cypher").write_text(GOOD.replace("docu", "overrides = true\ndocu"))
    assert "more than one query" in own((folder,)).broken[0].problem


def test_two_folders_with_one_id(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other")
    (other / "our-roles.cypher").write_text(GOOD)
    assert "is taken by" in own((folder, other)).broken[0].problem


def test_a_folder_that_is_not_there() -> None:
    with pytest.raises(SettingsError, match="no folder of questions"):
        questions([Path("/nowhere")])


def test_folders_from_the_settings_file_are_relative_to_it(tmp_path: Path) -> None:
    file = tmp_path / "muniment.toml"
    file.write_text('[queries]\nfolders = ["questions"]\n')
    environment = {"MUNIMENT_CONFIG": str(file), "MUNIMENT_QUERIES": "/elsewhere"}
    assert Settings.load(environment).query_folders == (tmp_path / "questions",)
    assert Settings.load(environment, {"MUNIMENT_QUERIES": "/a:/b"}).query_folders == (Path("/a"), Path("/b"))
    assert Settings.load({"MUNIMENT_QUERIES": "/elsewhere"}).query_folders == (Path("/elsewhere"),)


@pytest.mark.parametrize("text", ["[queries]\nfolders = 3", "[queries]\nfolder = []", "queries = 3"])
def test_folders_that_cannot_be_understood(tmp_path: Path, text: str) -> None:
    (tmp_path / "muniment.toml").write_text(text)
    with pytest.raises(SettingsError):
        Settings.load({"MUNIMENT_CONFIG": str(tmp_path / "muniment.toml")})


def test_questions_with_one_title_are_told_of(folder: Path) -> None:
    assert list(alike(own((folder,)))) == []
    (folder / "our-users.cypher").write_text(GOOD.replace("Which roles are ours?", "Which IAM users are there"))
    (folder / "their-roles.cypher").write_text(GOOD)
    assert list(alike(own.__wrapped__((folder,)))) == [
        f"{folder}/our-users.cypher:1: users asks the same: Which IAM users are there",
        f"{folder}/their-roles.cypher:1: our-roles asks the same: Which roles are ours?",
    ]


def test_a_question_that_takes_the_place_of_another_may_have_its_title(folder: Path) -> None:
    text = GOOD.replace("Which roles are ours?", "Which IAM users are there?").replace("docu", "overrides = true\ndocu")
    (folder / "users.cypher").write_text(text)
    assert list(alike(own((folder,)))) == []
