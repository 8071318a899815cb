"""Whether a hand-written response could have come from AWS: a check against botocore's output shapes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape
from botocore.session import Session

_TYPES: dict[str, tuple[type, ...]] = {
    "blob": (bytes,),
    "boolean": (bool,),
    "double": (int, float),
    "float": (int, float),
    "integer": (int,),
    "long": (int,),
    "string": (str,),
    "timestamp": (datetime,),
}


@cache
def _output(service: str, operation: str) -> Shape | None:
    return Session().get_service_model(service).operation_model(operation).output_shape


def problems(service: str, operation: str, page: dict[str, Any]) -> list[str]:
    """Where a response page differs from the operation's output shape; empty where it does not."""
    shape = _output(service, operation)
    return list(_problems(page, shape, operation)) if shape else ["it has no output"] * bool(page)


def _problems(value: Any, shape: Shape, where: str) -> Iterator[str]:
    if shape.name == "policyDocumentType":
        return  # botocore decodes documents, and leaves those as text that it cannot decode
    if isinstance(shape, StructureShape):
        if not isinstance(value, dict):
            yield f"{where} is a {type(value).__name__}, not a structure"
            return
        yield from (f"{where} has no member {name}" for name in value if name not in shape.members)
        yield from (f"{where} lacks its member {name}" for name in shape.required_members if name not in value)
        for name, member in value.items():
            if name in shape.members:
                yield from _problems(member, shape.members[name], f"{where}.{name}")
    elif isinstance(shape, ListShape):
        if not isinstance(value, list):
            yield f"{where} is a {type(value).__name__}, not a list"
            return
        for number, member in enumerate(value):
            yield from _problems(member, shape.member, f"{where}[{number}]")
    elif isinstance(shape, MapShape):
        for name, member in value.items():
            yield from _problems(member, shape.value, f"{where}.{name}")
    elif not isinstance(value, _TYPES[shape.type_name]) or (isinstance(value, bool) != (shape.type_name == "boolean")):
        yield f"{where} is a {type(value).__name__}, not a {shape.type_name}"
