"""Jenkins with the OpenID Connect Provider plugin: the subject is the URL of the job."""

from __future__ import annotations

from ..issuer import Issuer, forms

ISSUER = Issuer(
    "Jenkins",
    r"(?P<server>[^/]*jenkins[^/]*(/.*)?/oidc|jenkins\.[^/]+(/.*)?)",
    forms("https://{controller}/job/{job}/", "https://{controller}/job/{job}"),
    everyone="any job of the server",
    documentation="https://plugins.jenkins.io/oidc-provider/",
    shared=False,
    tenant="server",
    thing="job",
)
