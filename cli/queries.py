"""``muniment queries``: the saved questions, and running one by its id."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .invocation import invocation
from .questions import PANEL, ExplainOption, FormatOption, respond
from .rendering.output import Format, emit


def register(app: typer.Typer) -> None:
    """Add the commands."""
    queries = typer.Typer(help="Show and run the saved questions.", no_args_is_help=True)
    queries.command("list")(list_questions)
    queries.command()(show)
    queries.command()(run)
    queries.command("check")(validate)
    app.add_typer(queries, name="queries", rich_help_panel=PANEL)


def complete(incomplete: str) -> list[str]:
    """Ids of questions that begin so, for the shell."""
    from ..queries.library import questions

    return [name for name in questions() if name.startswith(incomplete)]


IdArgument = Annotated[str, typer.Argument(metavar="ID", help="The question's id.", autocompletion=complete)]


def list_questions(
    context: typer.Context,
    only_checks: Annotated[bool, typer.Option("--checks", help="Only checks, the gravest first.")] = False,
    output: FormatOption = Format.TABLE,
) -> None:
    """List every question that can be asked, those of your own folders too."""
    from ..queries.answer import Answer, Column, Knowledge
    from ..queries.checks import checks
    from ..queries.library import questions
    from ..queries.own import own
    from ..queries.refusals import shown

    folders = invocation(context).settings.query_folders
    columns = (
        Column("id", "What to run it by."),
        Column("severity", "Of a check, each of whose rows is a finding."),
        Column("question", "What it asks."),
        Column("parameters", "What it needs; those in brackets may be left out."),
        Column("file", "Where a question of your own is."),
        Column("problem", "Why a question of your own cannot be used."),
    )
    known = questions(folders)
    listed = checks(known.values()) if only_checks else [asked for _, asked in sorted(known.items())]
    rows: list[dict[str, object]] = [
        {
            "id": asked.id,
            "severity": str(asked.severity or ""),
            "question": shown(asked),
            "parameters": [p.name if p.default is None else f"[{p.name}]" for p in asked.parameters.values()],
            "file": str(getattr(asked, "file", None) or ""),
            "problem": "",
        }
        for asked in listed
    ]
    rows += [
        {"id": broken.id, "question": "", "parameters": [], "file": str(broken.file), "problem": broken.problem}
        for broken in (own(folders).broken if folders else ())
    ]
    emit(Answer("queries list", {}, columns, rows, Knowledge()), output)


def show(context: typer.Context, id_: IdArgument) -> None:
    """Show one question: how to ask it, its parameters, its columns, what it rests on, its Cypher."""
    from ..queries.library import question
    from ..queries.patterns import example
    from ..queries.refusals import shown
    from .rendering.table import show_text

    asked = question(id_, invocation(context).settings.query_folders)
    paragraphs = [paragraph.replace("\n", " ") for paragraph in asked.documentation.split("\n\n")]
    lines = [shown(asked), "", *paragraphs, ""]
    if asked.severity:
        lines += [f"Severity of a finding: {asked.severity}.", f"What to do: {asked.advice}", ""]
    if asked.references:
        lines += ["References:", *(f"  {reference}" for reference in asked.references), ""]
    if asked.parameters:
        lines += ["Parameters:"]
        for p in asked.parameters.values():
            default = "" if p.default is None else f" Default: {p.default or 'none'}."
            lines.append(f"  {p.name} ({p.slot}): {p.description}{default}")
        lines.append("")
    lines += ["Columns:", *(f"  {column.name}: {column.description}" for column in asked.columns), ""]
    rests = [*asked.collectors, *asked.analyses]
    lines += [f"Rests on: {', '.join(rests) or 'the register itself'}.", ""]
    if asked.variations:
        lines += ["Asked like:", *(f"  {said}" for said in dict.fromkeys(map(example, asked.variations)))]
    show_text(lines)
    if cypher := getattr(asked, "cypher", ""):
        typer.echo(f"\n{cypher}")


def validate(
    context: typer.Context,
    folders: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[DIR]…", help="Folders of questions; default: those of the settings."),
    ] = None,
) -> None:
    """Check questions of your own, without a graph: what is wrong with each file, and in which line.

    Of questions that are asked in the same words, it warns: `ask` could answer neither.

    \b
    muniment queries check ./questions
    """
    from ..errors import UsageError
    from ..ingest.aws import collectors
    from ..queries.own import alike, own
    from ..run.analyses import analyses

    given = tuple(folder.absolute() for folder in folders or ()) or invocation(context).settings.query_folders
    if not given:
        raise UsageError("no folder of questions is named", "Name one, or set [queries] folders in muniment.toml.")
    found = own(given)
    known = {*collectors(), *(analysis.name for analysis in analyses())}
    strange = {
        query.id: f"{query.file}:1: {', '.join(unknown)}: no collector or analysis is called so"
        for query in found.queries.values()
        if (unknown := sorted({*query.collectors, *query.analyses} - known))
    }
    for text in alike(found):
        typer.echo(f"warning: {text}", err=True)
    problems = [*(broken.problem for broken in found.broken), *strange.values()]
    for problem in problems:
        typer.echo(problem, err=True)
    valid = len(found.queries) - len(strange)
    typer.echo(f"{valid} valid, {len(problems)} problem{'' if len(problems) == 1 else 's'}.")
    raise typer.Exit(1 if problems else 0)


def run(
    context: typer.Context,
    id_: IdArgument,
    param: Annotated[list[str] | None, typer.Option("--param", "-p", metavar="NAME=VALUE", help="A parameter.")] = None,
    output: FormatOption = Format.TABLE,
    explain: ExplainOption = False,
) -> None:
    """Run one question by its id.

    \b
    muniment queries run old-access-keys --param days=180 --param accounts=prod
    """
    from ..errors import UsageError
    from ..queries.library import question

    given = {}
    for text in param or ():
        name, equals, value = text.partition("=")
        if not equals:
            raise UsageError(f"{text!r} is not NAME=VALUE", "Write --param days=90.")
        given[name] = value
    asked = question(id_, invocation(context).settings.query_folders)
    if missing := [p.name for p in asked.parameters.values() if p.default is None and p.name not in given]:
        raise UsageError(f"{id_} needs {', '.join(missing)}", f"Give --param {missing[0]}=….")
    if unknown := given.keys() - asked.parameters.keys():
        raise UsageError(f"{id_} has no parameter {', '.join(sorted(unknown))}", f"See `muniment queries show {id_}`.")
    respond(context, id_, given, output, explain=explain)
