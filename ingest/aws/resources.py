"""What collectors of resources have in common: how a resource, its own policy and its tags become facts.

A policy that could not be read is marked on the resource: what decides about access must not take it for none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ...schema import Edge, Node
from .collector import Answer, Call, Page, Reader
from .documents import Document
from .references import account_reference
from .trust import principal_problems
from .values import tags, text

GET_TAGS = Call("resourcegroupstaggingapi", "GetResources", ("tag:GetResources",))
"""Tells the tags of all resources of some types in a region, a hundred at a time."""
PAGE_SIZE = 100


def resource(
    reader: Reader,
    kind: str,
    arn: str,
    name: object,
    properties: Mapping[str, Any],
) -> Iterator[Node | Edge]:
    """A resource of the reader's account and region, held by its account."""
    common = {"name": text(name), "provider": "aws", "account_id": reader.account, "region": reader.region}
    yield account_reference(reader.account)
    yield Node(kind, arn, {**common, **properties})
    yield Edge("CONTAINS", reader.account, arn)


def policy_fields(answer: Answer, raw: object) -> dict[str, Any]:
    """The policy that a call brought, as fields of the resource; why there is none, where the call was refused."""
    return {**policy_of(raw), "policy_unread": answer.refused}


def policy_of(raw: object) -> dict[str, Any]:
    """A policy that a listing itself holds, as fields of the resource; empty text is no policy."""
    if raw in (None, ""):
        return {}
    document = Document.read(raw)
    problems = [document.malformed] if document.malformed else []
    problems += principal_problems(document)
    return {
        "policy": document.text,
        "policy_hash": document.hash,
        "policy_malformed": "; ".join(problems)[:1000] or None,
    }


def tags_by_arn(reader: Reader, *types: str) -> Mapping[str, str] | None:
    """Tags of the region's resources of these types (``sqs``, ``lambda:function``), by ARN; None where they are
    refused. A resource that it does not name has none: ``tags_of``."""
    found = {
        str(entry.get("ResourceARN")): tags(entry.get("Tags"))
        for page in reader.pages("GetResources", ResourceTypeFilters=list(types), ResourcesPerPage=PAGE_SIZE)
        for entry in page.get("ResourceTagMappingList") or ()
    }
    return None if reader.refused("GetResources") else found


def tags_of(known: Mapping[str, str] | None, arn: str) -> str | None:
    """The tags of one resource; None where tags could not be read."""
    return None if known is None else known.get(arn, tags(()))


def entries(pages: Sequence[Page], member: str) -> Iterator[Page]:
    """The entries of a list on all pages."""
    for page in pages:
        yield from (entry for entry in page.get(member) or () if isinstance(entry, dict))
