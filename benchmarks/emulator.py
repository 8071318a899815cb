"""moto's server in this process, with accounts put straight into its memory: only reading them goes over HTTP."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread

from moto import backends
from moto.iam.models import IAMBackend, iam_backends
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from muniment.demo.emulator import complete_systems_manager, with_empty_services
from muniment.ingest.aws import declared_calls
from werkzeug.serving import make_server

from .account import Document


@contextmanager
def serve() -> Iterator[str]:
    """The address of a server on loopback that stops at the end.

    It answers for services that moto lacks, with nothing: a call that fails is made again. moto's modules are loaded
    before: no cloud takes seconds to answer its first call because it is read from disk.
    """
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    complete_systems_manager()
    _load()
    application = with_empty_services(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", 0, application, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()


def _load() -> None:
    for service in sorted({call.service for call in declared_calls()}):
        with suppress(KeyError, ImportError):
            backends.get_backend(service)


def credentials(endpoint: str) -> dict[str, str]:
    """The environment that leads boto3 to the server, whoever the caller is."""
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "benchmark",
        "AWS_SECRET_ACCESS_KEY": "benchmark",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }


def hold(account: str, details: Document) -> None:
    """Put an account's authorization details into the server, which needs MOTO_IAM_LOAD_MANAGED_POLICIES=true."""
    backend = iam_backends[account]["aws"]
    _hold_policies(backend, details)
    for role in details["RoleDetailList"]:
        _hold_role(backend, role)
    for group in details["GroupDetailList"]:
        made = backend.create_group(group["GroupName"], group["Path"])
        for inline in group["GroupPolicyList"]:
            made.put_policy(inline["PolicyName"], json.dumps(inline["PolicyDocument"]))
        _attach(backend, group, made)
    for user in details["UserDetailList"]:
        _hold_user(backend, user)
    _forget_unattached(backend)


def _forget_unattached(backend: IAMBackend) -> None:
    """AWS lists the AWS managed policies that are attached; moto would list all 1,500 and more."""
    backend.managed_policies = {
        arn: policy
        for arn, policy in backend.managed_policies.items()
        if policy.attachment_count or not arn.startswith("arn:aws:iam::aws:")
    }


def _hold_policies(backend: IAMBackend, details: Document) -> None:
    for policy in details["Policies"]:
        if not policy["Arn"].startswith("arn:aws:iam::aws:"):
            document = json.dumps(policy["PolicyVersionList"][0]["Document"])
            backend.create_policy("", policy["Path"], document, policy["PolicyName"], [])


def _hold_role(backend: IAMBackend, role: Document) -> None:
    made = backend.create_role(
        role_name=role["RoleName"],
        assume_role_policy_document=json.dumps(role["AssumeRolePolicyDocument"]),
        path=role["Path"],
        permissions_boundary=role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
        description="",
        tags=role["Tags"],
        max_session_duration="3600",
    )
    for inline in role["RolePolicyList"]:
        made.put_policy(inline["PolicyName"], json.dumps(inline["PolicyDocument"]))
    for profile in role["InstanceProfileList"]:
        backend.create_instance_profile(profile["InstanceProfileName"], profile["Path"], [])
        backend.instance_profiles[profile["InstanceProfileName"]].roles.append(made)
    _attach(backend, role, made)


def _hold_user(backend: IAMBackend, user: Document) -> None:
    made = backend.create_user("us-east-1", user["UserName"], user["Path"], user["Tags"])
    for inline in user["UserPolicyList"]:
        made.put_policy(inline["PolicyName"], json.dumps(inline["PolicyDocument"]))
    for group in user["GroupList"]:
        backend.add_user_to_group(group, user["UserName"])
    backend.create_access_key(user["UserName"])
    if user["UserName"].partition(".")[2]:
        backend.create_login_profile(user["UserName"], "a-password-nobody-uses")
    _attach(backend, user, made)


def _attach(backend: IAMBackend, holder: Document, made: object) -> None:
    for policy in holder["AttachedManagedPolicies"]:
        backend.managed_policies[policy["PolicyArn"]].attach_to(made)
