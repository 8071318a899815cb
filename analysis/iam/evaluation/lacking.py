"""What a request that no Deny refuses is refused for: which of the policies that would have to allow it do not.

https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
"""

from __future__ import annotations

from collections.abc import Iterator

from ..conditions.formula import NEVER
from ..policies.statements import Reason
from .evaluate import Policies, boundary, identity, resource_policy, session
from .request import Request


def lacking(request: Request, policies: Policies) -> Iterator[Reason]:
    """Each policy that does not allow what it would have to; nothing where all do, under conditions that exclude each
    other."""
    caller, action = request.caller, request.action
    admission = resource_policy(request, policies).admission
    elsewhere = request.resource_account not in (None, caller.account)
    lets_in = admission.any if elsewhere else admission.account
    if not caller.governed:
        lets_in = admission.direct
    who = caller.arn if caller.arn not in ("", "*") else "anyone"
    if (elsewhere or policies.guarded or not caller.governed) and lets_in is NEVER and admission.direct is NEVER:
        yield Reason(request.resource, note=f"no policy of the resource lets {who} {action}")
    if not caller.governed:
        return
    if identity(request, policies).passes is NEVER:
        yield Reason(caller.arn, note=f"no policy that it has allows {action} on the resource")
    for stage, held, name in ((boundary, policies.boundary, "permissions boundary"), (session, policies.session, "")):
        if held is not None and stage(request, policies).passes is NEVER:
            where = ", ".join(policy.id for policy in held) or caller.arn
            yield Reason(where, note=f"the {name or 'session policy'} does not allow {action} on the resource")
