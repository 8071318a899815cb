"""What administrators of IAM Identity Center gain: roles and accounts by permission sets, groups to join, and people.

The instance is the management account's; one member account may administer it as well, but for the management account
and the permission sets that are provisioned there.

https://docs.aws.amazon.com/singlesignon/latest/userguide/delegated-admin.html
https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsiamidentitycenter.html
https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentitystore.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import product

from ..iam.administering.administrators import everything
from ..iam.administering.granting import BOUNDARY, Granting, gives_anything, is_customer_managed
from ..iam.administering.ways import OPEN, SHUT, all_ways, any_way, noted
from ..iam.conditions.conditions import Other
from ..iam.conditions.context import Context
from ..iam.conditions.formula import ALWAYS, NEVER, Holds, Unsure
from ..iam.estates.knowledge import Known, resource_keys
from ..iam.estates.strangers import is_read
from ..iam.evaluation.evaluate import Policies, Weighed
from ..iam.policies.statements import Reason
from ..identity_center import RESERVED_PATH
from .asker import Asker, Requests
from .center import Center, PermissionSet
from .choices import ANY
from .facts import Found
from .making import Making, in_region
from .technique import Target, Technique

ASSIGN, ASSOCIATE, PROVISION = "sso:CreateAccountAssignment", "sso:AssociateProfile", "sso:ProvisionPermissionSet"
CREATE = "sso:CreatePermissionSet"
ATTACH_OWN = "sso:AttachCustomerManagedPolicyReferenceToPermissionSet"
LIFTS = ("sso:DeletePermissionsBoundaryFromPermissionSet", "sso:PutPermissionsBoundaryToPermissionSet")
DELETE_FACTOR = "sso-directory:DeleteMfaDeviceForUser"
WRITES_ROLES = ("iam:AttachRolePolicy", "iam:PutRolePolicy")
"""Of what assignments in the management account take of IAM there, what changes the reserved role."""
PRIMARY_REGION = ("sso:primaryregion", "identitystore:primaryregion")
SETS, ACCOUNT, USER = ("instance", "permission set"), "assigned account", "user"
SIGNED_IN = Weighed(Holds(Other("the caller has a user of IAM Identity Center to sign in as, or can make one")), ())
OWN_DIRECTORY = Weighed(
    Holds(Other("users are in the directory of Identity Center, not of an external identity provider or directory")), ()
)
EXTERNAL = Weighed(Holds(Other("users sign in with an external identity provider, by SAML")), ())
PROVISIONED = Weighed(
    Holds(Other("users and groups are provisioned automatically, by SCIM, from an external identity provider")), ()
)
SOURCES = {"own": OWN_DIRECTORY, "external": EXTERNAL, "provisioned": PROVISIONED, "": OPEN}
"""By the identity source that a technique is about, what must be so of it: no API tells."""
FACTOR = Weighed(Holds(Other("the user has no MFA device, or it is at hand")), ())
ITS_USER = Weighed(Holds(Other("the user that the policies let it add is its own")), ())
OTHER_ROLES = Weighed(
    Holds(Other("the caller may do the rest of what reserved roles of the management account take, as iam:CreateRole")),
    (),
)
STRANGER = "arn:{partition}:identitystore:::user/00000000-1111-2222-3333-444444444444"
"""A user of which policies know nothing."""

Places = Mapping[str, tuple[str, Mapping[str, str] | None]]
"""What the words for resources stand for, each with its tags."""


@dataclass
class Assigning:
    """Weighs what askers can make of Identity Center from the accounts that administer it."""

    requests: Requests
    granting: Granting
    centers: tuple[Center, ...]
    _given: dict[tuple[str, str], Weighed] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.making = Making(self.requests)

    def reaches(self, account: str) -> bool:
        """Whether an instance may be administered from the account."""
        return bool(self.reach(account))

    def reach(self, account: str) -> frozenset[str]:
        """All accounts of the organizations whose instances may be administered from the account."""
        there = (center for center in self.centers if _standing(center, account).formula is not NEVER)
        return frozenset(one for center in there for one in center.accounts)

    def tells_apart(self, who: Iterable[str]) -> bool:
        """Whether some of the principals are reserved roles, whose holders have a user, and others are not."""
        return len({RESERVED_PATH in arn for arn in who}) > 1

    def gained(self, who: Asker, technique: Technique) -> Iterator[Found]:
        """What the asker gains by the technique."""
        for center in self.centers:
            if _standing(center, who.account).formula is not NEVER:
                yield from _WAYS[technique.target](self, who, technique, center)

    def _assigned(self, who: Asker, technique: Technique, center: Center) -> Iterator[Found]:
        """To the reserved roles of permission sets that it can be assigned; to accounts that a set is not in yet."""
        sets = self._open(who, technique, center)
        for one, account in product(sets, sorted(center.accounts)):
            role = one.roles.get(account)
            way = SHUT if role == who.id else self._assign(who, technique, center, one, account)
            if way.formula is NEVER:
                continue
            if role:
                yield Found(technique, role, way, through=(one.id,))
            else:
                way = all_ways([way, self._gives(one, account), self._holds_nothing(one, account)])
                yield Found(technique, account, way, (), (one.id,), administers=True)

    def _written(self, who: Asker, technique: Technique, center: Center) -> Iterator[Found]:
        """To the accounts in which a permission set gives anything, once it is written anew, and that it can enter."""
        sets = self._open(who, technique, center)
        for account in sorted(center.accounts) if sets else ():
            ways: dict[str, Weighed] = {}
            for one in sets:
                way = all_ways(self._writes(who, technique, center, one, account))
                if way.formula is not NEVER:
                    ways[one.id] = noted(way, Reason(one.id, note=f"the permission set {one.name}"))
                    if way.formula in (ALWAYS, SIGNED_IN.formula):
                        break
            yield Found(technique, account, any_way(ways.values()), (), tuple(ways), administers=True)

    def _made(self, who: Asker, technique: Technique, center: Center) -> Iterator[Found]:
        """To every account that it can be assigned a permission set of its own making in."""
        for account in sorted(center.accounts):
            way = self._assign(who, technique, center, center.new, account)
            yield Found(technique, account, way, administers=True)

    def _joined(self, who: Asker, technique: Technique, center: Center) -> Iterator[Found]:
        """To each group that has assignments, in whatever account."""
        doubt = [Weighed(Unsure(center.held_unread), ())] if center.held_unread else []
        doubt.append(SOURCES[technique.source])
        for group in center.groups:
            places: Places = {"group": (group, {})}
            ways = (self._all(who, technique, center, {**places, **user}, if_so) for user, if_so in _users(who))
            yield Found(technique, group, all_ways([any_way(ways), *doubt, _signed_in(who)]))

    def _reset(self, who: Asker, technique: Technique, center: Center) -> Iterator[Found]:
        """To each person that has assignments; second factors are Identity Center's own, not of external providers.

        https://docs.aws.amazon.com/singlesignon/latest/userguide/enable-mfa.html
        """
        own = technique.source == "own"
        factor = any_way([self._ask(who, center, DELETE_FACTOR, "*", {}), FACTOR]) if own else OPEN
        way = all_ways([self._all(who, technique, center, {}, OPEN), SOURCES[technique.source], factor])
        for person in center.people:
            yield Found(technique, person, way)

    def _open(self, who: Asker, technique: Technique, center: Center) -> list[PermissionSet]:
        """The permission sets that it may do all on that the technique takes, whatever the account."""
        actions = technique.allowed.items()
        asked = {action: tuple(word for word in words if word != ACCOUNT) for action, words in actions}
        bare = replace(technique, allowed=asked)
        sets = ((one, self._all(who, bare, center, _places(who, one, ""), OPEN)) for one in center.permission_sets)
        return [one for one, way in sets if way.formula is not NEVER]

    def _assign(self, who: Asker, technique: Technique, center: Center, one: PermissionSet, account: str) -> Weighed:
        """Whether it can do all that the technique takes to be assigned the permission set in the account."""
        if _is_barred(center, who, one, account):
            return SHUT
        way = self._all(who, technique, center, _places(who, one, account), OPEN)
        return all_ways(
            [way, self._in_management(who, center, one, account), _signed_in(who), _doubt(who, center, one)]
        )

    def _writes(
        self, who: Asker, technique: Technique, center: Center, one: PermissionSet, account: str
    ) -> Iterator[Weighed]:
        if _is_barred(center, who, one, account):
            yield SHUT
        (action,) = technique.allowed
        places = _places(who, one, account)
        yield self._all(who, technique, center, places, OPEN)
        if action in LIFTS:
            yield self._gives(one, account) if one.has_boundary or one.unread else SHUT
        else:
            if action == ATTACH_OWN:
                yield self._supplied(account)
            yield any_way(self._unbound(who, center, one, account, places))
        yield any_way(self._entered(who, center, one, account, places))
        yield _doubt(who, center, one)

    def _unbound(
        self, who: Asker, center: Center, one: PermissionSet, account: str, places: Places
    ) -> Iterator[Weighed]:
        """When no boundary holds what is written: none that is there does, or it can be lifted."""
        yield self._holds_nothing(one, account)
        if one.has_boundary or one.unread:
            yield from (self._on(who, center, lift, SETS, places) for lift in LIFTS)

    def _entered(
        self, who: Asker, center: Center, one: PermissionSet, account: str, places: Places
    ) -> Iterator[Weighed]:
        """Ways of being in the account with the permission set as it is written then.

        An assignment provisions it; what is provisioned already is so again on request.
        https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_CreateAccountAssignment.html
        """
        management = self._in_management(who, center, one, account)
        on = (*SETS, ACCOUNT)
        yield all_ways([self._on(who, center, ASSIGN, on, places), management, _signed_in(who)])
        if one.accounts is None or account in one.accounts:
            holds = Holds(Other(f"the caller has a user of IAM Identity Center that holds {one.name} in {account}"))
            held = OPEN if one.roles.get(account) == who.id else Weighed(holds, ())
            yield all_ways([self._on(who, center, PROVISION, on, places), management, held])

    def _in_management(self, who: Asker, center: Center, one: PermissionSet, account: str) -> Weighed:
        """Reserved roles of the management account are written with the caller's own permissions.

        https://docs.aws.amazon.com/singlesignon/latest/userguide/iam-auth-access-using-id-policies.html
        """
        if account != center.account:
            return OPEN
        role = f"arn:{who.caller.partition}:iam::{account}:role{RESERVED_PATH}AWSReservedSSO_{one.name}_{'0' * 16}"
        through = replace(who, caller=replace(who.caller, service_linked=True))
        known: Known = {"aws:viaawsservice": ("true",)}
        full = self.requests.holdings.full(*who.holding.members[0]).formula is ALWAYS
        asked = (self.requests.ask(through, action, role, known, {}) for action in WRITES_ROLES)
        return all_ways([*asked, OPEN if full else OTHER_ROLES])

    def _all(self, who: Asker, technique: Technique, center: Center, places: Places, if_so: Weighed) -> Weighed:
        """Whether it may do all that the technique takes, each on what the words for it stand for."""
        asked = (self._on(who, center, action, on, places) for action, on in technique.allowed.items())
        return all_ways([_standing(center, who.account), *asked, if_so])

    def _on(self, who: Asker, center: Center, action: str, words: Iterable[str], places: Places) -> Weighed:
        there = {"*": ("*", {}), "instance": (center.instance, None), "identity store": (center.store, {}), **places}
        return all_ways(self._ask(who, center, action, *there[word]) for word in words)

    def _ask(self, who: Asker, center: Center, action: str, resource: str, tags: Mapping[str, str] | None) -> Weighed:
        """What comes of an action; of one on what is not known, whether it is allowed on anything of the kind."""
        if ANY in resource:
            return self.making.chosen(who, resource, (action,))
        key = (id(who.policies), center.region, action, resource)
        return self.requests.once(key, lambda: self._asked(who, center, action, resource, tags))

    def _asked(self, who: Asker, center: Center, action: str, resource: str, tags: Mapping[str, str] | None) -> Weighed:
        keys = dict.fromkeys(PRIMARY_REGION if center.region else (), (center.region,))
        return self.requests.ask(who, action, resource, {**in_region(center.region), **keys}, tags)

    def _gives(self, one: PermissionSet, account: str) -> Weighed:
        """When the permission set's own policies let its holders do anything in the account, or grant it."""
        if one.unread:
            return Weighed(Unsure(one.unread), ())
        supplied = (self._own(account, name) for name in one.customer_policies)
        return any_way(self._of_policy(policy, account) for policy in (*one.policies, *supplied))

    def _of_policy(self, policy: str, account: str) -> Weighed:
        """When a policy lets its holder do anything in the account."""
        key = (policy, account)
        if key not in self._given:
            self._given[key] = self._judged(policy, account)
        return self._given[key]

    def _judged(self, policy: str, account: str) -> Weighed:
        known = self.requests.estate.policies.get(policy)
        if policy in self.granting.policies(account) or (known and gives_anything(known)):
            return Weighed(ALWAYS, (Reason(policy, note="it lets its holder do anything, or grant anything"),))
        return self._whole(policy, account)

    def _whole(self, policy: str, account: str) -> Weighed:
        known = self.requests.estate.policies.get(policy)
        if known is None:
            return Weighed(Unsure(f"the document of {policy} is not known"), ())
        return everything(Policies((known,)), Context(resource_keys(self.requests.estate.accounts.get(account))))

    def _holds_nothing(self, one: PermissionSet, account: str) -> Weighed:
        """When no boundary holds what the permission set gives in the account."""
        if one.unread:
            return Weighed(Unsure(one.unread), ())
        boundary = self._own(account, one.customer_boundary) if one.customer_boundary else one.boundary
        if boundary is None or boundary in self.granting.policies(account, BOUNDARY):
            return OPEN
        return self._whole(boundary, account)

    def _supplied(self, account: str) -> Weighed:
        """Whether the account has a policy of its own that gives anything, for a permission set to refer to.

        https://docs.aws.amazon.com/singlesignon/latest/userguide/permissionsetcustom.html
        """
        own = [policy for policy in self.granting.policies(account) if is_customer_managed(policy)]
        if own:
            return Weighed(ALWAYS, (Reason(own[0], note="a policy of the account that gives anything"),))
        if is_read(self.requests.estate, account):
            return SHUT
        return Weighed(Unsure(f"whether {account} has a policy of its own that gives anything is not known"), ())

    def _own(self, account: str, name: str) -> str:
        """The ARN of a customer managed policy, by path and name."""
        return f"arn:{self.requests.partition(account)}:iam::{account}:policy{name}"


def _standing(center: Center, account: str) -> Weighed:
    """Whether Identity Center can be administered from the account."""
    if account == center.account or account in center.delegates:
        return Weighed(Unsure(center.unread), ()) if center.unread else OPEN
    if center.delegates_unread and account in center.accounts:
        return Weighed(Unsure(center.delegates_unread), ())
    return SHUT


def _is_barred(center: Center, who: Asker, one: PermissionSet, account: str) -> bool:
    """Whether it is a delegated administrator, to whom the management account and what is there are closed."""
    return who.account != center.account and center.account in (account, *(one.accounts or ()))


def _doubt(who: Asker, center: Center, one: PermissionSet) -> Weighed:
    """What is not known of the permission set itself, or of where it is, to a delegated administrator."""
    if one.doubt:
        return Weighed(Unsure(one.doubt), ())
    if one.accounts is None and who.account != center.account:
        return Weighed(Unsure(f"whether {one.name} is provisioned to the management account is not known"), ())
    return OPEN


def _signed_in(who: Asker) -> Weighed:
    """Whether there is a user to assign to: whoever is in a reserved role has signed in as one."""
    all_of_them = [member for member, _ in who.holding.members] if who.identity is None else [who.identity]
    return OPEN if all(RESERVED_PATH in member.arn for member in all_of_them) else SIGNED_IN


def _places(who: Asker, one: PermissionSet, account: str) -> Places:
    arn = f"arn:{who.caller.partition}:sso:::account/{account}"
    return {"permission set": (one.id, one.tags), ACCOUNT: (arn, {})}


def _users(who: Asker) -> Iterator[tuple[Places, Weighed]]:
    """Users that it may be: one of which policies know nothing, or one that they let it add."""
    partition = who.caller.partition
    yield {USER: (STRANGER.replace("{partition}", partition), {})}, OPEN
    yield {USER: (f"arn:{partition}:identitystore:::user/{ANY}", {})}, ITS_USER


_WAYS = {
    Target.ASSIGNED_ROLE: Assigning._assigned,
    Target.WRITTEN_SET: Assigning._written,
    Target.NEW_SET: Assigning._made,
    Target.PEOPLE: Assigning._joined,
    Target.PERSON: Assigning._reset,
}
