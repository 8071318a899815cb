"""Make the users, groups, roles, policies and identity providers of one account."""

from __future__ import annotations

from collections.abc import Mapping

from .aws import Aws
from .documents import Contents, Group, Key, ManagedPolicy, Role, User, aws, fill, own

ENTRY_ROLE = "OrganizationAccountAccessRole"

SAML_METADATA = (
    '<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" '
    'entityID="https://sts.halden-logistics.example/adfs/services/trust" validUntil="2032-05-09T16:27:11Z">'
    '<md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"/></md:EntityDescriptor>'
)


class PrincipalBuilder:
    """Makes what one account's IAM holds; ``ids`` fills the names of accounts in documents and ARNs."""

    def __init__(self, account: Aws, ids: Mapping[str, str]) -> None:
        self._aws = account
        self._iam = account.client("iam")
        self._ids = ids
        self.principals = 0

    def finish_entry_role(self) -> None:
        """Give the role that Organizations made in the account the rights that it has in AWS."""
        self._iam.attach_role_policy(RoleName=ENTRY_ROLE, PolicyArn=aws("AdministratorAccess")[0])
        self.principals += 1

    def build(self, held: Contents) -> None:
        """Make all of it: what others refer to comes first."""
        if held.password_policy:
            self._iam.update_account_password_policy(**held.password_policy)
        for issuer, audiences in held.oidc.items():
            self._iam.create_open_id_connect_provider(
                Url=f"https://{issuer}", ClientIDList=list(audiences), ThumbprintList=["0" * 40]
            )
        for provider in held.saml:
            self._iam.create_saml_provider(Name=provider, SAMLMetadataDocument=SAML_METADATA)
        for policy in held.policies:
            self._policy(policy)
        for group in held.groups:
            self._group(group)
        for user in held.users:
            self._user(user)
        for role in held.roles:
            self._role(role)
        self.principals += len(held.users) + len(held.roles)

    def _policy(self, policy: ManagedPolicy) -> None:
        first, *later = (*policy.earlier, policy.document)
        with self._aws.days_ago(1000):
            self._iam.create_policy(
                PolicyName=policy.name,
                PolicyDocument=fill(first, self._ids),
                **({"Description": policy.description} if policy.description else {}),
            )
        for document in later:
            self._iam.create_policy_version(
                PolicyArn=fill(own(policy.name)[0], self._ids),
                PolicyDocument=fill(document, self._ids),
                SetAsDefault=True,
            )

    def _group(self, group: Group) -> None:
        self._iam.create_group(GroupName=group.name)
        for arn in group.managed:
            self._iam.attach_group_policy(GroupName=group.name, PolicyArn=fill(arn, self._ids))
        for name, document in group.inline.items():
            self._iam.put_group_policy(GroupName=group.name, PolicyName=name, PolicyDocument=fill(document, self._ids))

    def _user(self, user: User) -> None:
        with self._aws.days_ago(user.days_ago):
            self._iam.create_user(UserName=user.name, Path=user.path, Tags=_tags(user.tags), **self._boundary(user))
            if user.console:
                self._iam.create_login_profile(UserName=user.name, Password="Not-a-real-0ne!")  # noqa: S106
            if user.mfa:
                self._second_factor(user.name)
        for group in user.groups:
            self._iam.add_user_to_group(UserName=user.name, GroupName=group)
        for arn in user.managed:
            self._iam.attach_user_policy(UserName=user.name, PolicyArn=fill(arn, self._ids))
        for name, document in user.inline.items():
            self._iam.put_user_policy(UserName=user.name, PolicyName=name, PolicyDocument=fill(document, self._ids))
        for key in user.keys:
            self._key(user.name, key)

    def _second_factor(self, user: str) -> None:
        device = self._iam.create_virtual_mfa_device(VirtualMFADeviceName=user)["VirtualMFADevice"]
        self._iam.enable_mfa_device(
            UserName=user,
            SerialNumber=device["SerialNumber"],
            AuthenticationCode1="123456",
            AuthenticationCode2="654321",
        )

    def _key(self, user: str, key: Key) -> None:
        with self._aws.days_ago(key.days_ago):
            made = self._iam.create_access_key(UserName=user)["AccessKey"]
        if key.used_days_ago is not None:
            with (
                self._aws.signed_in(made["AccessKeyId"], made["SecretAccessKey"]),
                self._aws.days_ago(key.used_days_ago),
            ):
                self._aws.client("sts").get_caller_identity()
        if not key.active:
            self._iam.update_access_key(UserName=user, AccessKeyId=made["AccessKeyId"], Status="Inactive")

    def _role(self, role: Role) -> None:
        with self._aws.days_ago(role.days_ago):
            if role.linked_service:
                self._iam.create_service_linked_role(AWSServiceName=role.linked_service)
                return
            self._iam.create_role(
                RoleName=role.name,
                Path=role.path,
                AssumeRolePolicyDocument=fill(role.trust, self._ids),
                Description=role.description,
                MaxSessionDuration=role.session_seconds,
                Tags=_tags(role.tags),
                **self._boundary(role),
            )
        for arn in role.managed:
            self._iam.attach_role_policy(RoleName=role.name, PolicyArn=fill(arn, self._ids))
        for name, document in role.inline.items():
            self._iam.put_role_policy(RoleName=role.name, PolicyName=name, PolicyDocument=fill(document, self._ids))
        if role.instance_profile:
            self._iam.create_instance_profile(InstanceProfileName=role.name)
            self._iam.add_role_to_instance_profile(InstanceProfileName=role.name, RoleName=role.name)
        if role.used_days_ago is not None:
            self._use(role)

    def _use(self, role: Role) -> None:
        arn = f"arn:aws:iam::{self._ids['self']}:role{role.path}{role.name}"
        with self._aws.assuming(arn), self._aws.days_ago(role.used_days_ago or 0):
            self._aws.client("sts").get_caller_identity()

    def _boundary(self, holder: User | Role) -> dict[str, str]:
        return {"PermissionsBoundary": fill(holder.boundary, self._ids)} if holder.boundary else {}


def _tags(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]
