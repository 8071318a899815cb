"""Recording a run, and replaying it without AWS: the same facts, the same denials, nothing secret."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from muniment.errors import ReplayError, UsageError
from muniment.ingest import Entrance, Request, from_aws, from_recording, listings
from muniment.ingest.encoding import decode, encode
from muniment.ingest.recording import RecordingSource, ReplaySource
from muniment.schema import Listing, Status

from .cloud import MANAGEMENT, Cloud
from .conftest import empty
from .scripted import ACCOUNT, Scripted
from .shapes import problems

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}],
    }
)


def stated(found: Iterator[Listing]) -> list[Listing]:
    """Listings in order of their scopes, without the times of their reading."""
    ordered = sorted(found, key=lambda listing: listing.scope)
    return [replace(listing, started_at="", finished_at="") for listing in ordered]


def build(cloud: Cloud) -> None:
    """An organization of two accounts, and calls that are denied."""
    organizations = cloud.client("organizations")
    organizations.create_organization(FeatureSet="ALL")
    member = organizations.create_account(AccountName="prod", Email="p@example.com")["CreateAccountStatus"]["AccountId"]
    for account in (MANAGEMENT, member):
        iam = cloud.client("iam", account=account)
        iam.create_role(RoleName="deploy", AssumeRolePolicyDocument=TRUST)
        iam.create_user(UserName="ann")
        iam.create_access_key(UserName="ann")
    cloud.front.clear()
    cloud.front.answer("AccessDenied", account=member, operation="ListVirtualMFADevices")
    cloud.front.answer("AccessDenied", account=MANAGEMENT, service="sso")


@pytest.fixture(scope="module")
def made(running_cloud: Cloud, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Listing]]:
    """One recording for all tests, and what the run that made it stated."""
    folder = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as monkeypatch:
        empty(running_cloud, monkeypatch, folder)
        build(running_cloud)
        plan, source = from_aws(Entrance(attempts=2), Request(regions=("us-east-1",)), folder / "recording")
        return folder / "recording", stated(listings(plan, source, sleep=lambda _: None))


@pytest.fixture
def recorded(made: tuple[Path, list[Listing]], tmp_path: Path) -> tuple[Path, list[Listing]]:
    """A copy of the recording, to be spoiled."""
    folder, live = made
    return Path(shutil.copytree(folder, tmp_path / "recording")), live


def replayed(folder: Path, request: Request | None = None) -> list[Listing]:
    """What a replay of the folder states."""
    plan, source = from_recording(folder, request or Request())
    return stated(listings(plan, source))


def test_a_replay_states_what_the_run_stated_and_denies_what_was_denied(
    recorded: tuple[Path, list[Listing]], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, live = recorded
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    again = replayed(folder)
    assert [listing.scope for listing in again] == [listing.scope for listing in live]
    assert Status.PARTIAL in {listing.status for listing in again}
    for one, other in zip(again, live, strict=True):
        # A replay polls no report in the making, so that it makes fewer calls.
        assert replace(one, calls=0) == replace(other, calls=0)


def test_only_part_of_a_recording_can_be_replayed(recorded: tuple[Path, list[Listing]]) -> None:
    folder, _ = recorded
    (listing,) = replayed(folder, Request(accounts=(MANAGEMENT,), collectors=("iam",)))
    assert str(listing.scope) == f"aws/{MANAGEMENT}/global/iam"
    with pytest.raises(UsageError, match="nothing of what is asked"):
        from_recording(folder, Request(accounts=("999900001111",)))


def test_no_credentials_are_recorded_and_only_the_owner_reads(recorded: tuple[Path, list[Listing]]) -> None:
    folder, _ = recorded
    assert folder.stat().st_mode & 0o077 == 0
    for path in (path for path in folder.rglob("*") if path.is_file()):
        text = path.read_text()
        assert path.stat().st_mode & 0o077 == 0, path
        assert not [word for word in ("SecretAccessKey", "SessionToken", "ResponseMetadata") if word in text]
        assert "/sts/" not in str(path)


def test_a_call_that_is_missing_is_not_known_which_is_not_none(recorded: tuple[Path, list[Listing]]) -> None:
    folder, _ = recorded
    for path in (folder / MANAGEMENT).rglob("GetAccountAuthorizationDetails-*"):
        path.unlink()
    (listing,) = replayed(folder, Request(accounts=(MANAGEMENT,), collectors=("iam",)))
    assert listing.status is Status.PARTIAL
    assert [(one.action, one.code) for one in listing.refusals] == [
        ("iam:GetAccountAuthorizationDetails", "NotRecorded")
    ]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_text("{{{"),
        lambda path: path.write_bytes(b"\xff\x00"),
        lambda path: path.write_text(path.read_text().rpartition('{"end"')[0]),
        lambda path: path.write_text(path.read_text()[: len(path.read_text()) // 2]),
        lambda path: path.write_text(path.read_text().replace('"ListRoles"', '"ListUsers"')),
        lambda path: path.write_text(""),
        lambda path: path.write_text(path.read_text().replace('"$time": "2', '"$time": "soon 2')),
    ],
    ids=["not-json", "not-text", "no-end", "cut", "another-call", "empty", "no-time"],
)
def test_a_file_that_is_spoiled_is_said(recorded: tuple[Path, list[Listing]], spoil: Any) -> None:
    folder, _ = recorded
    (path,) = (folder / MANAGEMENT).rglob("ListRoles-*")
    spoil(path)
    (listing,) = replayed(folder, Request(accounts=(MANAGEMENT,), collectors=("iam",)))
    assert listing.status is Status.PARTIAL
    assert [(one.action, one.code) for one in listing.refusals] == [("iam:ListRoles", "CorruptRecording")]


def test_files_that_do_not_belong_there_are_named_and_ignored(recorded: tuple[Path, list[Listing]]) -> None:
    folder, live = recorded
    (folder / "notes.txt").write_text("ours")
    (folder / MANAGEMENT / "stray.jsonl").write_text("{}")
    plan, _ = from_recording(folder, Request())
    assert plan.notes == (f"not part of the recording, and ignored: {MANAGEMENT}/stray.jsonl, notes.txt",)
    assert len(replayed(folder)) == len(live)


def test_a_recording_may_be_compressed(recorded: tuple[Path, list[Listing]]) -> None:
    folder, live = recorded
    for path in list(folder.rglob("*.jsonl")):
        path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes()))
        path.unlink()
    assert [listing.nodes for listing in replayed(folder)] == [listing.nodes for listing in live]


@pytest.mark.parametrize(
    ("manifest", "says"),
    [
        (None, "not a recording"),
        ("{", "cannot be understood"),
        ("[]", "cannot be understood"),
        ('{"recording": 1}', "cannot be understood"),
        ('{"recording": 99, "version": "9.9"}', "newer version: Muniment 9.9"),
    ],
)
def test_a_folder_that_is_no_recording(tmp_path: Path, manifest: str | None, says: str) -> None:
    if manifest is not None:
        (tmp_path / "manifest.json").write_text(manifest)
    with pytest.raises(ReplayError, match=says):
        from_recording(tmp_path, Request())


def test_nothing_is_recorded_over_something_else(entrance: Entrance, tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("…")
    with pytest.raises(UsageError, match="something else than a recording"):
        from_aws(entrance, Request(), tmp_path)


def test_a_call_that_is_not_read_to_its_end_is_not_kept(tmp_path: Path) -> None:
    case = [{"operation": "ListRoles", "pages": [{"Roles": [1]}, {"Roles": [2]}]}]
    source = RecordingSource(Scripted(case), tmp_path / "r")
    reading = source.pages(ACCOUNT, "global", "iam", "ListRoles", {})
    assert next(reading) == {"Roles": [1]}
    reading.close()  # type: ignore[attr-defined]
    assert not [path for path in (tmp_path / "r").rglob("*") if path.is_file()]


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters())
    | st.binary()
    | st.datetimes(timezones=st.just(UTC)),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text() | st.sampled_from(["$time", "$bytes", "$object"]), inner, max_size=3)
    ),
    max_leaves=15,
)


@given(st.dictionaries(st.text(), VALUES, max_size=4))
def test_a_response_survives_being_written_down_exactly(response: dict[str, Any]) -> None:
    assert decode(json.loads(json.dumps(encode(response)))) == response


def test_members_that_hold_secrets_are_not_kept() -> None:
    response = {
        "Credentials": {"SecretAccessKey": "s", "AccessKeyId": "AKIA", "Expiration": datetime(2026, 1, 1, tzinfo=UTC)}
    }
    assert encode(response)["Credentials"]["SecretAccessKey"] == "(not recorded)"


def test_a_recording_of_the_first_format_can_still_be_replayed() -> None:
    folder = Path(__file__).parents[1] / "cases/replay/first-format"
    assert ReplaySource(folder).strangers() == []
    by_scope = {listing.scope.collector: listing for listing in replayed(folder)}
    assert {listing.status for listing in by_scope.values()} == {Status.COMPLETE}
    names = {node.properties["name"] for node in by_scope["iam"].nodes if node.kind == "Role"}
    assert names == {"deploy"}


def test_its_answers_could_have_come_from_aws() -> None:
    for path in (Path(__file__).parents[1] / "cases/replay/first-format").rglob("*.jsonl"):
        first, *rest = (json.loads(line) for line in path.read_text().splitlines())
        for page in (decode(line["page"]) for line in rest if "page" in line):
            assert problems(first["service"], first["operation"], page) == []
