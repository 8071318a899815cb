"""Amazon EKS: service accounts of one cluster (IRSA)."""

from __future__ import annotations

from ..issuer import Issuer, forms

SUBJECTS = forms("system:serviceaccount:{namespace}:{service account}")

ISSUER = Issuer(
    "EKS",
    r"oidc\.eks\.[a-z0-9-]+\.amazonaws\.com(\.cn)?/id/(?P<cluster>[^/]+)",
    SUBJECTS,
    everyone="any service account of the cluster",
    documentation="https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html",
    shared=False,
    tenant="cluster",
    thing="namespace",
    places=("service account",),
)
