"""Which operation printed a document: told from its members and those of botocore's output shapes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import PurePath
from typing import Any

from botocore import xform_name
from botocore.model import ListShape, MapShape, Shape, StructureShape
from botocore.session import Session

from ..aws import declared_calls

PAGING = frozenset({"IsTruncated", "Marker", "NextToken", "ResponseMetadata", "nextToken"})
"""Members that say where an answer goes on, not what it is."""

SEVERAL = "GetAccountAuthorizationDetails"
"""The one operation that prints several lists; any one of them alone is another operation's."""

_NOT_IN_FILES = frozenset({("ec2", "DescribeRegions")})
"""What files need not say: which regions there are."""

_ID = re.compile(r"(?<![a-z0-9])(?:ou|r|p|ps|g|u)-[a-z0-9]{4,}")
"""An id of Organizations or Identity Center in a file's name."""

_DEPTH = 2
"""How many levels of a document are compared with a shape."""

Operation = tuple[str, str]
"""Service and operation, by botocore's names."""


@cache
def operations() -> Mapping[Operation, StructureShape]:
    """The output shape of every operation that collectors call."""
    session = Session()
    called = {(call.service, call.operation) for call in declared_calls()} - _NOT_IN_FILES
    shapes = {
        (service, operation): session.get_service_model(service).operation_model(operation).output_shape
        for service, operation in sorted(called)
    }
    return {key: shape for key, shape in shapes.items() if isinstance(shape, StructureShape)}


def recognise(document: Mapping[str, Any], path: PurePath) -> tuple[Operation, ...]:
    """The operations that can have printed the document into that file; none where it is no known one's."""
    stated = {name: value for name, value in document.items() if name not in PAGING}
    fitting = [key for key, shape in operations().items() if stated and _fits(stated, shape, _DEPTH)]
    if len(stated) == 1:
        fitting = [key for key in fitting if key[1] != SEVERAL]
    if len(fitting) < 2:
        return tuple(fitting)
    return _told_apart(fitting, path)


def _told_apart(fitting: list[Operation], path: PurePath) -> tuple[Operation, ...]:
    """By the operation's name in that of the file; else by whether the name says whom the answer is about."""
    written = _squeezed(str(path))
    named = [key for key in fitting if _squeezed(key[1]) in written]
    if named:
        longest = max(len(operation) for _, operation in named)
        return tuple(key for key in named if len(key[1]) == longest)
    about_one = bool(_ID.search(path.name))
    return tuple(key for key in fitting if _needs_parameters(key) == about_one) or tuple(fitting)


def _squeezed(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


@cache
def _needs_parameters(key: Operation) -> bool:
    shape = Session().get_service_model(key[0]).operation_model(key[1]).input_shape
    return bool(shape and shape.required_members)


def command(key: Operation) -> str:
    """The AWS CLI's command that prints the answer: ``aws iam list-roles``."""
    return f"aws {key[0]} {xform_name(key[1], '-')}"


def _fits(value: object, shape: Shape, depth: int) -> bool:
    """Whether the value has the members that the shape has, so many levels down.

    Of inner members a few may be unknown: a newer CLI prints what a newer service answers.
    """
    if isinstance(shape, StructureShape):
        if not isinstance(value, Mapping):
            return False
        known = [name for name in value if name in shape.members]
        strangers = len(value) - len(known)
        if strangers > len(value) // 4 or (strangers and depth == _DEPTH):
            return False
        return depth == 0 or all(_fits(value[name], shape.members[name], depth - 1) for name in known)
    if isinstance(shape, ListShape):
        return isinstance(value, list) and all(_fits(member, shape.member, depth) for member in value[:3])
    if isinstance(shape, MapShape):
        return isinstance(value, Mapping)
    return not isinstance(value, list) or shape.type_name == "string"
