"""Build the demo organization through ordinary AWS calls, as an administrator's scripts would."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, field
from queue import SimpleQueue

from ..ingest.aws import policy
from ..ingest.aws.session import DEFAULT_ROLE
from .accounts import CONTACTS, DOMAIN, MANAGEMENT, MANAGEMENT_ACCOUNT, MEMBERS, PRIMARY_CONTACT, UNITS, Account
from .aws import Aws
from .baseline import collector_role, collector_runner
from .compute import ComputeBuilder
from .data import DATA
from .data_builder import DataBuilder
from .documents import Contents, Document, fill
from .estate import contents
from .guardrails import DELEGATIONS, GUARDRAILS
from .identity import PeopleBuilder, ReservedRoles
from .principals import ENTRY_ROLE, PrincipalBuilder

BUILDERS = 2
"""Accounts built at a time: the emulator has one core, and signing and parsing another."""

Progress = Callable[[str], None]


@dataclass
class Organization:
    """What was built: ids by the names that the demo's data use."""

    endpoint: str
    account_ids: dict[str, str] = field(default_factory=lambda: {MANAGEMENT.name: MANAGEMENT_ACCOUNT})
    organization_id: str = ""
    unit_ids: dict[str, str] = field(default_factory=dict)
    """By path below the root, which is the empty path."""
    principals: int = 0
    """Users and roles made, in Identity Center and in all accounts."""


def build(
    endpoint: str,
    *,
    collector_role_name: str = DEFAULT_ROLE,
    collector_policy: Document | None = None,
    progress: Progress = lambda _: None,
) -> Organization:
    """Build everything, and say what was built.

    Ids are the same each time, for the emulator draws them from a seed; only the immutable ids of principals depend on
    which of the accounts that are filled at the same time is first.
    """
    built = Organization(endpoint)
    management = Aws(endpoint)
    progress("accounts")
    _build_accounts(management, built)
    progress("guardrails")
    _build_guardrails(management, built)
    progress("people")
    people = PeopleBuilder(management, built.account_ids)
    people.build()
    progress("principals")
    collector = collector_role(collector_role_name, collector_policy or policy.collector_policy())

    clients: SimpleQueue[Aws] = SimpleQueue()
    for aws in (management, *(Aws(endpoint) for _ in range(BUILDERS - 1))):
        clients.put(aws)

    def fill_account(account: Account) -> int:
        aws = clients.get()
        try:
            return _fill(aws, built, account, collector)
        finally:
            clients.put(aws)

    with ThreadPoolExecutor(BUILDERS) as pool:
        built.principals = people.users + sum(pool.map(fill_account, (MANAGEMENT, *MEMBERS)))
    for account in MEMBERS:
        if account.closed:
            management.client("organizations").close_account(AccountId=built.account_ids[account.name])
    return built


def _build_accounts(management: Aws, built: Organization) -> None:
    """The organization, its units, its accounts with tags and contacts."""
    organizations = management.client("organizations")
    with management.days_ago(MANAGEMENT.days_ago):
        made = organizations.create_organization(FeatureSet="ALL")["Organization"]
        built.organization_id = made["Id"]
        management.client("account").put_account_name(AccountName=MANAGEMENT.name)
        root = built.unit_ids[""] = organizations.list_roots()["Roots"][0]["Id"]
        for kind in ("SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"):
            organizations.enable_policy_type(RootId=root, PolicyType=kind)
        for path in UNITS:
            above, _, name = path.rpartition("/")
            unit = organizations.create_organizational_unit(ParentId=built.unit_ids[above], Name=name)
            built.unit_ids[path] = unit["OrganizationalUnit"]["Id"]
    organizations.tag_resource(ResourceId=MANAGEMENT_ACCOUNT, Tags=_tags(MANAGEMENT.tags))
    for account in MEMBERS:
        with management.days_ago(account.days_ago):
            status = organizations.create_account(
                Email=account.email, AccountName=account.name, Tags=_tags(account.tags)
            )["CreateAccountStatus"]
            built.account_ids[account.name] = status["AccountId"]
            organizations.move_account(
                AccountId=status["AccountId"],
                SourceParentId=root,
                DestinationParentId=built.unit_ids[account.unit],
            )
    for account in (MANAGEMENT, *MEMBERS):
        _set_contacts(management, built.account_ids[account.name], account)


def _set_contacts(management: Aws, account_id: str, account: Account) -> None:
    client = management.client("account")
    client.put_contact_information(AccountId=account_id, ContactInformation=PRIMARY_CONTACT)
    if account.unit == "Sandbox" or account.closed:
        return
    for kind, (name, title, mailbox, phone) in CONTACTS.items():
        client.put_alternate_contact(
            AccountId=account_id,
            AlternateContactType=kind,
            EmailAddress=f"{mailbox}@{DOMAIN}",
            Name=name,
            PhoneNumber=phone,
            Title=title,
        )


def _build_guardrails(management: Aws, built: Organization) -> None:
    """Service and resource control policies, and delegated administrators."""
    organizations = management.client("organizations")
    for guardrail in GUARDRAILS:
        made = organizations.create_policy(
            Name=guardrail.name,
            Description=guardrail.description,
            Type="RESOURCE_CONTROL_POLICY" if guardrail.resource else "SERVICE_CONTROL_POLICY",
            Content=fill(guardrail.document, {"organization": built.organization_id}),
        )
        for target in guardrail.targets:
            organizations.attach_policy(PolicyId=made["Policy"]["PolicySummary"]["Id"], TargetId=built.unit_ids[target])
    with management.days_ago(1500):
        for service, account in DELEGATIONS:
            organizations.register_delegated_administrator(
                AccountId=built.account_ids[account], ServicePrincipal=service
            )


def _fill(aws: Aws, built: Organization, account: Account, collector: Contents) -> int:
    """Make what an account holds, entering it as its administrator; the number of principals made."""
    if account.closed:
        return 0
    account_id = built.account_ids[account.name]
    ids = {**built.account_ids, "self": account_id, "organization": built.organization_id}
    builder = PrincipalBuilder(aws, ids)
    held = contents(account)
    entry = nullcontext() if account is MANAGEMENT else aws.assuming(f"arn:aws:iam::{account_id}:role/{ENTRY_ROLE}")
    with entry:
        aws.client("iam").create_account_alias(AccountAlias=f"halden-{account.name.removeprefix('halden-')}")
        if account is MANAGEMENT:
            held += collector_runner(policy.collector_policy(policy.Audience.MANAGEMENT))
        else:
            builder.finish_entry_role()
            held += collector
        builder.build(held)
        ComputeBuilder(aws, account_id, account, held).build()
        DataBuilder(aws, ids).build(DATA.get(account.name, ()))
        return builder.principals + ReservedRoles(aws, account_id).build(account)


def _tags(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]
