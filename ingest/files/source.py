"""Answers from what the AWS CLI printed into the files of a folder, whatever their names.

Which operation a document answers is told from its members; for which account, from the ARNs in it, or from twelve
digits in the name of the file or of a folder above it. A call about one thing (a policy's targets, a unit's accounts)
is answered by a document that holds the thing's id, or whose name does: ``list-targets-for-policy-p-1234.json``.
A call that no document answers is refused as not recorded: it is not known, which is not "none".
"""

from __future__ import annotations

import base64
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePath
from typing import Any

from ...errors import ReplayError
from ...schema import Arn
from ..aws.collector import Page, Params
from ..aws.refusal import NOT_RECORDED, CallRefused
from ..aws.session import HOME_REGIONS, Identity
from . import printed
from .recognition import PAGING, Operation, command, operations, recognise

SMALL = 65_536
"""Bytes of a file whose documents are kept in memory; a larger one is read again when it is wanted."""

_OF_AN_ACCOUNT = frozenset({"account", "iam", "sts"})
"""Services whose answers are about the account that they were asked in."""

_OF_ALL = frozenset({"identitystore", "organizations", "sso-admin"})
"""Services whose answers are about the organization, of which there is one in a folder. The answers of all others are
about one region of one account: nowhere else are they taken for an answer."""

_NOT_ABOUT = frozenset({"AssignmentStatus", "IdentityStoreId", "InstanceArn", "MaxItems", "MaxResults"})
"""Parameters that do not say what a call is about, or are the same for all calls of a folder."""

_ALIASES = {"Filter": "Type", "PolicyId": "Id"}
"""Parameters that answers repeat under another name."""

_DIGITS = re.compile(r"(?<!\d)\d{12}(?!\d)")
_REGION = re.compile(r"(?<![a-z0-9])(?:[a-z]{2}|us-gov|us-iso[a-z]?)-[a-z]+-\d(?!\d)")
_ARN_MEMBERS = frozenset({"Arn", "SerialNumber", "OpenIDConnectProviderArn"})


@dataclass(frozen=True, slots=True)
class _Document:
    """One document of a file: what it answers, and about which account."""

    path: Path
    name: PurePath
    """The path in the folder."""
    index: int
    """Which document of the file it is."""
    operations: tuple[Operation, ...]
    account: str | None
    truncated: bool
    """Whether it says that there is more than it holds."""
    content: Mapping[str, Any] | None
    """The document itself where it is small."""
    error: printed.PrintedError | None = None
    region: str | None = None

    def read(self) -> Page:
        """The document; CallRefused where the file has changed since."""
        if self.content is not None:
            return {name: value for name, value in self.content.items() if name not in PAGING}
        try:
            for index, document in enumerate(printed.read(self.path)):
                if index == self.index and isinstance(document, dict):
                    return {name: value for name, value in document.items() if name not in PAGING}
        except printed.NotUnderstood as error:
            raise CallRefused(NOT_RECORDED, f"{self.name}: {error}") from error
        raise CallRefused(NOT_RECORDED, f"{self.name} has changed while it was read")


class FilesSource:
    """A folder of files as a source."""

    def __init__(self, folder: Path) -> None:
        """ReplayError if the folder holds nothing that is understood."""
        if not folder.is_dir():
            raise ReplayError(f"there is no folder {folder}", "Name the folder that holds what the AWS CLI printed.")
        if (folder / "manifest.json").is_file() and (folder / "manifest.json").read_bytes().find(b'"recording"') > 0:
            raise ReplayError(f"{folder} is a recording", "Read it with `muniment ingest aws --replay`.")
        self._ignored: list[str] = []
        documents = list(self._documents(folder))
        self._by_operation: dict[Operation, list[_Document]] = {}
        for document in documents:
            for operation in document.operations:
                self._by_operation.setdefault(operation, []).append(document)
        if not documents:
            raise ReplayError(
                f"{folder} holds nothing that the AWS CLI printed for Muniment to read",
                f"Keep JSON in it, for instance of `{command(('iam', 'GetAccountAuthorizationDetails'))}`.",
            )

    @property
    def notes(self) -> tuple[str, ...]:
        """What was ignored, and why; what could not be told apart."""
        unknown = [
            str(document.name)
            for document in self._all("iam", "account")
            if document.account is None and len(self.accounts) > 1
        ]
        told = [f"ignored {name}" for name in self._ignored]
        if unknown:
            told.append(
                f"no account is named in {', '.join(sorted(set(unknown)))}: put twelve digits into the name of the file"
                " or of its folder"
            )
        return tuple(told)

    @cached_property
    def accounts(self) -> tuple[str, ...]:
        """The accounts that the files are about."""
        listed = [
            account.get("Id")
            for document in self._by_operation.get(("organizations", "ListAccounts"), ())
            if document.error is None
            for account in document.read().get("Accounts", ())
            if account.get("State", account.get("Status", "ACTIVE")) == "ACTIVE"
        ]
        about = [document.account for document in (*self._all(*_OF_AN_ACCOUNT), *self._regional())]
        return tuple(sorted({str(account) for account in (*listed, *about) if account}))

    @property
    def regions(self) -> tuple[str, ...]:
        """The regions that files are about, by their names or ARNs; the partition's first where none says."""
        names = (str(document.name) for document in self._all("sso-admin", "identitystore"))
        found = {match.group() for name in names for match in _REGION.finditer(name)}
        found |= {document.region for document in self._regional() if document.region}
        return tuple(sorted(found)) or (HOME_REGIONS.get(self.identity.partition, HOME_REGIONS["aws"]),)

    @cached_property
    def identity(self) -> Identity:
        """The management account where an organization was printed, else the first account."""
        for document in self._by_operation.get(("organizations", "DescribeOrganization"), ()):
            described = document.read().get("Organization", {}) if document.error is None else {}
            if described.get("MasterAccountId"):
                return Identity(described["MasterAccountId"], str(described.get("Arn")))
        if not self.accounts:
            raise ReplayError("no file says which account it is about", "Put twelve digits into the names of files.")
        account = self.accounts[0]
        arns = (arn for document in self._all("iam", "organizations") for arn in _arns(document.content or {}))
        return Identity(account, next(arns, f"arn:aws:iam::{account}:root"))

    def can_enter(self, account: str) -> bool:
        """Whether the files are about the account."""
        return account in self.accounts

    def pages(
        self,
        account: str,
        region: str,
        service: str,
        operation: str,
        params: Params,
        tokens: tuple[str, str] | None = None,  # noqa: ARG002 - the CLI has put pages together
    ) -> Iterator[Page]:
        """The documents that answer the call; CallRefused where none does, or where they say that there is more."""
        answers = [
            document
            for document in self._by_operation.get((service, operation), ())
            if self._is_about(document, service, account, region) and _answers(document, params)
        ]
        if not answers:
            raise CallRefused(NOT_RECORDED, f"no file holds what `{command((service, operation))}` prints")
        for document in answers:
            if document.error is None:
                yield document.read()
        for document in answers:
            if document.error is not None:
                raise CallRefused(document.error.code, document.error.message)
        if all(document.truncated for document in answers):
            raise CallRefused(NOT_RECORDED, f"{answers[-1].name} ends before the list does")

    def _is_about(self, document: _Document, service: str, account: str, region: str) -> bool:
        if service in _OF_ALL:
            return True
        its_account = document.account == account or (document.account is None and self.accounts in ((account,), ()))
        if service in _OF_AN_ACCOUNT:
            return its_account
        return its_account and (document.region or region) == region and bool(document.region or len(self.regions) == 1)

    def _regional(self) -> Iterator[_Document]:
        for (service, _), documents in self._by_operation.items():
            if service not in _OF_ALL | _OF_AN_ACCOUNT:
                yield from documents

    def _all(self, *services: str) -> Iterable[_Document]:
        return (
            document
            for (service, _), documents in self._by_operation.items()
            if service in services
            for document in documents
        )

    def _documents(self, folder: Path) -> Iterator[_Document]:
        for path in sorted(found for found in folder.rglob("*") if found.is_file()):
            name = path.relative_to(folder)
            recognised = False
            try:
                for index, document in enumerate(printed.read(path)):
                    made = _document(path, name, index, document)
                    if made:
                        recognised = True
                        yield made
            except printed.NotUnderstood as error:
                self._ignored.append(f"{name}: {error}")
                continue
            if not recognised:
                self._ignored.append(f"{name}: it is none of the answers that Muniment reads")


def _document(
    path: Path, name: PurePath, index: int, document: dict[str, Any] | printed.PrintedError
) -> _Document | None:
    if isinstance(document, printed.PrintedError):
        return _Document(
            path, name, index, _named(document.operation), _in_name(name), False, None, document, _region(name)
        )
    possible = recognise(document, name)
    if not possible:
        return None
    place = _place(document) if any(service not in _OF_ALL | _OF_AN_ACCOUNT for service, _ in possible) else None
    account = _account(document) or _in_name(name) or (place.account if place else None)
    truncated = bool(document.get("IsTruncated") or document.get("NextToken") or document.get("Marker"))
    content = document if path.stat().st_size <= SMALL else None
    region = _region(name) or (place.region if place else None)
    return _Document(path, name, index, possible, account, truncated, content, region=region)


def _named(operation: str) -> tuple[Operation, ...]:
    return tuple(key for key in operations() if key[1] == operation)


def _in_name(name: PurePath) -> str | None:
    """Twelve digits in the name of the file, or else of the nearest folder."""
    for part in reversed(name.parts):
        digits = _DIGITS.search(part)
        if digits:
            return digits.group()
    return None


def _region(name: PurePath) -> str | None:
    """The region in the name of the file, or else of the nearest folder."""
    return next((found.group() for part in reversed(name.parts) if (found := _REGION.search(part))), None)


def _place(document: Mapping[str, Any]) -> Arn | None:
    """An ARN in the account and region that most regional ARNs are of, among the texts of what a document lists."""
    entries = (entry for value in document.values() for entry in (value if isinstance(value, list) else [value]))
    texts = (text for entry in entries for text in (entry.values() if isinstance(entry, Mapping) else [entry]))
    arns = [arn for text in texts if isinstance(text, str) and (arn := Arn.maybe(text)) and arn.region]
    counted = Counter((arn.account, arn.region) for arn in arns if _DIGITS.fullmatch(arn.account))
    most = counted.most_common(1)
    return next((arn for arn in arns if most and (arn.account, arn.region) == most[0][0]), None)


def _account(document: Mapping[str, Any]) -> str | None:
    """The account of most ARNs that say what the document lists."""
    if isinstance(document.get("Account"), str) and _DIGITS.fullmatch(document["Account"]):
        return str(document["Account"])
    parsed = (Arn.maybe(arn) for arn in _arns(document))
    counted = Counter(arn.account for arn in parsed if arn and _DIGITS.fullmatch(arn.account))
    return counted.most_common(1)[0][0] if counted else None


def _arns(document: Mapping[str, Any]) -> Iterator[str]:
    """ARNs of what a document lists; not those that its entries name."""
    if isinstance(document.get("Content"), str | bytes):
        yield from _report_arns(document["Content"])
    for value in document.values():
        entries = value if isinstance(value, list) else [value]
        for entry in entries:
            if isinstance(entry, Mapping):
                yield from (
                    str(arn) for member, arn in entry.items() if member in _ARN_MEMBERS and isinstance(arn, str)
                )


def _report_arns(content: str | bytes) -> Iterator[str]:
    try:
        report = base64.b64decode(content, validate=True).decode()
    except ValueError:
        report = str(content)
    yield from re.findall(r"arn:[a-z-]+:iam::\d{12}:root", report)


def _answers(document: _Document, params: Params) -> bool:
    """Whether a document is about what the call asks for."""
    return all(
        _repeats(document, name, value)
        for name, value in params.items()
        if isinstance(value, str) and name not in _NOT_ABOUT
    )


def _repeats(document: _Document, name: str, value: str) -> bool:
    forms = {value, value.rpartition("/")[2], value.partition("/")[2]} - {""}
    written = str(document.name)
    if any(re.search(rf"(?<![A-Za-z0-9]){re.escape(form)}(?![A-Za-z0-9])", written) for form in forms):
        return True
    content = document.content if document.content is not None else {}
    if any(member in forms for member in _scalars(content)):
        return True
    lists = [entries for entries in content.values() if isinstance(entries, list)]
    repeated = _ALIASES.get(name, name)
    return any(
        bool(entries) and all(isinstance(entry, Mapping) and entry.get(repeated) in forms for entry in entries)
        for entries in lists
    )


def _scalars(value: object) -> Iterator[str]:
    """Texts of a document outside its lists."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for member in value.values():
            yield from _scalars(member)
