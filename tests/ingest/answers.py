"""Hand-written responses as a source, for what the emulated cloud lacks; each is checked against botocore's shapes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import botocore.session
from botocore.validate import ParamValidator
from muniment.ingest.aws import collectors
from muniment.ingest.aws.collector import Page, Params, Reader
from muniment.ingest.aws.refusal import CallRefused
from muniment.schema import Edge, Node, ScopeId

from ..written import written

CASES = Path(__file__).parent.parent / "cases" / "aws"


@cache
def _model(service: str) -> Any:
    return botocore.session.get_session().get_service_model(service)


class Answers:
    """A file of answers by service and operation: each the parameters that it answers, and its pages or its error."""

    def __init__(self, name: str, **errors: str) -> None:
        """Read a case; ``errors`` are codes to answer with instead, by operation."""
        self._errors = errors
        self._answers: Mapping[str, Mapping[str, list[dict[str, Any]]]] = written(CASES / f"{name}.yaml")
        self.asked: list[str] = []
        self._turns: dict[int, int] = {}
        for service, operations in self._answers.items():
            model = _model(service)
            for operation, answers in operations.items():
                shape = model.operation_model(operation).output_shape
                turns = [turn for answer in answers for turn in answer.get("turns", [answer])]
                for page in (page for turn in turns for page in turn.get("pages", ())):
                    report = ParamValidator().validate(page, shape)
                    assert not report.has_errors(), f"{operation}: {report.generate_report()}"

    def pages(
        self,
        account: str,
        region: str,
        service: str,
        operation: str,
        params: Params,
        tokens: tuple[str, str] | None = None,
    ) -> Iterator[Page]:
        """The pages of the first answer whose parameters are all among those asked with."""
        self.asked.append(operation)
        if operation in self._errors:
            raise CallRefused(self._errors[operation], "says the test")
        for answer in self._answers[service][operation]:
            if answer.get("params", {}).items() <= dict(params).items() and answer.get("region", region) == region:
                yield from self._turn(answer)
                return
        raise AssertionError(f"the case has no answer to {operation} {dict(params)}")

    def _turn(self, answer: Mapping[str, Any]) -> Iterator[Page]:
        """Its pages and then its error; of ``turns``, those of the next, and of the last for ever."""
        turns = answer.get("turns", [answer])
        number = self._turns.get(id(answer), 0)
        self._turns[id(answer)] = number + 1
        turn = turns[min(number, len(turns) - 1)]
        yield from turn.get("pages", ())
        if "error" in turn:
            raise CallRefused(turn["error"], "says the case")


def read(
    source: Answers, collector: str, account: str, region: str = "global", partition: str = "aws"
) -> tuple[Reader, list[Node | Edge]]:
    """Let a collector read the answers: the reader afterwards, and what was stated."""
    scope = ScopeId("aws", account, region, collector)
    reader = Reader(source, collectors()[collector], scope, account, partition)
    return reader, list(reader.collector.collect(reader))


def nodes(facts: list[Node | Edge], kind: str) -> dict[str, Node]:
    """Nodes of a kind by id; where one is also named as a reference, the listed one."""
    found = [fact for fact in facts if isinstance(fact, Node) and fact.kind == kind]
    return {node.id: node for node in sorted(found, key=lambda node: node.ownership == "scope")}


def edges(facts: list[Node | Edge], kind: str) -> set[tuple[str, str]]:
    """Starts and ends of the relationships of a type."""
    return {(fact.start, fact.end) for fact in facts if isinstance(fact, Edge) and fact.type == kind}
