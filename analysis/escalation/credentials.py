"""What a user has already that stands in the way of becoming it, or of joining another group."""

from __future__ import annotations

from dataclasses import dataclass

from ..iam.administering.ways import OPEN, SHUT, any_way
from ..iam.conditions.conditions import Other
from ..iam.conditions.formula import Holds, Unsure
from ..iam.estates.estate import NO_TAGS, Identity
from ..iam.evaluation.evaluate import Weighed
from .asker import Asker
from .changing import Changes
from .surroundings import Surroundings
from .technique import Technique

MOST_KEYS, MOST_GROUPS = 2, 10
"""Access keys of a user, and groups that it may be in: neither quota can be raised.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
"""
DELETE_KEY, LEAVE_GROUP, DEACTIVATE_MFA = "iam:DeleteAccessKey", "iam:RemoveUserFromGroup", "iam:DeactivateMFADevice"
MAKING_WAY = (DELETE_KEY, LEAVE_GROUP, DEACTIVATE_MFA)
"""Actions that take away what stands in the way."""


@dataclass(frozen=True)
class Credentials:
    """Keys, passwords, MFA devices and memberships of users, and who can make room among them."""

    surroundings: Surroundings
    changes: Changes

    def of(self, who: Asker, technique: Technique, target: Identity) -> Weighed:
        """A user has two access keys at most, and one password, which is made once and changed later.

        With two keys, to delete one and make another is a technique of its own; to what takes a key besides, the right
        to delete one is as good as a place for it.
        """
        actions = technique.actions
        if "iam:createaccesskey" in actions and "iam:deleteaccesskey" not in actions:
            if self.surroundings.access_keys.get(target.arn, 0) < MOST_KEYS:
                return OPEN
            return SHUT if len(actions) == 1 and not technique.either else self.changes.change(who, DELETE_KEY, target)
        if "iam:createloginprofile" in actions or "iam:updateloginprofile" in actions:
            has = self.surroundings.passwords.get(target.arn)
            if has is None:
                return Weighed(Unsure(f"whether {target.arn} has a password is not known"), ())
            return self._second_factor(who, target) if has is ("iam:updateloginprofile" in actions) else SHUT
        return OPEN

    def _second_factor(self, who: Asker, target: Identity) -> Weighed:
        """Whether a password is enough to sign in as the user: it has no MFA device, or none once it is deactivated.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/console_sign-in-mfa.html
        https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeactivateMFADevice.html
        """
        if not self.surroundings.second_factors.get(target.arn):
            return OPEN
        at_hand = Weighed(Holds(Other(f"the caller has the MFA device of {target.arn}")), ())
        return any_way([self.changes.change(who, DEACTIVATE_MFA, target), at_hand])

    def room(self, who: Asker, identity: Identity) -> Weighed:
        """Whether the user is in fewer groups than it may be in, or can leave one."""
        if len(identity.groups) < MOST_GROUPS:
            return OPEN
        return any_way(self.changes.requests.ask(who, LEAVE_GROUP, group, {}, NO_TAGS) for group in identity.groups)
