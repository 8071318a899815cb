"""Amazon Cognito identity pools: an application's users, or whoever opens it. The audience is the pool."""

from __future__ import annotations

from ..issuer import Issuer, forms

ISSUER = Issuer(
    "Cognito",
    r"cognito-identity(\.[a-z0-9-]+)?\.amazonaws\.com",
    forms("{identity}"),
    everyone="anyone at all, signed in or not, unless the audience names a pool and amr wants them authenticated",
    documentation="https://docs.aws.amazon.com/cognito/latest/developerguide/role-trust-and-permissions.html",
    tenant="pool",
    thing="identity",
    claims={"aud": forms("{pool}"), "amr": forms("{sign-in}")},
    keeps_out=("sign-in", "authenticated"),
    signs_in="unknown",
)
