"""Google: people and service accounts alike, each a number."""

from __future__ import annotations

from ..issuer import Issuer, forms

ISSUER = Issuer(
    "Google",
    r"accounts\.google\.com",
    forms("{identity}"),
    everyone="anyone with a Google account, where the audience lets them",
    documentation="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif",
    tenant="identity",
    thing="identity",
    signs_in="unknown",
)
