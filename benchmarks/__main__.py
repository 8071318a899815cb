"""Run all benchmarks, or those named: `python -m benchmarks [access] [escalation] [ingest] …`."""

from __future__ import annotations

import os
import sys

from rich.console import Console
from rich.table import Table

from . import access, api, ask, escalation, identity_center, ingest, organization, scale, simulate, webhooks, writer
from .measure import Benchmark, Figure

BENCHMARKS: dict[str, Benchmark] = {
    "api": api.figures,
    "ask": ask.figures,
    "access": access.figures,
    "escalation": escalation.figures,
    "identity-center": identity_center.figures,
    "ingest": ingest.figures,
    "organization": organization.figures,
    "scale": scale.figures,
    "simulate": simulate.figures,
    "webhooks": webhooks.figures,
    "writer": writer.figures,
}


def main(names: list[str]) -> int:
    """Measure and print; 2 for a name that is none."""
    unknown = set(names) - BENCHMARKS.keys()
    if unknown:
        print(f"no such benchmark: {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    console = Console()
    console.print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}. A ratio up to 1 meets its target.")
    for name in names or BENCHMARKS:
        console.print(_table(name, list(BENCHMARKS[name]())))
    return 0


def _table(name: str, figures: list[Figure]) -> Table:
    table = Table("what", title=name, title_justify="left")
    for column in ("measured", "target", "ratio"):
        table.add_column(column, justify="right")
    for figure in figures:
        bound = f"{'≥' if figure.at_least else '≤'} {figure.target:,g} {figure.unit}" if figure.target else ""
        ratio = f"{figure.ratio:.2f}" if figure.ratio is not None else ""
        style = "red" if figure.ratio is not None and figure.ratio > 1 else ""
        table.add_row(figure.what, f"{figure.value:,.4g} {figure.unit}", bound, ratio, style=style)
    return table


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
