"""Federated subjects and the roles that they are admitted to, as facts for the graph."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b

import orjson

from ...schema import Edge, Node
from ...schema.facts import Properties
from ..iam.estates.estate import Estate, Identity
from ..iam.policies.statements import Document, Reason
from .subjects import Admission
from .trust import Admitted, admitted_subjects

RESERVED = ":role/aws-reserved/sso.amazonaws.com/"
"""Roles of Identity Center: whom it signs in is stated by assignments, person by person."""

_FIELDS = ("branch", "tag", "environment", "workflow")


def derive_federation(estate: Estate) -> Iterator[Node | Edge]:
    """FederatedSubject and ADMITTED_TO: scope ``muniment/all/global/federation``."""
    seen: set[str] = set()
    read: dict[int, tuple[Admitted, ...]] = {}
    for role in estate.roles.values():
        if role.trust is None or RESERVED in role.arn:
            continue
        for found in _of(role.trust.document, read):
            subject = subject_node(found)
            if subject.id not in seen:
                seen.add(subject.id)
                yield subject
            yield _edge(found, subject.id, role)


def _of(document: Document, read: dict[int, tuple[Admitted, ...]]) -> tuple[Admitted, ...]:
    known = read.get(id(document))
    if known is None:
        known = read[id(document)] = tuple(admitted_subjects(document))
    return known


def subject_node(found: Admitted) -> Node:
    """The node of the subjects that a statement admits; equal ones of several roles are one."""
    admission = found.admission
    properties = {
        "name": admission.says + _but(found),
        "provider": admission.issuer.name,
        "issuer": admission.url,
        "subject": admission.pattern,
        "refused": list(found.refused) or None,
        "breadth": str(admission.breadth),
        "signs_in": admission.issuer.signs_in,
        "organization": admission.fields.get(admission.issuer.tenant),
        "repository": _repository(admission),
        **{name: admission.fields.get(name) for name in _FIELDS},
        "parts": orjson.dumps(dict(admission.fields), option=orjson.OPT_SORT_KEYS).decode(),
    }
    digest = blake2b(orjson.dumps(properties, option=orjson.OPT_SORT_KEYS), digest_size=8).hexdigest()
    return Node("FederatedSubject", f"federated-subject/{admission.url}/{digest}", properties)


def _repository(admission: Admission) -> str | None:
    issuer = admission.issuer
    return admission.fields.get(issuer.thing) if issuer.thing != issuer.tenant else None


def _but(found: Admitted) -> str:
    return f", but not {' or '.join(found.refused)}" if found.refused else ""


def _edge(found: Admitted, subject: str, role: Identity) -> Edge:
    assert role.trust is not None
    properties: Properties = {
        "derived": True,
        "action": found.action,
        "provider": found.provider,
        "audiences": list(found.audiences) or None,
        "conditions": list(found.conditions),
        "because": [str(Reason(role.trust.id, found.statement))],
        "statement_id": f"{role.trust.id}/{found.statement.number}",
    }
    return Edge(
        "ADMITTED_TO", subject, role.arn, properties, f"{found.statement.number}/{found.action}/{found.provider}"
    )
