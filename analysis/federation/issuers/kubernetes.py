"""Any other Kubernetes cluster, known by the form of its subjects or as Google's or Azure's."""

from __future__ import annotations

from ..issuer import Issuer
from .eks import SUBJECTS

ISSUER = Issuer(
    "Kubernetes",
    r"container\.googleapis\.com/v1/projects/[^/]+/locations/[^/]+/clusters/(?P<cluster>[^/]+)"
    r"|[a-z0-9-]+\.oic\.prod-aks\.azure\.com/.+",
    SUBJECTS,
    everyone="any service account of the cluster",
    documentation="https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/",
    shared=False,
    tenant="cluster",
    thing="namespace",
    places=("service account",),
    own_forms=True,
)
