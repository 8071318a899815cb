"""What is wrong with the demo organization on purpose, and which question finds it."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weakness:
    """One weakness: what has it (a node's kind, its name, and the account that it is in), and what shows it."""

    what: str
    kind: str
    name: str
    account: str
    question: str

    @property
    def where(self) -> str:
        """Where it is, in words: ``role payments-breakfix in payments-prod``."""
        kind = re.sub(r"(?<!^)([A-Z])", r" \1", self.kind).lower()
        return f"{kind} {self.name}" + (f" in {self.account}" if self.account else "")


WEAKNESSES = (
    Weakness(
        "A role with administrator rights trusts a whole development account: whoever may assume roles there "
        "administers payments in production.",
        "Role",
        "payments-breakfix",
        "payments-prod",
        'muniment ask "who can assume prod admin"',
    ),
    Weakness(
        "A user of a development account may assume any role, with an access key more than two years old.",
        "User",
        "payments-load-generator",
        "payments-dev",
        "muniment who-can-assume payments-breakfix",
    ),
    Weakness(
        "A role of integration tests admits every repository of the company, and may assume any role: any developer's "
        "branch reaches production.",
        "Role",
        "payments-integration-tests",
        "payments-dev",
        "muniment who-can-assume payments-breakfix",
    ),
    Weakness(
        "A deployment role admits every repository on GitHub (`repo:*`), and can grant itself anything.",
        "Role",
        "github-release",
        "tracking-prod",
        'muniment ask "who can assume prod admin"',
    ),
    Weakness(
        "A vendor's role trusts the vendor's account without an external id: a confused deputy; and the vendor can "
        "grant the role anything, its own role among those it may change.",
        "Role",
        "spendlens-cost-optimizer",
        "data-platform-prod",
        "muniment queries run outside-trust",
    ),
    Weakness(
        "A trust policy still names a role that was deleted.",
        "Role",
        "legacy-batch",
        "warehouse-prod",
        "muniment queries run deleted-principals",
    ),
    Weakness(
        "A role trusts everyone (`*`) without any condition.",
        "Role",
        "public-dataset-reader",
        "sandbox-data",
        "muniment queries run public-roles",
    ),
    Weakness(
        "A build user is administrator, has two active access keys, both older than five years, and no owner.",
        "User",
        "ci-jenkins",
        "shared-services",
        "muniment queries run old-access-keys --param days=1800",
    ),
    Weakness(
        "A server of another account may assume any role, and with it every role that trusts its account.",
        "Role",
        "bi-server",
        "shared-services",
        "muniment who-can-assume bi-dashboards",
    ),
    Weakness(
        "An instance role may write new versions of the policy attached to it: every machine that has it is an "
        "administrator in waiting.",
        "Role",
        "warehouse-controller",
        "warehouse-prod",
        'muniment ask "who can assume warehouse-prod admin"',
    ),
    Weakness(
        "Operators may open sessions on every machine of production, and one of them runs as that role: whoever "
        "operates the warehouse can administer it.",
        "PermissionSet",
        "ProductionOperator",
        "",
        'muniment escalations --to "warehouse-prod admin"',
    ),
    Weakness(
        "A person holds administrator access to warehouse-prod directly, in no group, from before groups were used.",
        "IdentityCenterUser",
        "Gunnar Falk",
        "",
        'muniment ask "who can assume prod admin"',
    ),
    Weakness(
        "One of two break-glass users has no second factor, and the roles ask for one: it opens nothing.",
        "User",
        "break-glass-2",
        "halden-management",
        "muniment queries run users-without-mfa",
    ),
    Weakness(
        "A federation from before Identity Center still leads to administrator rights in the management account.",
        "Role",
        "adfs-administrators",
        "halden-management",
        'muniment ask "who can assume halden-management admin"',
    ),
    Weakness(
        "A permission set may pass any role to functions that it creates, and in data-platform-prod the role "
        "lake-administrator is one.",
        "PermissionSet",
        "DataEngineer",
        "",
        "muniment escalations --to lake-administrator",
    ),
    Weakness(
        "Developers may create roles with no boundary: they can make themselves an administrator.",
        "Role",
        "developer-self-service",
        "portal-staging",
        "muniment escalations --from developer-self-service",
    ),
    Weakness(
        "Sandboxes are under neither the region restriction nor the protection of security services: a notebook there "
        "may stop CloudTrail.",
        "Role",
        "notebook-execution",
        "sandbox-data",
        "muniment can sandbox-data/notebook-execution cloudtrail:StopLogging '*' --explain",
    ),
    Weakness(
        "Anyone on the internet can read a bucket of shipments in a sandbox, which the data perimeter does not cover.",
        "Bucket",
        "halden-sandbox-shipments",
        "sandbox-data",
        "muniment queries run public-resources",
    ),
    Weakness(
        "Anyone can subscribe to the topic of parcel events, and publish to it: the perimeter leaves out topics.",
        "Topic",
        "parcel-events",
        "tracking-prod",
        "muniment queries run public-resources",
    ),
    Weakness(
        "A snapshot of a warehouse disk can be restored by every AWS account.",
        "Snapshot",
        "warehouse-core-before-migration",
        "warehouse-prod",
        "muniment queries run shared-snapshots",
    ),
    Weakness(
        "A vendor's account reads samples of the data lake, under no condition but that its own policies let it.",
        "Bucket",
        "halden-lake-samples",
        "data-platform-dev",
        "muniment queries run resources-used-from-outside",
    ),
    Weakness(
        "The database password of payments in production is open to every role of a development account that may "
        "read secrets.",
        "Secret",
        "payments-api/database",
        "payments-prod",
        "muniment queries run resources-used-from-outside",
    ),
)
