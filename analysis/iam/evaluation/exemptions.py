"""Actions that policies do not decide: what everybody may do, and what AWS keeps to itself."""

from __future__ import annotations

import re

from ..policies.principals import Caller, CallerKind
from ..policies.statements import Reason
from .request import LISTS_BUCKETS, Request
from .services import NOT_UNDER_RCPS, WITHIN_ACCOUNT

_LONG_TERM = (CallerKind.USER, CallerKind.ROOT)

_OF_ROLES = """
iam:attachrolepolicy iam:createrole iam:createservicelinkedrole iam:deleterole iam:deleterolepermissionsboundary
iam:deleterolepolicy iam:deleteservicelinkedrole iam:detachrolepolicy iam:passrole iam:putrolepermissionsboundary
iam:putrolepolicy iam:tagrole iam:untagrole iam:updateassumerolepolicy iam:updaterole iam:updateroledescription
"""
_OF_POLICIES = """
iam:createpolicy iam:createpolicyversion iam:deletepolicy iam:deletepolicyversion iam:setdefaultpolicyversion
iam:tagpolicy iam:untagpolicy
"""
_OF_ALIASES = "kms:createalias kms:deletealias kms:updatealias"

_KEPT = (
    (
        frozenset(_OF_ROLES.split()),
        re.compile(r"arn:[^:]*:iam::[^:]*:role/aws-reserved/.*"),
        "a role that only AWS modifies, and that trusts no service",
    ),
    (frozenset(_OF_POLICIES.split()), re.compile(r"arn:[^:]*:iam::aws:policy/.*"), "a policy that only AWS modifies"),
    (
        frozenset(_OF_ALIASES.split()),
        re.compile(r"arn:[^:]*:kms:[^:]*:[^:]*:alias/aws/.*"),
        "an alias that only AWS uses",
    ),
)
"""Actions in lower case, the resources that they are refused on, and what those are.

https://docs.aws.amazon.com/singlesignon/latest/userguide/troubleshooting.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html
https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html
"""


def needs_no_permission(request: Request) -> Reason | None:
    """Why the request is let through whatever policies say; None where they decide.

    https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_getsessiontoken.html
    """
    match request.folded:
        case "sts:getcalleridentity" if request.caller.kind is not CallerKind.ANONYMOUS:
            return Reason(request.action, note="no permissions are required, and no policy can refuse it")
        case "sts:getsessiontoken" if request.caller.kind in _LONG_TERM:
            return Reason(request.action, note="no permissions are required of users")
        case _:
            return None


_OF_BUCKET_POLICIES = frozenset(("s3:getbucketpolicy", "s3:putbucketpolicy", "s3:deletebucketpolicy"))


def locked_out_never(request: Request) -> bool:
    """Whether the resource's own policy cannot refuse it: the root user's means to put its own bucket's policy right.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html
    """
    caller = request.caller
    own = caller.kind is CallerKind.ROOT and caller.account == request.resource_account
    return own and request.folded in _OF_BUCKET_POLICIES


_OF_LONG_TERM_CREDENTIALS = ("sts:getfederationtoken", "sts:getsessiontoken")


def cannot_call(request: Request) -> Reason | None:
    """Why AWS lets no such caller call it, whatever policies allow: AWS STS by its kind, others by its account.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_sts-comparison.html
    https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
    """
    if request.folded in WITHIN_ACCOUNT:
        return Reason(request.action, note=_OF_OWNER) if _comes_from_elsewhere(request) else None
    if not request.folded.startswith("sts:"):
        return None
    match request.caller.kind:
        case CallerKind.FEDERATED_USER:
            return Reason(request.action, note="federated users call nothing of AWS STS but GetCallerIdentity")
        case CallerKind.ROLE if request.folded in _OF_LONG_TERM_CREDENTIALS:
            return Reason(request.action, note="the credentials of a role cannot call it")
        case CallerKind.ROOT if request.folded == "sts:assumerole":
            return Reason(request.action, note="the root user cannot assume a role")
        case _:
            return None


_OF_OWNER = "the account that has the resource keeps it to itself, whatever policies allow"


def _comes_from_elsewhere(request: Request) -> bool:
    """Whether its caller is neither of the resource's account nor an AWS service."""
    caller = request.caller
    return caller.kind is not CallerKind.SERVICE and request.resource_account not in (None, caller.account)


def calls_from_console_only(request: Request) -> bool:
    """Whether its caller can make it in the console, but by no API: what a federated user asks of IAM.

    https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html
    """
    if not request.folded.startswith("iam:") or request.folded == "iam:passrole":
        return False
    return request.caller.kind is CallerKind.FEDERATED_USER


def kept_by_aws(request: Request) -> Reason | None:
    """Why AWS refuses the request to every customer, whatever policies allow; None where they decide."""
    what = None if _is_aws(request.caller) else kept_from_customers(request.folded, request.resource)
    return Reason(request.resource, note=what) if what else None


def kept_from_customers(action: str, resource: str) -> str | None:
    """What the resource is, where AWS refuses the action, in lower case, on it to every customer; None elsewhere."""
    if not action.startswith(("iam:", "kms:")):
        return None
    return next((what for actions, kept, what in _KEPT if action in actions and kept.fullmatch(resource)), None)


def _is_aws(caller: Caller) -> bool:
    return caller.kind is CallerKind.SERVICE or caller.service_linked


SINGULAR = frozenset(
    (
        "sts:getcalleridentity",
        *_OF_LONG_TERM_CREDENTIALS,
        "sts:assumerole",
        LISTS_BUCKETS,
        *_OF_BUCKET_POLICIES,
        *(action for actions, _, _ in _KEPT for action in actions),
        *NOT_UNDER_RCPS,
    )
)
"""Actions, in lower case, of which no other tells what is decided, though policies say the same of both."""
