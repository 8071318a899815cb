"""AWS Lambda: functions, the roles they run as, and who may call or change them.

https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctions.html
https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html

One call for a region without functions, fifty to a page, one for the tags of a hundred, one for all event source
mappings and one for each function's policy. Of environment variables only the names are kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...schema import Edge, Node
from .collector import Answer, Call, Collector, Level, Page, Reader
from .references import role_reference
from .resources import GET_TAGS, entries, policy_fields, resource, tags_by_arn, tags_of
from .values import text, timestamp

GONE = "ResourceNotFoundException"
WITH_URL = "lambda:InvokeFunctionUrl"


def collect(reader: Reader) -> Iterator[Node | Edge]:
    """The region's functions."""
    functions = {
        _arn(one): one for one in entries([*reader.pages("ListFunctions")], "Functions") if "FunctionArn" in one
    }
    if not functions:
        return
    known_tags = tags_by_arn(reader, "lambda:function")
    mappings = entries([*reader.pages("ListEventSourceMappings")], "EventSourceMappings")
    called = {":".join(str(mapping.get("FunctionArn")).split(":")[:7]) for mapping in mappings}
    answers = {
        str(params["FunctionName"]): answer
        for params, answer in reader.each("GetPolicy", [{"FunctionName": arn} for arn in functions])
    }
    urls = _urls(reader, [arn for arn, answer in answers.items() if WITH_URL in str(answer.page.get("Policy"))])
    for arn, stated in functions.items():
        fields = {
            "event_sources": None if reader.refused("ListEventSourceMappings") else arn in called,
            "public": urls.get(arn, False),
            "tags": tags_of(known_tags, arn),
        }
        yield from _function(reader, arn, stated, answers[arn], fields)


def _arn(stated: Page) -> str:
    """The function's ARN without a version."""
    return ":".join(str(stated["FunctionArn"]).split(":")[:7])


def _urls(reader: Reader, functions: list[str]) -> dict[str, bool | None]:
    """Whether functions have a URL that asks for no authentication: asked only where a policy lets URLs be called."""
    asked = [{"FunctionName": arn} for arn in functions]
    return {
        str(params["FunctionName"]): None
        if answer.refused
        else any(url.get("AuthType") == "NONE" for url in entries(answer.pages, "FunctionUrlConfigs"))
        for params, answer in reader.each("ListFunctionUrlConfigs", asked)
    }


def _function(reader: Reader, arn: str, stated: Page, answer: Answer, fields: dict[str, Any]) -> Iterator[Node | Edge]:
    environment = (stated.get("Environment") or {}).get("Variables") or {}
    properties = {
        **policy_fields(answer, answer.page.get("Policy")),
        **fields,
        "state": text(stated.get("State")),
        "runtime": text(stated.get("Runtime")),
        "package_type": text(stated.get("PackageType")),
        "handler": text(stated.get("Handler")),
        "layers": [layer["Arn"] for layer in stated.get("Layers") or () if text(layer.get("Arn"))],
        "environment_names": sorted(map(str, environment)),
        "vpc_id": text((stated.get("VpcConfig") or {}).get("VpcId")),
        "updated_at": timestamp(str(stated.get("LastModified", "")).replace("+0000", "+00:00")),
    }
    yield from resource(reader, "LambdaFunction", arn, stated.get("FunctionName"), properties)
    role = text(stated.get("Role"))
    if role and ":role/" in role:
        yield role_reference(role)
        yield Edge("RUNS_AS", arn, role, {"capacity": "function", "credentials": True}, key="function")


COLLECTOR = Collector(
    name="lambda",
    level=Level.REGION,
    calls=(
        Call("lambda", "ListFunctions", ("lambda:ListFunctions",)),
        Call("lambda", "GetPolicy", ("lambda:GetPolicy",), (GONE,)),
        Call("lambda", "ListEventSourceMappings", ("lambda:ListEventSourceMappings",)),
        Call("lambda", "ListFunctionUrlConfigs", ("lambda:ListFunctionUrlConfigs",), (GONE,)),
        GET_TAGS,
    ),
    collect=collect,
    description="Functions, the roles they run as, and their policies; names, never values, of environment variables.",
)
