"""The emulator's process: moto's server, and the few operations the demo needs that moto has not.

Run as ``python -m muniment.demo.emulator``. It listens on a free port of the loopback interface, prints that port on
one line, and serves until it is told to end, or until its standard input closes, so that it never outlives its parent.

Added to moto, each as AWS documents it: the primary contact and the name of an account; permissions boundaries, tags
and provisioned accounts of permission sets; Identity Center in one region of one account only; immutable ids and names
of service-linked roles of the right form; and a clock: a call with the header ``X-Demo-Days-Ago`` happens that many
days before today, which is how the demo gets old access keys; instances with a profile, which Systems Manager manages;
and services that moto has not, in which there is nothing.
"""

from __future__ import annotations

import json
import os
import re
import sys
import threading
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

from .accounts import DEFAULT_REGIONS, HOME_REGION, MANAGEMENT_ACCOUNT, MANAGEMENT_EMAIL

DAYS_AGO_HEADER = "X-Demo-Days-Ago"
SEED = 20260131

_days_ago: ContextVar[float] = ContextVar("days_ago", default=0.0)

Environ = dict[str, Any]
Application = Callable[[Environ, Any], Iterable[bytes]]


def main() -> None:
    """Serve until standard input closes; print the port first."""
    os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"
    os.environ["MOTO_EC2_LOAD_DEFAULT_AMIS"] = "false"  # a thousand images in every region, each with a snapshot
    sys.stdout = sys.stderr  # moto prints its complaints; the real standard output carries the port alone
    _set_clock()
    _trim_aws_policies()
    _form_names()
    _enable_regions()
    _complete_organizations()
    _complete_account()
    _complete_identity_center()
    complete_systems_manager()

    from moto.moto_api._internal import mock_random
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
    from werkzeug.serving import make_server

    class Handler(MotoRequestHandler):
        def log(self, *_: object) -> None:
            """Say nothing of each request."""

    mock_random.seed(SEED)
    application = _with_clock(with_empty_services(DomainDispatcherApplication(create_backend_app)))
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=Handler)
    assert sys.__stdout__ is not None
    print(server.server_port, file=sys.__stdout__, flush=True)
    threading.Thread(target=_stop_with_parent, args=(server.shutdown,), daemon=True).start()
    server.serve_forever()


def _stop_with_parent(stop: Callable[[], None]) -> None:
    sys.stdin.buffer.read()
    stop()


def _with_clock(application: Application) -> Application:
    """Set each request's distance from today before moto sees it."""
    key = "HTTP_" + DAYS_AGO_HEADER.upper().replace("-", "_")

    def clocked(environ: Environ, start_response: Any) -> Iterable[bytes]:
        _days_ago.set(float(environ.get(key) or 0))
        return application(environ, start_response)

    return clocked


NOTHING: dict[str, dict[str, list[object]]] = {
    "AppRunner.ListServices": {"ServiceSummaryList": []},
    "/code-interpreters": {"codeInterpreterSummaries": []},
}
"""Answers of services that moto has not, by the target or the path of a request: there is nothing."""

VAULT_POLICY = re.compile(r"/backup-vaults/[^/]+/access-policy")
"""GetBackupVaultAccessPolicy, which moto has not: no vault has a policy.

https://docs.aws.amazon.com/aws-backup/latest/devguide/API_GetBackupVaultAccessPolicy.html
"""


def with_empty_services(application: Application) -> Application:
    """Answer for services that moto has not."""

    def answering(environ: Environ, start_response: Any) -> Iterable[bytes]:
        if VAULT_POLICY.fullmatch(environ.get("PATH_INFO", "")):
            headers = [("Content-Type", "application/json"), ("x-amzn-ErrorType", "ResourceNotFoundException")]
            start_response("400 Bad Request", headers)
            return [b'{"Message": "There is no policy."}']
        answer = NOTHING.get(environ.get("HTTP_X_AMZ_TARGET") or environ.get("PATH_INFO", ""))
        if answer is None:
            return application(environ, start_response)
        start_response("200 OK", [("Content-Type", "application/x-amz-json-1.0")])
        return [json.dumps(answer).encode()]

    return answering


def _set_clock() -> None:
    time, iam, organizations, admin = map(
        _module, ("moto.core.utils", "moto.iam.models", "moto.organizations.models", "moto.ssoadmin.models")
    )
    real_utcnow, real_unix_time = time.utcnow, time.unix_time

    def utcnow() -> datetime:
        moment: datetime = real_utcnow() - timedelta(days=_days_ago.get())
        return moment

    def unix_time(moment: datetime | None = None) -> float:
        return float(real_unix_time(moment or utcnow()))

    iam.utcnow = organizations.utcnow = utcnow
    organizations.unix_time = admin.unix_time = unix_time


def _module(name: str) -> Any:
    """A module of moto, to be altered: not what its types foresee."""
    return import_module(name)


def _trim_aws_policies() -> None:
    """Keep only the AWS managed policies in use.

    AWS lists those that are attached; moto would list all 1,500 and more in every account.
    """
    from .estate import aws_policies_in_use

    iam, wanted = _module("moto.iam.models"), aws_policies_in_use()
    known = json.loads(iam.aws_managed_policies_data)
    iam.aws_managed_policies_data = json.dumps({name: known[name] for name in sorted(wanted)})


def _form_names() -> None:
    """Immutable ids by which one can tell a user from a group, and names of service-linked roles in capitals.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
    """
    iam, utils = _module("moto.iam.models"), _module("moto.iam.utils")

    def give(cls: Any, prefix: str) -> None:
        plain = cls.__init__

        def __init__(self: Any, *args: Any, **kwargs: Any) -> None:  # noqa: N807
            plain(self, *args, **kwargs)
            self.id = utils.generate_access_key_id_from_account_id(self.account_id, prefix, total_length=21)

        cls.__init__ = __init__

    for cls, prefix in ((iam.User, "AIDA"), (iam.Group, "AGPA"), (iam.InstanceProfile, "AIPA")):
        give(cls, prefix)
    iam.SERVICE_NAME_CONVERSION.update(
        {
            "ecs": "ECS",
            "elasticloadbalancing": "ElasticLoadBalancing",
            "organizations": "Organizations",
            "rds": "RDS",
            "sso": "SSO",
            "support": "Support",
            "trustedadvisor": "TrustedAdvisor",
        }
    )


def _enable_regions() -> None:
    """Only the regions that an account has without asking for more; moto lists those of all partitions.

    https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html
    """
    backend = _module("moto.ec2.models.availability_zones_and_regions").RegionsAndZonesBackend
    backend.regions = [region for region in backend.regions if region.name in DEFAULT_REGIONS]


def _complete_organizations() -> None:
    _module("moto.organizations.utils").MASTER_ACCOUNT_EMAIL = MANAGEMENT_EMAIL
    # moto offers half of the services that can be delegated.
    # https://docs.aws.amazon.com/organizations/latest/userguide/orgs_integrated-services-list.html
    _module("moto.organizations.models").FakeDelegatedAdministrator.SUPPORTED_SERVICES += [
        "cloudtrail.amazonaws.com",
        "config.amazonaws.com",
        "inspector2.amazonaws.com",
        "securityhub.amazonaws.com",
        "sso.amazonaws.com",
    ]


def _complete_account() -> None:
    """PutAccountName, PutContactInformation and GetContactInformation of the Account Management API.

    https://docs.aws.amazon.com/accounts/latest/reference/API_Operations.html
    """
    urls, responses = _module("moto.account.urls"), _module("moto.account.responses")
    core, exceptions = _module("moto.core.responses"), _module("moto.core.exceptions")
    organizations_backends = _module("moto.organizations.models").organizations_backends
    contacts: dict[str, dict[str, str]] = {}

    def put_account_name(self: Any) -> Any:
        organization = organizations_backends[self.current_account][self.partition]
        organization.get_account_by_id(self._get_account_id()).name = self._get_param("AccountName")
        return core.EmptyResult()

    def put_contact_information(self: Any) -> Any:
        contacts[self._get_account_id()] = self._get_param("ContactInformation")
        return core.EmptyResult()

    def get_contact_information(self: Any) -> Any:
        contact = contacts.get(self._get_account_id())
        if contact is None:
            raise exceptions.JsonRESTError("ResourceNotFoundException", "No contact information is set.")
        return core.ActionResult(result={"ContactInformation": contact})

    for operation in (put_account_name, put_contact_information, get_contact_information):
        setattr(responses.AccountResponse, operation.__name__, operation)
    for path in ("putAccountName", "putContactInformation", "getContactInformation"):
        urls.url_paths[f"{{0}}/{path}$"] = responses.AccountResponse.dispatch


def _complete_identity_center() -> None:
    """What moto's sso-admin lacks of permission sets, and its instances where no one made one.

    https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_Operations.html
    """
    models, responses = _module("moto.ssoadmin.models"), _module("moto.ssoadmin.responses")

    boundaries: dict[str, dict[str, Any]] = {}

    def put_permissions_boundary_to_permission_set(self: Any) -> str:
        boundaries[self._get_param("PermissionSetArn")] = self._get_param("PermissionsBoundary")
        return "{}"

    def get_permissions_boundary_for_permission_set(self: Any) -> str:
        boundary = boundaries.get(self._get_param("PermissionSetArn"))
        if boundary is None:
            raise models.ResourceNotFoundException("The permission set has no permissions boundary.")
        return json.dumps({"PermissionsBoundary": boundary})

    def list_tags_for_resource(self: Any) -> str:
        resource = self._get_param("ResourceArn")
        sets = self.ssoadmin_backend.permission_sets
        tags = next((found.tags for found in sets if found.permission_set_arn == resource), None)
        return json.dumps({"Tags": tags or []})

    def find_managed_policy(_: Any, arn: str) -> Any:
        return models.ManagedPolicy(arn, arn.rpartition("/")[2])  # moto knows those without a path only

    def list_instances(self: Any) -> list[Any]:
        at_home = (self.account_id, self.region_name) == (MANAGEMENT_ACCOUNT, HOME_REGION)
        return list(self.instances) if at_home else []

    def list_accounts(self: Any, instance_arn: str, permission_set_arn: str) -> list[str]:
        held = {
            assignment.target_id
            for assignment in self.account_assignments
            if (assignment.instance_arn, assignment.permission_set_arn) == (instance_arn, permission_set_arn)
        }
        return sorted(held)

    for operation in (
        put_permissions_boundary_to_permission_set,
        get_permissions_boundary_for_permission_set,
        list_tags_for_resource,
    ):
        setattr(responses.SSOAdminResponse, operation.__name__, operation)
    backend = models.SSOAdminBackend
    backend._find_managed_policy = find_managed_policy
    backend.list_instances = list_instances
    backend.list_accounts_for_provisioned_permission_set = list_accounts


def complete_systems_manager() -> None:
    """DescribeInstanceInformation: of running instances, those with an instance profile are managed.

    https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DescribeInstanceInformation.html
    """
    responses, core = _module("moto.ssm.responses"), _module("moto.core.responses")
    ec2_backends = _module("moto.ec2.models").ec2_backends

    def describe_instance_information(self: Any) -> Any:
        wanted = {value for one in self._get_param("Filters") or () for value in one["Values"]}
        running = (
            instance
            for instance in ec2_backends[self.current_account][self.region].all_instances()
            if instance.state == "running" and instance.iam_instance_profile and "EC2Instance" in wanted
        )
        listed = [{"InstanceId": one.id, "PingStatus": "Online", "ResourceType": "EC2Instance"} for one in running]
        return core.ActionResult({"InstanceInformationList": listed})

    responses.SimpleSystemManagerResponse.describe_instance_information = describe_instance_information


if __name__ == "__main__":
    main()
