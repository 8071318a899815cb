"""``muniment webhook``: show the webhooks of the settings file, try one, tell them what is new."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from .invocation import invocation
from .questions import FormatOption
from .rendering.output import Format

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="The webhook: its name in muniment.toml.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    webhook = typer.Typer(help="Tell other systems what is new.", no_args_is_help=True)
    webhook.command("list")(list_webhooks)
    webhook.command()(test)
    webhook.command()(deliver)
    app.add_typer(webhook, name="webhook")


def list_webhooks(context: typer.Context, output: FormatOption = Format.TABLE) -> None:
    """List the webhooks: what each is told, and what was not delivered yet."""
    from ..graph.outbox import Outbox
    from ..queries.answer import Answer, Column, Knowledge
    from ..run.webhooks.declared import webhooks
    from .rendering.output import emit

    given = invocation(context)
    declared = webhooks(given.settings)
    with given.connect() as database:
        counts = {(row["webhook"], row["status"]): row for row in Outbox(database).counts()}
    rows: list[dict[str, Any]] = []
    for name in sorted({*declared, *(webhook for webhook, _ in counts)}):
        one = declared.get(name)
        due, failed = (counts.get((name, status), {"count": 0, "error": None}) for status in ("due", "failed"))
        rows.append(
            {
                "name": name,
                "receiver": one.place if one else "not in this settings file",
                "events": list(one.events) if one else [],
                "due": due["count"],
                "failed": failed["count"],
                "error": due["error"] or failed["error"],
            }
        )
    columns = (
        Column("name", "Its name in muniment.toml."),
        Column("receiver", "Where it is, without the path."),
        Column("events", "What it is told."),
        Column("due", "Messages that are still to be delivered."),
        Column("failed", "Messages that were given up."),
        Column("error", "Why an attempt failed."),
    )
    emit(Answer("webhook list", {}, columns, rows, Knowledge()), output)


def test(context: typer.Context, name: NameArgument) -> None:
    """Send one message of type `test`, without a graph. Exit code 1 if the receiver does not take it."""
    import orjson

    from ..graph.clock import timestamp, wall_clock
    from ..graph.outbox import Message
    from ..run.webhooks import events
    from ..run.webhooks.declared import webhook
    from ..run.webhooks.delivery import new_id, send

    declared = webhook(invocation(context).settings, name)
    declared.key()
    now = wall_clock()
    body = orjson.dumps(events.payload(events.TEST, timestamp(now), {})).decode()
    message = Message(new_id(), name, events.TEST, body)
    error = send(declared, message, now)
    typer.echo(f"webhook {name}: {error or f'{declared.place} took {message.id}'}", err=error is not None)
    raise typer.Exit(1 if error else 0)


def deliver(context: typer.Context) -> None:
    """Tell the webhooks what is new, and what could not be told before: once, as `muniment schedule` does all the time.

    Exit code 1 if anything that was attempted was not taken.
    """
    from ..errors import UsageError
    from ..graph.clock import wall_clock
    from ..run.freshness import Freshness
    from ..run.webhooks.declared import webhooks
    from ..run.webhooks.delivery import announce
    from ..run.webhooks.delivery import deliver as attempt

    given = invocation(context)
    declared = list(webhooks(given.settings).values())
    if not declared:
        raise UsageError("no webhook is declared", "Write one in muniment.toml, [[webhook]]: see docs/webhooks.md.")
    for one in declared:
        one.key()
    with given.connect() as database:
        announce(database, declared, Freshness.of(given.settings), wall_clock)
        outcomes = attempt(database, declared, wall_clock)
    for outcome in outcomes:
        told = outcome.error or "delivered"
        typer.echo(f"webhook {outcome.message.webhook}: {outcome.message.event} {outcome.message.id}: {told}")
    if not outcomes:
        typer.echo("nothing is due")
    raise typer.Exit(1 if any(outcome.error for outcome in outcomes) else 0)
