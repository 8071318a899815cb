"""AWS IAM: users, groups, roles, policies and credentials of one account.

Nearly all of it comes from GetAccountAuthorizationDetails, a thousand entries a page: a call for every role would be
thousands of calls. The credential report says the rest of users, and ListRoles the two things of roles that the
details leave out.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...schema import Arn, Edge, Node, Ownership, Refusal
from ...schema.facts import Properties
from .collector import Call, Collector, Level, Page, Reader
from .credential_report import GENERATE_REPORT, GET_REPORT, Credentials, read_report
from .documents import Document, policy_facts
from .iam_credentials import CREDENTIAL_CALLS, access_keys, mfa_devices, root_user, signing_certificates
from .iam_settings import SETTINGS_CALLS, account_settings
from .references import account_reference, policy_reference
from .refusal import MALFORMED
from .trust import trust_facts
from .values import tags, text, timestamp

PAGE_SIZE = 1000
"""The most entries that IAM puts on a page."""

NOT_LISTED = "NotListed"
"""The code of a thing that others name and that a listing without refusals does not hold."""

DETAILS = "GetAccountAuthorizationDetails"
_DETAILS_ACTION = f"iam:{DETAILS}"


def collect(reader: Reader) -> Iterator[Node | Edge]:
    """All of the account's IAM."""
    yield account_reference(reader.account)
    session_settings = reader.ahead(lambda: _session_settings(reader))
    report = read_report(reader)
    inventory = _Inventory(reader, report, session_settings)
    for page in reader.pages(DETAILS, MaxItems=PAGE_SIZE):
        yield from inventory.page(page)
    yield from inventory.rest()
    for page in reader.pages("ListInstanceProfiles", MaxItems=PAGE_SIZE):
        for profile in inventory.entries(page, "InstanceProfiles"):
            yield from inventory.instance_profile(profile)
    yield from access_keys(reader, inventory.users, report)
    yield from signing_certificates(reader, inventory.users, report)
    yield from mfa_devices(reader, inventory.users, report)
    summary: dict[str, Any] = {}
    for fact in account_settings(reader, summary):
        yield fact
        if isinstance(fact, Node) and fact.ownership is Ownership.SCOPE:
            yield Edge("CONTAINS", reader.account, fact.id)
    yield from root_user(reader, report, summary)
    inventory.compare(summary)


def _session_settings(reader: Reader) -> dict[str, tuple[str | None, int | None]]:
    """Description and longest session of every role by ARN."""
    return {
        role["Arn"]: (text(role.get("Description")), role.get("MaxSessionDuration"))
        for page in reader.pages("ListRoles", MaxItems=PAGE_SIZE)
        for role in page.get("Roles", ())
        if isinstance(role, Mapping) and "Arn" in role
    }


@dataclass
class _Inventory:
    """Turns pages of details into facts, and remembers what they name until all pages are read."""

    reader: Reader
    report: dict[str, Credentials]
    """Rows of the credential report by ARN; of users that are listed, only those that speak of them."""
    session_settings: Callable[[], Mapping[str, tuple[str | None, int | None]]]
    users: dict[str, str] = field(default_factory=dict)
    """Names of users by ARN."""
    _groups: dict[str, str] = field(default_factory=dict)
    _memberships: list[tuple[str, str]] = field(default_factory=list)
    _roles: int = 0
    _listed_policies: set[str] = field(default_factory=set)
    _named_policies: set[str] = field(default_factory=set)
    _unused_policies: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def page(self, page: Page) -> Iterator[Node | Edge]:
        """The facts of one page."""
        for detail in self.entries(page, "UserDetailList"):
            yield from self._user(detail)
        for detail in self.entries(page, "GroupDetailList"):
            yield from self._group(detail)
        for detail in self.entries(page, "RoleDetailList"):
            yield from self._role(detail)
        for detail in self.entries(page, "Policies"):
            yield from self._policy(detail)

    def rest(self) -> Iterator[Node | Edge]:
        """What could be said only when all pages were read: memberships, and policies that are named but not listed."""
        for user, name in self._memberships:
            if name in self._groups:
                yield Edge("MEMBER_OF", user, self._groups[name])
            else:
                self._not_listed(f"the group {name} of {user}")
        for arn in sorted(self._named_policies - self._listed_policies):
            if arn in self._unused_policies:
                yield from self._managed_policy(self._unused_policies[arn])
            else:
                yield policy_reference(arn)
                self._not_listed(f"the policy {arn}")

    def entries(self, page: Mapping[str, Any], member: str) -> Iterator[Mapping[str, Any]]:
        """The entries of a list that have an ARN; others are noted as malformed."""
        for entry in page.get(member) or ():
            arn = entry.get("Arn") if isinstance(entry, Mapping) else None
            if arn and arn == text(arn):
                yield entry
            else:
                self.reader.refuse(Refusal(_DETAILS_ACTION, MALFORMED, f"an entry of {member} has no Arn"))

    def compare(self, summary: Mapping[str, Any]) -> None:
        """Note where IAM counts things that the details, perhaps printed with a filter, do not hold at all."""
        for counted, listed in (("Users", len(self.users)), ("Groups", len(self._groups)), ("Roles", self._roles)):
            if summary.get(counted) and not listed:
                self._not_listed(f"{summary[counted]} {counted.lower()}, which GetAccountSummary counts")

    def instance_profile(self, profile: Mapping[str, Any]) -> Iterator[Node | Edge]:
        """An instance profile and the role that it hands out."""
        arn = profile["Arn"]
        yield Node("InstanceProfile", arn, self._described(profile, "InstanceProfileName", "InstanceProfileId"))
        yield self._contained(arn)
        for role in profile.get("Roles") or ():
            if isinstance(role, Mapping) and isinstance(role.get("Arn"), str):
                yield Node("Role", role["Arn"], self._common(role["Arn"]), Ownership.REFERENCE)
                yield Edge("HAS_ROLE", arn, role["Arn"])

    def _user(self, detail: Mapping[str, Any]) -> Iterator[Node | Edge]:
        arn = detail["Arn"]
        properties = self._described(detail, "UserName", "UserId")
        properties["tags"] = tags(detail.get("Tags"))
        row = self.report.get(arn)
        if row is not None and row.created_at not in (None, properties["created_at"]):
            # The report is older than the user, and speaks of an earlier one of the same name.
            del self.report[arn]
            row = None
        if row is not None:
            properties["console_access"] = row.console_access
            properties["password_last_used"] = row.password_last_used
            properties["password_changed_at"] = row.password_changed_at
            properties["mfa_active"] = row.mfa_active
        self.users[arn] = str(detail.get("UserName"))
        yield Node("User", arn, properties)
        yield self._contained(arn)
        self._memberships += ((arn, name) for name in detail.get("GroupList") or ())
        yield from self._policies_of(arn, detail, "UserPolicyList")

    def _group(self, detail: Mapping[str, Any]) -> Iterator[Node | Edge]:
        arn = detail["Arn"]
        self._groups[str(detail.get("GroupName"))] = arn
        yield Node("Group", arn, self._described(detail, "GroupName", "GroupId"))
        yield self._contained(arn)
        yield from self._policies_of(arn, detail, "GroupPolicyList")

    def _role(self, detail: Mapping[str, Any]) -> Iterator[Node | Edge]:
        arn = detail["Arn"]
        self._roles += 1
        document = Document.read(detail.get("AssumeRolePolicyDocument"))
        trusts, malformed = trust_facts(arn, document)
        description, longest_session = self.session_settings().get(arn, (None, None))
        last_used = detail.get("RoleLastUsed") or {}
        properties = self._described(detail, "RoleName", "RoleId")
        properties |= {
            "tags": tags(detail.get("Tags")),
            "description": description,
            "trust_policy": document.text,
            "trust_malformed": malformed,
            "max_session_seconds": longest_session,
            "last_used_at": timestamp(last_used.get("LastUsedDate")),
            "last_used_region": text(last_used.get("Region")),
            "service_linked": str(detail.get("Path")).startswith("/aws-service-role/"),
        }
        yield Node("Role", arn, properties)
        yield self._contained(arn)
        yield from trusts
        for profile in self.entries(detail, "InstanceProfileList"):
            yield from self.instance_profile(profile)
        yield from self._policies_of(arn, detail, "RolePolicyList")

    def _policies_of(self, holder: str, detail: Mapping[str, Any], member: str) -> Iterator[Node | Edge]:
        """Inline policies, attached policies and the boundary of a user, group or role."""
        for inline in detail.get(member) or ():
            name = text(inline.get("PolicyName"))
            policy = f"{holder}/inline-policy/{name}"
            common = {"name": name, "provider": "aws", "account_id": self.reader.account}
            yield from policy_facts("InlinePolicy", policy, inline.get("PolicyDocument"), common)
            yield Edge("ATTACHED_TO", policy, holder)
        for attached in detail.get("AttachedManagedPolicies") or ():
            self._named_policies.add(attached["PolicyArn"])
            yield Edge("ATTACHED_TO", attached["PolicyArn"], holder)
        boundary = (detail.get("PermissionsBoundary") or {}).get("PermissionsBoundaryArn")
        if boundary:
            self._named_policies.add(boundary)
            yield Edge("BOUNDED_BY", holder, boundary)

    def _policy(self, detail: Mapping[str, Any]) -> Iterator[Node | Edge]:
        """A managed policy; one of AWS's that the account does not use is kept back until something names it."""
        used = detail.get("AttachmentCount") or detail.get("PermissionsBoundaryUsageCount")
        if _by_aws(detail["Arn"]) and not used:
            self._unused_policies[detail["Arn"]] = detail
        else:
            yield from self._managed_policy(detail)

    def _managed_policy(self, detail: Mapping[str, Any]) -> Iterator[Node | Edge]:
        arn = detail["Arn"]
        self._listed_policies.add(arn)
        by_aws = _by_aws(arn)
        versions = detail.get("PolicyVersionList") or ()
        properties = self._described(detail, "PolicyName", "PolicyId")
        properties |= {
            "account_id": None if by_aws else self.reader.account,
            "description": text(detail.get("Description")),
            "aws_managed": by_aws,
            "default_version": text(detail.get("DefaultVersionId")),
            "versions": len(versions) or None,
            "updated_at": timestamp(detail.get("UpdateDate")),
        }
        default = [version for version in versions if version.get("IsDefaultVersion")]
        raw = default[0].get("Document") if default else None
        ownership = Ownership.SHARED if by_aws else Ownership.SCOPE
        yield from policy_facts("ManagedPolicy", arn, raw, properties, ownership)
        if not by_aws:
            yield self._contained(arn)
            for version in versions:
                if not version.get("IsDefaultVersion"):
                    yield from self._version(arn, properties["name"], version)

    def _version(self, policy: str, name: str, detail: Mapping[str, Any]) -> Iterator[Node | Edge]:
        """A version that is not in force. Of AWS's policies nobody sets another."""
        number = text(detail.get("VersionId"))
        if number is None:
            return
        document = Document.read(detail.get("Document"))
        stated: Properties = {
            "name": f"{name} {number}",
            "provider": "aws",
            "account_id": self.reader.account,
            "version": number,
            "document": document.text,
            "document_hash": document.hash,
            "malformed": document.malformed,
            "created_at": timestamp(detail.get("CreateDate")),
        }
        yield Node("PolicyVersion", f"{policy}#{number}", stated)
        yield Edge("HAS_VERSION", policy, f"{policy}#{number}")

    def _described(self, detail: Mapping[str, Any], name: str, unique_id: str) -> dict[str, Any]:
        return {
            "name": text(detail.get(name)) or detail["Arn"].rpartition("/")[2],
            "provider": "aws",
            "account_id": self.reader.account,
            "unique_id": text(detail.get(unique_id)),
            "path": text(detail.get("Path")),
            "created_at": timestamp(detail.get("CreateDate")),
        }

    def _common(self, arn: str) -> Properties:
        parsed = Arn.maybe(arn)
        account = parsed.account if parsed and parsed.account.isdigit() else None
        return {"name": parsed.name if parsed else arn, "provider": "aws", "account_id": account}

    def _contained(self, identifier: str) -> Edge:
        return Edge("CONTAINS", self.reader.account, identifier)

    def _not_listed(self, what: str) -> None:
        if not self.reader.refused(DETAILS):
            self.reader.refuse(Refusal(_DETAILS_ACTION, NOT_LISTED, f"{what} is not in the answer"))


def _by_aws(policy: str) -> bool:
    """Whether AWS writes the policy: ``arn:aws:iam::aws:policy/…``."""
    return policy.split(":", 5)[4:5] == ["aws"]


COLLECTOR = Collector(
    name="iam",
    level=Level.ACCOUNT,
    calls=(
        Call("iam", DETAILS, (_DETAILS_ACTION,)),
        Call("iam", "ListRoles", ("iam:ListRoles",)),
        Call("iam", "ListInstanceProfiles", ("iam:ListInstanceProfiles",)),
        GET_REPORT,
        GENERATE_REPORT,
        *CREDENTIAL_CALLS,
        *SETTINGS_CALLS,
    ),
    collect=collect,
    description="Users, groups, roles, policies, trusts and credentials of an account.",
)
