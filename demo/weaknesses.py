"""What is wrong with the demo organization on purpose, and which question finds it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weakness:
    """One weakness: ``where`` is an account and what is in it, ``question`` the command that shows it."""

    what: str
    where: str
    question: str


WEAKNESSES = (
    Weakness(
        "A role with administrator rights trusts a whole development account: whoever may assume roles there "
        "administers payments in production.",
        "payments-prod: role payments-breakfix",
        'muniment ask "who can assume prod admin"',
    ),
    Weakness(
        "A user of a development account may assume any role, with an access key more than two years old.",
        "payments-dev: user payments-load-generator",
        "muniment who-can-assume payments-breakfix",
    ),
    Weakness(
        "A role of integration tests admits every repository of the company, and may assume any role: any developer's "
        "branch reaches production.",
        "payments-dev: role payments-integration-tests",
        "muniment who-can-assume payments-breakfix",
    ),
    Weakness(
        "A deployment role admits every repository on GitHub (`repo:*`), and can grant itself anything.",
        "tracking-prod: role github-release",
        'muniment ask "who can assume prod admin"',
    ),
    Weakness(
        "A vendor's role trusts the vendor's account without an external id: a confused deputy; and the vendor can "
        "grant the role anything, its own role among those it may change.",
        "data-platform-prod: role spendlens-cost-optimizer",
        "muniment who-can-assume spendlens-cost-optimizer",
    ),
    Weakness(
        "A trust policy still names a role that was deleted.",
        "warehouse-prod: role legacy-batch",
        "muniment who-can-assume legacy-batch",
    ),
    Weakness(
        "A role trusts everyone (`*`) without any condition.",
        "sandbox-data: role public-dataset-reader",
        "muniment who-can-assume public-dataset-reader",
    ),
    Weakness(
        "A build user is administrator, has two active access keys, both older than five years, and no owner.",
        "shared-services: user ci-jenkins",
        'muniment ask "who can assume shared-services admin"',
    ),
    Weakness(
        "A server of another account may assume any role, and with it every role that trusts its account.",
        "shared-services: role bi-server",
        "muniment who-can-assume bi-dashboards",
    ),
    Weakness(
        "An instance role may write new versions of the policy attached to it: every machine that has it is an "
        "administrator in waiting.",
        "warehouse-prod: role warehouse-controller",
        'muniment ask "who can assume warehouse-prod admin"',
    ),
    Weakness(
        "A person holds administrator access to production directly, in no group, from before groups were used.",
        "Identity Center: Gunnar Falk, AdministratorAccess in warehouse-prod",
        'muniment ask "who can assume prod admin"',
    ),
    Weakness(
        "One of two break-glass users has no second factor, and the roles ask for one: it opens nothing.",
        "halden-management: user break-glass-2",
        "muniment who-can-assume break-glass-admin --explain",
    ),
    Weakness(
        "A federation from before Identity Center still leads to administrator rights in the management account.",
        "halden-management: role adfs-administrators",
        'muniment ask "who can assume halden-management admin"',
    ),
    Weakness(
        "A permission set may pass any role to functions that it creates, and one of those roles is administrator.",
        "Identity Center: DataEngineer in data-platform-prod, with role lake-administrator",
        "muniment who-can iam:PassRole arn:aws:iam::ACCOUNT:role/lake-administrator",
    ),
    Weakness(
        "Developers may create roles with no boundary: they can make themselves an administrator.",
        "portal-staging: role developer-self-service",
        'muniment ask "who can assume portal-staging admin"',
    ),
    Weakness(
        "Sandboxes are under neither the region restriction nor the protection of security services.",
        "Sandbox: no region-restriction, no protect-security-services",
        "muniment can notebook-execution cloudtrail:StopLogging '*' --explain",
    ),
)
