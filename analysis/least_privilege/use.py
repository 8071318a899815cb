"""What a principal used of what it was granted, as far as AWS tells.

AWS reports on a service as a whole, and for some services on some of their actions, over the last 400 days. An action
that it does not track may have been used: that is not known, which is not "unused".

https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed-action-last-accessed.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property

from ..iam.policies.actions import AccessLevel, actions

TRACKING_DAYS = 400
"""How far back AWS's reports go."""

NEVER_TRACKED = frozenset({"iam:passrole"})
"""Actions, in lower case, that no request is made for: they are checked when a role is handed to a service.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed-action-last-accessed.html
"""


class Standing(StrEnum):
    """Whether something was used."""

    USED = "used"
    UNUSED = "unused"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class ServiceUse:
    """The use of one service. Times are ISO 8601 text in UTC, names of actions as AWS reports them."""

    last_accessed_at: str
    actions: Mapping[str, str] = field(default_factory=dict)
    """When each tracked action that was used was last used."""
    unused_actions: frozenset[str] = frozenset()
    """Tracked actions that were not used."""

    @cached_property
    def times(self) -> Mapping[str, str]:
        """When each action that AWS tells of was last used, by its name in lower case; empty text if it was not."""
        return {name.lower(): self.actions.get(name, "") for name in {*self.unused_actions, *self.actions}}

    @property
    def tracked(self) -> bool:
        """Whether AWS told of any action of the service."""
        return bool(self.actions or self.unused_actions)

    def merged(self, other: ServiceUse) -> ServiceUse:
        """The use of two principals together. Where one's actions are not told, no action counts as unused."""
        actions = {
            name: max(self.actions.get(name, ""), other.actions.get(name, ""))
            for name in {*self.actions, *other.actions}
        }
        both = self.tracked and other.tracked
        unused = (self.unused_actions | other.unused_actions) - actions.keys() if both else frozenset()
        return ServiceUse(max(self.last_accessed_at, other.last_accessed_at), actions, frozenset(unused))


@dataclass(frozen=True, slots=True)
class Use:
    """What AWS reports of one principal, or of several together. Services are prefixes in lower case.

    A service that is in ``reported`` and not in ``used`` was not used. Of one in neither, nothing is known. What was
    last used before ``since`` counts as unused; all that AWS reports counts as used where it is empty. ``needed`` are
    actions, in lower case, that others depend on which were used, or may have been.
    """

    reported: frozenset[str] = frozenset()
    used: Mapping[str, ServiceUse] = field(default_factory=dict)
    since: str = ""
    needed: frozenset[str] = frozenset()

    def needing(self, granted: Iterable[str], *, perhaps: bool = False) -> Use:
        """The same, with the actions that those of used services depend on: they may be checked without a request.

        ``perhaps`` takes in those of services of which nothing is known, which may have been used.

        https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
        """
        known = actions()
        standings = (Standing.USED, Standing.UNKNOWN) if perhaps else (Standing.USED,)
        staying = (action for action in granted if self.service(action.partition(":")[0]) in standings)
        found = (known[action] for action in staying if action in known and self.action(action) is not Standing.UNUSED)
        return replace(self, needed=frozenset(other for action in found for other in action.depends_on))

    @classmethod
    def together(cls, uses: Iterable[Use], since: str = "") -> Use:
        """The use of several principals that share policies. Nothing is known of a service that any report lacks."""
        each = list(uses)
        known = [frozenset({*use.reported, *use.used}) for use in each]
        reported = frozenset[str]().union(*known).intersection(*known)
        used: dict[str, ServiceUse] = {}
        for service, one in (entry for use in each for entry in use.used.items()):
            if service in reported:
                used[service] = used[service].merged(one) if service in used else one
        return cls(reported, used, since)

    def service(self, prefix: str) -> Standing:
        """Whether a service was used."""
        found = self.used.get(prefix)
        if found is not None:
            return Standing.USED if found.last_accessed_at >= self.since else Standing.UNUSED
        return Standing.UNUSED if prefix in self.reported else Standing.UNKNOWN

    def action(self, action: str) -> Standing:
        """Whether an action, ``s3:getobject`` in lower case, was used."""
        prefix, _, name = action.partition(":")
        standing = self.service(prefix)
        if standing is Standing.USED:
            time = self.used[prefix].times.get(name)
            if time and time >= self.since:
                return Standing.USED
            standing = Standing.UNKNOWN if time is None or _given_on_the_way(action) else Standing.UNUSED
        return Standing.UNKNOWN if action in NEVER_TRACKED or action in self.needed else standing

    def told(self, prefix: str) -> Mapping[str, str]:
        """The actions of a service that AWS tells of, used or not: as AWS writes them, by ``s3:getobject``."""
        found = self.used.get(prefix)
        names = {*found.actions, *found.unused_actions} if found else set()
        return {f"{prefix}:{name.lower()}": f"{prefix}:{name}" for name in names}


def _given_on_the_way(action: str) -> bool:
    """Whether it tags: tags given to a thing as it is made are checked as an action of which there is no request."""
    known = actions().get(action)
    return known is not None and known.level is AccessLevel.TAGGING
