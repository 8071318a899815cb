"""Make Identity Center's users, groups, permission sets and assignments, and the roles that they become."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from hashlib import sha256

from .accounts import DOMAIN, MANAGEMENT, MEMBERS, Account
from .aws import Aws
from .documents import Contents, Role, own, reserved_path, trust_saml
from .people import GROUPS, LONE_USERS, PEOPLE, PERMISSION_SETS, PermissionSet, assignments
from .principals import PrincipalBuilder

RESERVED_PREFIX = "AWSReservedSSO_"
_SESSION_SECONDS = {"PT1H": 3600, "PT4H": 14400, "PT8H": 28800}


class PeopleBuilder:
    """Makes what Identity Center itself holds; AWS makes the roles in the accounts, see ``ReservedRoles``."""

    def __init__(self, management: Aws, account_ids: Mapping[str, str]) -> None:
        self._aws = management
        self._account_ids = account_ids
        self._store = management.client("identitystore")
        self._admin = management.client("sso-admin")
        self._principals: dict[str, tuple[str, str]] = {}
        self.users = 0

    def build(self) -> None:
        """Make all of it."""
        instance = self._admin.list_instances()["Instances"][0]
        store, self._instance = instance["IdentityStoreId"], instance["InstanceArn"]
        self._admin.update_instance(InstanceArn=self._instance, Name="halden")
        self._build_directory(store)
        sets = {permission_set.name: self._permission_set(permission_set) for permission_set in PERMISSION_SETS}
        for account in (MANAGEMENT, *MEMBERS):
            for principal, permission_set in assignments(account):
                kind, principal_id = self._principals[principal]
                self._admin.create_account_assignment(
                    InstanceArn=self._instance,
                    TargetId=self._account_ids[account.name],
                    TargetType="AWS_ACCOUNT",
                    PermissionSetArn=sets[permission_set],
                    PrincipalType=kind,
                    PrincipalId=principal_id,
                )

    def _build_directory(self, store: str) -> None:
        for group, description in GROUPS.items():
            made = self._store.create_group(IdentityStoreId=store, DisplayName=group, Description=description)
            self._principals[group] = ("GROUP", made["GroupId"])
        for person in dict.fromkeys([*(one for members in PEOPLE.values() for one in members), *LONE_USERS]):
            given, _, family = person.partition(" ")
            address = f"{_ascii(given)}.{_ascii(family)}@{DOMAIN}"
            made = self._store.create_user(
                IdentityStoreId=store,
                UserName=address,
                DisplayName=person,
                Name={"GivenName": given, "FamilyName": family},
                Emails=[{"Value": address, "Type": "work", "Primary": True}],
            )
            self._principals[person] = ("USER", made["UserId"])
            self.users += 1
        for group, members in PEOPLE.items():
            for person in members:
                self._store.create_group_membership(
                    IdentityStoreId=store,
                    GroupId=self._principals[group][1],
                    MemberId={"UserId": self._principals[person][1]},
                )

    def _permission_set(self, wanted: PermissionSet) -> str:
        with self._aws.days_ago(wanted.days_ago):
            made = self._admin.create_permission_set(
                InstanceArn=self._instance,
                Name=wanted.name,
                Description=wanted.description,
                SessionDuration=wanted.session,
                RelayState="",
                Tags=[{"Key": key, "Value": value} for key, value in wanted.tags.items()],
            )
        which: dict[str, str] = {
            "InstanceArn": self._instance,
            "PermissionSetArn": made["PermissionSet"]["PermissionSetArn"],
        }
        for arn in wanted.managed:
            self._admin.attach_managed_policy_to_permission_set(**which, ManagedPolicyArn=arn)
        for name in wanted.customer:
            self._admin.attach_customer_managed_policy_reference_to_permission_set(
                **which, CustomerManagedPolicyReference={"Name": name, "Path": "/"}
            )
        if wanted.inline:
            self._admin.put_inline_policy_to_permission_set(**which, InlinePolicy=json.dumps(wanted.inline))
        if wanted.boundary:
            self._admin.put_permissions_boundary_to_permission_set(
                **which,
                PermissionsBoundary={"CustomerManagedPolicyReference": {"Name": wanted.boundary, "Path": "/"}},
            )
        return which["PermissionSetArn"]


class ReservedRoles:
    """Makes, in one account, what AWS makes there when permission sets are provisioned to it.

    https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
    """

    def __init__(self, account: Aws, account_id: str) -> None:
        self._builder = PrincipalBuilder(account, {"self": account_id})
        self._account_id = account_id

    def build(self, account: Account) -> int:
        """Make them; how many."""
        wanted = {name for _, name in assignments(account)}
        provider = f"AWSSSO_{_suffix(self._account_id)}_DO_NOT_DELETE"
        sets = [permission_set for permission_set in PERMISSION_SETS if permission_set.name in wanted]
        roles = tuple(self._role(permission_set, provider) for permission_set in sets)
        self._builder.build(Contents(roles=roles, saml=(provider,)))
        return self._builder.principals

    def _role(self, permission_set: PermissionSet, provider: str) -> Role:
        return Role(
            f"{RESERVED_PREFIX}{permission_set.name}_{_suffix(permission_set.name, self._account_id)}",
            trust_saml(provider),
            managed=permission_set.managed + own(*permission_set.customer),
            inline={"AwsSSOInlinePolicy": permission_set.inline} if permission_set.inline else {},
            boundary=own(permission_set.boundary)[0] if permission_set.boundary else "",
            path=reserved_path(),
            description=permission_set.description,
            session_seconds=_SESSION_SECONDS[permission_set.session],
            days_ago=permission_set.days_ago,
        )


def _suffix(*parts: str) -> str:
    """Sixteen hexadecimal digits, as AWS appends them, but the same each time."""
    return sha256("/".join(parts).encode()).hexdigest()[:16]


def _ascii(name: str) -> str:
    """A name as a mailbox spells it: ``Zoë O'Connor`` gives ``zoe`` and ``oconnor``."""
    plain = unicodedata.normalize("NFKD", name.replace("Ø", "O").replace("ø", "o").replace("ł", "l"))
    return "".join(letter for letter in plain.lower() if letter.isascii() and letter.isalnum())
