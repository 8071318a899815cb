"""``muniment queries``: the saved questions, and running one by its id."""

from __future__ import annotations

from typing import Annotated

import typer

from .questions import PANEL, ExplainOption, FormatOption, respond
from .rendering.output import Format, emit


def register(app: typer.Typer) -> None:
    """Add the commands."""
    queries = typer.Typer(help="Show and run the saved questions.", no_args_is_help=True)
    queries.command("list")(list_questions)
    queries.command()(show)
    queries.command()(run)
    app.add_typer(queries, name="queries", rich_help_panel=PANEL)


def complete(incomplete: str) -> list[str]:
    """Ids of questions that begin so, for the shell."""
    from ..queries.library import questions

    return [name for name in questions() if name.startswith(incomplete)]


IdArgument = Annotated[str, typer.Argument(metavar="ID", help="The question's id.", autocompletion=complete)]


def list_questions(output: FormatOption = Format.TABLE) -> None:
    """List every question that can be asked."""
    from ..queries.answer import Answer, Column, Knowledge
    from ..queries.library import questions
    from ..queries.sentence import shown

    columns = (
        Column("id", "What to run it by."),
        Column("question", "What it asks."),
        Column("parameters", "What it needs; those in brackets may be left out."),
    )
    rows = [
        {
            "id": name,
            "question": shown(asked),
            "parameters": [p.name if p.default is None else f"[{p.name}]" for p in asked.parameters.values()],
        }
        for name, asked in sorted(questions().items())
    ]
    emit(Answer("queries list", {}, columns, rows, Knowledge()), output)


def show(id_: IdArgument) -> None:
    """Show one question: how to ask it, its parameters, its columns, what it rests on, its Cypher."""
    from ..queries.library import SavedQuery, question
    from ..queries.sentence import shown

    asked = question(id_)
    lines = [shown(asked), "", asked.documentation, ""]
    if asked.parameters:
        lines += ["Parameters:"]
        for p in asked.parameters.values():
            default = "" if p.default is None else f" Default: {p.default or 'none'}."
            lines.append(f"  {p.name} ({p.slot}): {p.description}{default}")
        lines.append("")
    lines += ["Columns:", *(f"  {column.name}: {column.description}" for column in asked.columns), ""]
    rests = [*asked.collectors, *asked.analyses]
    lines += [f"Rests on: {', '.join(rests) or 'the register itself'}.", ""]
    lines += ["Asked like:", *(f"  {text}" for text in asked.variations)]
    if isinstance(asked, SavedQuery):
        lines += ["", asked.cypher]
    typer.echo("\n".join(lines))


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
    asked = question(id_)
    if missing := [p.name for p in asked.parameters.values() if p.default is None and p.name not in given]:
        raise UsageError(f"{id_} needs {', '.join(missing)}", f"Give --param {missing[0]}=….")
    if unknown := given.keys() - asked.parameters.keys():
        raise UsageError(f"{id_} has no parameter {', '.join(sorted(unknown))}", f"See `muniment queries show {id_}`.")
    respond(context, id_, given, output, explain=explain)
