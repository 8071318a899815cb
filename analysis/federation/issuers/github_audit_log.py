"""Streams of GitHub's audit log: each enterprise is a subject."""

from __future__ import annotations

from ..issuer import Issuer, forms

ISSUER = Issuer(
    "GitHub audit log",
    r"oidc-configuration\.audit-log\.githubusercontent\.com",
    forms("https://github.com/{enterprise}"),
    everyone="any enterprise on GitHub",
    documentation="https://docs.github.com/en/enterprise-cloud@latest/admin/monitoring-activity-in-your-enterprise/reviewing-audit-logs-for-your-enterprise/streaming-the-audit-log-for-your-enterprise",
    tenant="enterprise",
    thing="enterprise",
)
