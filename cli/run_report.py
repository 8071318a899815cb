"""The report of a run, for a person to read."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ..graph.counts import Tally
from ..run.report import RunReport, ScopeOutcome
from ..schema import Refusal, Status

_STYLES = {Status.COMPLETE: "green", Status.PARTIAL: "yellow", Status.DENIED: "red", Status.FAILED: "red"}
_SHOWN = 20
"""Refused calls shown at most; `muniment status` shows all."""


def show(report: RunReport, console: Console) -> None:
    """What was read, what changed, what it cost, and what is missing."""
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_column(style="bold", no_wrap=True)
    table.add_column()
    for label, text in _lines(report):
        table.add_row(label, text)
    console.print(table)
    _show_missing(report, console)


def _lines(report: RunReport) -> Iterator[tuple[str, str]]:
    counted = [
        f"[{style}]{report.count(status)} {status}[/]" for status, style in _STYLES.items() if report.count(status)
    ]
    resumed = [f"{len(report.resumed)} complete from the interrupted run"] if report.resumed else []
    yield "scopes", ", ".join((*counted, *resumed)) or "none"
    yield "nodes", _changes(report.stated.nodes)
    yield "relationships", _changes(report.stated.relationships)
    yield "derived", _changes(report.concluded.relationships)
    by_service = ", ".join(f"{service} {count}" for service, count in report.calls.most_common())
    yield "API calls", f"{report.calls.total():,}" + (f" ({escape(by_service)})" if by_service else "")
    phases = ", ".join(f"{phase} {seconds:.1f}" for phase, seconds in report.seconds.items() if phase != "total")
    yield "seconds", f"{report.seconds.get('total', 0):.1f} ({phases})"


def _changes(tally: Tally) -> str:
    if not tally:
        return "[dim]unchanged[/]"
    parts = (("created", tally.created), ("changed", tally.changed), ("removed", tally.removed))
    return ", ".join(f"{count:,} {word}" for word, count in parts if count)


def _show_missing(report: RunReport, console: Console) -> None:
    refused = sorted(_refused(report), key=lambda pair: (pair[1].code, pair[1].action, str(pair[0].scope)))
    if not refused:
        return
    console.print("\n[bold]Not read[/] [dim](what depends on it is answered as unknown, never as absent)[/]")
    table = Table("call", "why", "where", box=None, padding=(0, 2, 0, 0), header_style="dim")
    groups = [(call, list(held)) for call, held in groupby(refused, key=lambda pair: (pair[1].action, pair[1].code))]
    for (action, code), held in groups[:_SHOWN]:
        scopes = sorted({str(outcome.scope) for outcome, _ in held})
        where = scopes[0] if len(scopes) == 1 else f"{scopes[0]} and {len(scopes) - 1} more"
        table.add_row(escape(action), escape(code), escape(where))
    console.print(table)
    if len(groups) > _SHOWN:
        console.print(f"… and {len(groups) - _SHOWN} more: muniment status")
    if any(is_denied for is_denied in (outcome.status in (Status.PARTIAL, Status.DENIED) for outcome, _ in refused)):
        console.print("The rights that the collector needs: [bold]muniment aws policy[/]")


def _refused(report: RunReport) -> Iterator[tuple[ScopeOutcome, Refusal]]:
    for outcome in report.scopes:
        for refusal in outcome.refusals:
            yield outcome, refusal
