"""Whom the policy of a VPC endpoint names.

https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
"""

from __future__ import annotations

from ..conditions.formula import NEVER, Formula, Unsure, all_of, any_of
from ..policies.principals import Admission
from .request import Request
from .services import service_of

GATEWAY_SERVICES = frozenset(("dynamodb", "s3"))
"""Services whose VPC endpoints are gateways or interfaces; those of all others are interfaces.

https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
"""

OF_INTERFACE = Unsure("whether the endpoint is a gateway, in whose policy an account is its root user alone")


def through(request: Request, admission: Admission) -> Formula:
    """Whether what admits a caller so names it in the policy of an endpoint: of a gateway, by its account it does not.

    "Access is granted to the AWS account root user only, not all users and roles for the account."
    """
    if admission.account is NEVER or service_of(request.folded) not in GATEWAY_SERVICES:
        return admission.any
    return any_of((admission.direct, admission.role, all_of((admission.account, OF_INTERFACE))))
