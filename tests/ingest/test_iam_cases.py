"""What IAM answers where the emulator cannot: cases in ``tests/cases/replay/iam``, one file each.

Calls that a case does not speak of are answered with nothing. Every answer fits botocore's output shape.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from muniment.ingest.aws.collector import Options, Page, Params
from muniment.ingest.aws.refusal import CallRefused
from muniment.schema import Edge, Listing

from ..written import written
from .scripted import Scripted, read_scope
from .shapes import problems

CASES = sorted((Path(__file__).parents[1] / "cases/replay/iam").glob("*.yaml"))

NOTHING: dict[str, dict[str, Any]] = {
    "GetAccountAuthorizationDetails": {
        "UserDetailList": [],
        "GroupDetailList": [],
        "RoleDetailList": [],
        "Policies": [],
    },
    "ListRoles": {"Roles": []},
    "ListInstanceProfiles": {"InstanceProfiles": []},
    "GetCredentialReport": {"Content": b"user,arn\n"},
    "ListVirtualMFADevices": {"VirtualMFADevices": []},
    "ListMFADevices": {"MFADevices": []},
    "ListAccessKeys": {"AccessKeyMetadata": []},
    "ListSAMLProviders": {"SAMLProviderList": []},
    "ListOpenIDConnectProviders": {"OpenIDConnectProviderList": []},
    "GetAccountPasswordPolicy": {"PasswordPolicy": {}},
    "GetAccountSummary": {"SummaryMap": {}},
    "ListAccountAliases": {"AccountAliases": []},
}

UNSHAPED = {"malformed_policies"}
"""Cases whose answers are broken on purpose."""


@dataclass
class CaseSource(Scripted):
    """Answers from a case; a call with ``answers`` gives them one after the other, the last for ever."""

    report: str = ""
    _given: dict[str, int] = field(default_factory=dict)

    def pages(
        self,
        account: str,
        region: str,
        service: str,
        operation: str,
        params: Params,
        tokens: tuple[str, str] | None = None,
    ) -> Iterator[Page]:
        """The case's answer, or nothing."""
        calls = [call for call in self.calls if call["operation"] == operation]
        if not calls:
            yield dict(NOTHING[operation])
            return
        if "answers" not in calls[0]:
            yield from super().pages(account, region, service, operation, params, tokens)
            return
        number = self._given.get(operation, 0)
        self._given[operation] = number + 1
        answer = calls[0]["answers"][min(number, len(calls[0]["answers"]) - 1)]
        if "refused" in answer:
            raise CallRefused(answer["refused"])
        yield from answer.get("pages") or [{"Content": self.report.encode()}]


def load(path: Path) -> dict[str, Any]:
    """One case."""
    case = written(path)
    assert isinstance(case, dict)
    return case


def read(case: dict[str, Any], options: Options | None = None) -> Listing:
    """What the collector makes of a case."""
    return read_scope(CaseSource(case["calls"], report=case.get("report", "")), "iam", options=options)


@pytest.mark.parametrize("path", CASES, ids=[path.stem for path in CASES])
def test_the_case(path: Path) -> None:
    case = load(path)
    listing = read(case)
    assert listing.status == case["status"], listing.refusals
    assert [f"{refusal.code}: {refusal.action}" for refusal in listing.refusals] == case.get("refusals", [])
    found = {node.id: node for node in listing.nodes}
    for identifier, expected in case.get("nodes", {}).items():
        node = found[identifier]
        stated = {"kind": node.kind, "ownership": node.ownership, **node.properties}
        assert {name: stated.get(name) for name in expected} == expected
    assert not [identifier for identifier in case.get("without", ()) if identifier in found]
    for relationship, start, end in case.get("edges", ()):
        assert (relationship, start, end) in {(edge.type, edge.start, edge.end) for edge in listing.edges}
    assert_joined(listing)


def assert_joined(listing: Listing) -> None:
    """Both ends of every relationship are listed, if only as named."""
    known = {node.id for node in listing.nodes}
    loose: list[Edge] = [edge for edge in listing.edges if edge.start not in known or edge.end not in known]
    assert loose == []


@pytest.mark.parametrize("path", [path for path in CASES if path.stem not in UNSHAPED], ids=lambda path: path.stem)
def test_its_answers_could_have_come_from_aws(path: Path) -> None:
    for call in load(path)["calls"]:
        pages = [*call.get("pages", ()), *(page for one in call.get("answers", ()) for page in one.get("pages", ()))]
        for page in pages:
            assert problems("iam", call["operation"], page) == []


def test_so_could_the_empty_answers() -> None:
    for operation, page in NOTHING.items():
        assert [one for one in problems("iam", operation, page) if "lacks its member" not in one] == []


def test_ids_of_access_keys_are_joined_with_the_report_by_their_age() -> None:
    case = load(Path(__file__).parents[1] / "cases/replay/iam/report_in_the_making.yaml")
    keys = {
        "operation": "ListAccessKeys",
        "params": {"UserName": "ann"},
        "pages": [
            {
                "AccessKeyMetadata": [
                    {"UserName": "ann", "AccessKeyId": "AKIA1", "Status": "Inactive", "CreateDate": "2023-01-01"}
                ]
            }
        ],
    }
    none = {"operation": "ListAccessKeys", "pages": [{"AccessKeyMetadata": []}]}
    listing = read({**case, "calls": [*case["calls"], keys, none]}, Options(access_key_ids=True))
    stated = {node.id: node.properties for node in listing.nodes if node.kind == "AccessKey"}
    key = stated["arn:aws:iam::111122223333:user/ann/access-key/1"]
    assert (key["access_key_id"], key["last_used_service"]) == ("AKIA1", "s3")
