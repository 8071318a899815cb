"""Whence the root users of an organization's member accounts are managed.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-enable-root-access.html
"""

from __future__ import annotations

from dataclasses import dataclass

from ..iam.administering.ways import OPEN, SHUT
from ..iam.conditions.formula import Unsure
from ..iam.evaluation.evaluate import Weighed


@dataclass(frozen=True, slots=True)
class RootAccess:
    """The accounts of an organization whose root users are managed from others, and from which.

    ``account`` is the management account, ``delegates`` administer IAM for it; ``delegates_unread`` says why those are
    not known.
    """

    account: str
    members: frozenset[str]
    delegates: frozenset[str] = frozenset()
    delegates_unread: str | None = None

    def standing(self, account: str) -> Weighed:
        """Whether root sessions can be opened from the account."""
        if account == self.account or account in self.delegates:
            return OPEN
        if self.delegates_unread and account in self.members:
            return Weighed(Unsure(self.delegates_unread), ())
        return SHUT
