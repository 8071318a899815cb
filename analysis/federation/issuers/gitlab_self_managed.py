"""A GitLab server of one's own, known by its name or by the form of its subjects."""

from __future__ import annotations

from ..issuer import Issuer
from .gitlab import CLAIMS, PLACES, SUBJECTS

ISSUER = Issuer(
    "GitLab self-managed",
    r"(?P<server>gitlab\.(?!com$)[^/]+|[^/]+\.gitlab-dedicated\.com)(/.*)?",
    SUBJECTS,
    everyone="anyone with an account of the server",
    documentation="https://docs.gitlab.com/ci/secrets/id_token_authentication/",
    shared=False,
    tenant="group",
    thing="project",
    places=PLACES,
    slashed=True,
    claims=CLAIMS,
    own_forms=True,
)
