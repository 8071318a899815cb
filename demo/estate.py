"""What the IAM of each account holds: the baseline, the workload, and what history left behind."""

from __future__ import annotations

from .accounts import MANAGEMENT, MEMBERS, Account
from .baseline import baseline
from .documents import AWS_POLICY, Contents, aws
from .history import HISTORY
from .people import PERMISSION_SETS
from .workloads import workload


def contents(account: Account) -> Contents:
    """All that the IAM of one account holds, but for what Identity Center and the collector put there."""
    if account.closed:
        return Contents()
    return baseline(account) + workload(account) + HISTORY.get(account.name, Contents())


def aws_policies_in_use() -> set[str]:
    """Names of all AWS managed policies that the demo attaches to anything."""
    attached: list[str] = [*aws("AdministratorAccess")]
    for account in (MANAGEMENT, *MEMBERS):
        held = contents(account)
        attached += [arn for held_by in (held.roles, held.users, held.groups) for one in held_by for arn in one.managed]
    attached += [arn for permission_set in PERMISSION_SETS for arn in permission_set.managed]
    return {arn.rpartition("/")[2] for arn in attached if arn.startswith(AWS_POLICY)}
