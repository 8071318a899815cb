"""Okta: every organization has a domain of its own, with one authorization server or several.

People and applications are ids.
"""

from __future__ import annotations

from ..issuer import Issuer, forms

ISSUER = Issuer(
    "Okta",
    r"(?P<domain>[^./]+\.(okta|oktapreview|okta-emea)\.com)(/oauth2(/[^/]+)?)?/?",
    forms("{identity}"),
    everyone="anyone of the organization",
    documentation="https://developer.okta.com/docs/api/openapi/okta-oauth/guides/overview/",
    shared=False,
    tenant="domain",
    thing="identity",
    signs_in="unknown",
)
