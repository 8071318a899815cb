"""Finds out what there is to read: the organization's accounts, each account's regions, who speaks for all of them.

https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeOrganization.html
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Protocol

from botocore.session import Session

from ...errors import UsageError
from ...schema import GLOBAL, Refusal, ScopeId
from . import collectors
from .collector import Call, Collector, Level, Page, Source
from .plan import Plan, Request, Task
from .refusal import CallRefused
from .session import Identity

SOURCE = "aws"
NO_ORGANIZATION = "AWSOrganizationsNotInUseException"

DESCRIBE_ORGANIZATION = Call("organizations", "DescribeOrganization", ("organizations:DescribeOrganization",))
LIST_ACCOUNTS = Call("organizations", "ListAccounts", ("organizations:ListAccounts",))
LIST_DELEGATES = Call("organizations", "ListDelegatedAdministrators", ("organizations:ListDelegatedAdministrators",))
DESCRIBE_REGIONS = Call("ec2", "DescribeRegions", ("ec2:DescribeRegions",))
LIST_REGIONS = Call("account", "ListRegions", ("account:ListRegions",))
CALLS = (
    Call("sts", "GetCallerIdentity", ()),
    DESCRIBE_ORGANIZATION,
    LIST_ACCOUNTS,
    LIST_DELEGATES,
    DESCRIBE_REGIONS,
    LIST_REGIONS,
)
"""The calls made before any collector's."""


class Explorable(Source, Protocol):
    """A source that can be asked what there is."""

    @property
    def identity(self) -> Identity:
        """Who makes the calls."""
        ...

    def can_enter(self, account: str) -> bool:
        """Whether calls can be made in the account."""
        ...


def discover(source: Explorable, request: Request | None = None) -> Plan:
    """Plan a run; UsageError where the request names a collector that does not exist."""
    asked = request or Request()
    chosen = _chosen(asked)
    exploration = _Exploration(source, source.identity)
    organization = exploration.organization()
    accounts, skipped = _accounts(asked, organization, exploration.identity.account)
    chosen.sort(key=_length, reverse=True)
    tasks = [task for collector in chosen for task in _tasks(collector, asked, exploration, organization, accounts)]
    return Plan(
        partition=exploration.identity.partition,
        caller=exploration.identity.account,
        organization=organization.id,
        management_account=organization.management_account,
        accounts=accounts,
        skipped=skipped,
        tasks=tuple(tasks),
        refusals=tuple(dict.fromkeys(exploration.refusals)),
        notes=tuple(f"the account {account} is not read: it is {state}" for account, state in sorted(skipped.items())),
        options=asked.options,
    )


@dataclass(frozen=True, slots=True)
class _Organization:
    id: str | None
    management_account: str | None
    speaker: str
    """The account that calls about the organization are made in."""
    states: dict[str, str] | None
    """The state of every account; None where they could not be listed."""


@dataclass
class _Exploration:
    """Asks a source, and notes what it would not say."""

    source: Explorable
    identity: Identity
    refusals: list[Refusal] = field(default_factory=list)
    _regions: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def ask(self, account: str, call: Call, **params: object) -> list[Page] | CallRefused:
        """The pages of a call, or why there are none."""
        try:
            return list(self.source.pages(account, GLOBAL, call.service, call.operation, params, call.tokens))
        except CallRefused as refused:
            return refused

    def note(self, call: Call, refused: CallRefused) -> None:
        """Note that something could not be found out."""
        self.refusals.append(Refusal(refused.action or call.action, refused.code, refused.message))

    def organization(self) -> _Organization:
        """The organization that the caller is in, and where it can be read from."""
        caller = self.identity.account
        answer = self.ask(caller, DESCRIBE_ORGANIZATION)
        if isinstance(answer, CallRefused):
            if answer.code != NO_ORGANIZATION:
                self.note(DESCRIBE_ORGANIZATION, answer)
            return _Organization(None, None, caller, None)
        described = answer[0]["Organization"] if answer else {}
        management = str(described.get("MasterAccountId") or caller)
        listed = self.ask(caller, LIST_ACCOUNTS)
        speaker = caller
        if isinstance(listed, CallRefused) and management != caller and self.source.can_enter(management):
            speaker, listed = management, self.ask(management, LIST_ACCOUNTS)
        if isinstance(listed, CallRefused):
            self.note(LIST_ACCOUNTS, listed)
            return _Organization(described.get("Id"), management, speaker, None)
        accounts = (account for page in listed for account in page.get("Accounts", ()))
        states = {account["Id"]: account.get("State") or account.get("Status") or "ACTIVE" for account in accounts}
        return _Organization(described.get("Id"), management, speaker, states)

    def speaker(self, organization: _Organization, service: str) -> str:
        """The account that answers for a service of the organization: the management account, or a delegate."""
        management = organization.management_account
        if management is None or management in (organization.speaker, self.identity.account):
            return management or organization.speaker
        if self.source.can_enter(management):
            return management
        if service:
            answer = self.ask(organization.speaker, LIST_DELEGATES, ServicePrincipal=service)
            pages = [] if isinstance(answer, CallRefused) else answer
            for delegate in (one["Id"] for page in pages for one in page.get("DelegatedAdministrators", ())):
                if delegate == self.identity.account or self.source.can_enter(delegate):
                    return str(delegate)
        return organization.speaker

    def regions(self, account: str) -> tuple[str, ...]:
        """The regions that the account has enabled; all of the partition's where it does not say."""
        if account not in self._regions:
            self._regions[account] = self._ask_regions(account)
        return self._regions[account]

    def _ask_regions(self, account: str) -> tuple[str, ...]:
        answer = self.ask(account, DESCRIBE_REGIONS)
        if not isinstance(answer, CallRefused):
            return _names(answer, "Regions", "RegionName")
        statuses = ["ENABLED", "ENABLED_BY_DEFAULT"]
        listed = self.ask(account, LIST_REGIONS, RegionOptStatusContains=statuses)
        if not isinstance(listed, CallRefused):
            return _names(listed, "Regions", "RegionName")
        self.note(DESCRIBE_REGIONS, answer)
        return tuple(sorted(_offered("ec2", self.identity.partition)))


def _length(collector: Collector) -> int:
    """How long it takes, about: what takes longest begins first, so that the end is not spent waiting for it alone."""
    return len(collector.calls) if collector.level in (Level.ORGANIZATION, Level.ACCOUNT) else 0


def _names(pages: Iterable[Page], member: str, name: str) -> tuple[str, ...]:
    return tuple(sorted(one[name] for page in pages for one in page.get(member, ())))


def _chosen(request: Request) -> list[Collector]:
    known = collectors()
    named = {*request.collectors, *request.also}
    for name in sorted(named - known.keys()):
        raise UsageError(f"there is no collector {name!r}", f"There are: {', '.join(known)}.")
    return [
        collector
        for name, collector in known.items()
        if name in named or not (request.collectors or collector.on_request)
    ]


def _accounts(request: Request, organization: _Organization, caller: str) -> tuple[tuple[str, ...], dict[str, str]]:
    """The accounts to read, and those that are left out, each with its state."""
    states = organization.states or {}
    wanted = request.accounts or tuple(sorted(states)) or (caller,)
    skipped = {account: states[account] for account in wanted if states.get(account, "ACTIVE") != "ACTIVE"}
    return tuple(account for account in dict.fromkeys(wanted) if account not in skipped), skipped


def _tasks(
    collector: Collector,
    request: Request,
    exploration: _Exploration,
    organization: _Organization,
    accounts: tuple[str, ...],
) -> Iterable[Task]:
    """The scopes of one collector. An account's own facts come from the organization where that can be read."""
    home = organization.management_account or exploration.identity.account

    def regions(account: str) -> tuple[str, ...]:
        return request.regions or exploration.regions(account)

    match collector.level:
        case Level.ORGANIZATION:
            speaker = organization.speaker
            if collector.delegate:
                speaker = exploration.speaker(organization, collector.delegate)
            yield _task(home, GLOBAL, collector, speaker)
        case Level.ORGANIZATION_REGION:
            speaker = exploration.speaker(organization, collector.delegate)
            yield from (_task(home, region, collector, speaker) for region in regions(speaker))
        case Level.ACCOUNT:
            if collector.name != "account" or organization.states is None:
                yield from (_task(account, GLOBAL, collector) for account in accounts)
        case Level.REGION:
            for account in accounts:
                there = (one for one in regions(account) if has_service(collector, one, exploration.identity.partition))
                yield from (_task(account, region, collector) for region in there)


def has_service(collector: Collector, region: str, partition: str = "aws") -> bool:
    """Whether the region has the collector's service, by what botocore knows; a region that it does not know may.

    A call to a service that is not there asks eight times for a name that does not exist.
    """
    if region not in _offered("ec2", partition):
        return True
    if collector.regions:
        return region in collector.regions
    service = collector.calls[0].service
    return region in _offered(service, partition) or not _offered(service, "aws")


@cache
def _offered(service: str, partition: str) -> frozenset[str]:
    return frozenset(_botocore().get_available_regions(service, partition))


@cache
def _botocore() -> Session:
    return Session()


def _task(account: str, region: str, collector: Collector, speaker: str | None = None) -> Task:
    return Task(ScopeId(SOURCE, account, region, collector.name), speaker or account)
