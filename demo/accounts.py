"""The accounts of Halden Logistics, a carrier that never was, in their organizational units."""

from __future__ import annotations

from dataclasses import dataclass

HOME_REGION = "eu-west-1"
DEFAULT_REGIONS = frozenset(
    f"{area}-{number}"
    for area, count in {
        "ap-northeast": 3,
        "ap-south": 1,
        "ap-southeast": 2,
        "ca-central": 1,
        "eu-central": 1,
        "eu-north": 1,
        "eu-west": 3,
        "sa-east": 1,
        "us-east": 2,
        "us-west": 2,
    }.items()
    for number in range(1, count + 1)
)
"""Regions that every account has enabled."""
DOMAIN = "halden-logistics.example"

MANAGEMENT_ACCOUNT = "123456789012"
"""The emulator takes anyone it does not know for this account."""
MANAGEMENT_EMAIL = f"aws-root@{DOMAIN}"

UNITS = (
    "Security",
    "Infrastructure",
    "Workloads",
    "Workloads/Production",
    "Workloads/NonProduction",
    "Sandbox",
    "Suspended",
)
"""Organizational units, parents first, each with its path below the root."""


@dataclass(frozen=True, slots=True)
class Account:
    """One account: ``days_ago`` is when it joined; ``application`` is empty where it carries no workload."""

    name: str
    unit: str
    environment: str = ""
    owner: str = ""
    cost_centre: str = ""
    application: str = ""
    days_ago: int = 900
    closed: bool = False
    untagged: bool = False

    @property
    def email(self) -> str:
        """The root user's address: one mailbox with a suffix for each account."""
        return f"aws-root+{self.name}@{DOMAIN}"

    @property
    def production(self) -> bool:
        """Whether its environment is production."""
        return self.environment == "production"

    @property
    def tags(self) -> dict[str, str]:
        """Its tags in Organizations."""
        if self.untagged:
            return {}
        tags = {
            "environment": self.environment,
            "owner": self.owner,
            "cost-centre": self.cost_centre,
            "application": self.application,
            "data-classification": "confidential" if self.production else "internal",
        }
        return {key: value for key, value in tags.items() if value}


MANAGEMENT = Account("halden-management", "", "management", "cloud-platform", "CC-1000", days_ago=2400)

MEMBERS = (
    Account("log-archive", "Security", "security", "security-operations", "CC-1100", days_ago=2380),
    Account("security-tooling", "Security", "security", "security-operations", "CC-1100", days_ago=2380),
    Account("network", "Infrastructure", "shared", "network-engineering", "CC-1200", days_ago=2200),
    Account("shared-services", "Infrastructure", "shared", "cloud-platform", "CC-1000", days_ago=2200),
    Account("backup-vault", "Infrastructure", "shared", "cloud-platform", "CC-1000", days_ago=1100),
    Account("payments-prod", "Workloads/Production", "production", "payments", "CC-2100", "payments", 1900),
    Account("tracking-prod", "Workloads/Production", "production", "parcel-tracking", "CC-2200", "tracking", 1880),
    Account("portal-prod", "Workloads/Production", "production", "customer-portal", "CC-2300", "portal", 1700),
    Account("data-platform-prod", "Workloads/Production", "production", "data-engineering", "CC-2400", "lake", 1400),
    Account("warehouse-prod", "Workloads/Production", "production", "warehouse-systems", "CC-2500", "warehouse", 1300),
    Account("payments-staging", "Workloads/NonProduction", "staging", "payments", "CC-2100", "payments", 1890),
    Account("payments-dev", "Workloads/NonProduction", "development", "payments", "CC-2100", "payments", 1890),
    Account("tracking-dev", "Workloads/NonProduction", "development", "parcel-tracking", "CC-2200", "tracking", 1870),
    Account("portal-staging", "Workloads/NonProduction", "staging", "customer-portal", "CC-2300", "portal", 1690),
    Account("data-platform-dev", "Workloads/NonProduction", "development", "data-engineering", "CC-2400", "lake", 1390),
    Account("sandbox-platform", "Sandbox", "sandbox", "cloud-platform", "CC-1000", days_ago=700),
    Account("sandbox-data", "Sandbox", days_ago=320, untagged=True),
    Account("fleet-telematics-legacy", "Suspended", "production", "", "CC-2600", days_ago=2100, closed=True),
)
"""Every account but the management account, in the order in which they are made."""

CONTACTS = {
    "SECURITY": ("Ingrid Solberg", "Head of Security Operations", "security", "+4723000110"),
    "OPERATIONS": ("Platform On-Call", "Cloud Platform", "platform-oncall", "+4723000120"),
    "BILLING": ("Tomasz Zieliński", "Finance Controller", "cloud-billing", "+4723000130"),
}
"""Alternate contacts: name, title, mailbox, telephone. Sandboxes have none."""

PRIMARY_CONTACT = {
    "FullName": "Kari Nygaard",
    "AddressLine1": "Havnegata 7",
    "City": "Oslo",
    "PostalCode": "0150",
    "CountryCode": "NO",
    "PhoneNumber": "+4723000100",
    "CompanyName": "Halden Logistics AS",
}
