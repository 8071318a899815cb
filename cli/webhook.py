"""``muniment webhook``: show the webhooks of the settings file, try one, tell them what is new."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from .invocation import Invocation, invocation
from .questions import FormatOption
from .rendering.output import Format

FilterOption = Annotated[str | None, typer.Option("--webhook", metavar="NAME", help="Those of one webhook only.")]
NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="The webhook: its name in muniment.toml.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    webhook = typer.Typer(help="Tell other systems what is new.", no_args_is_help=True)
    webhook.command("list")(list_webhooks)
    webhook.command()(test)
    webhook.command()(deliver)
    webhook.command()(messages)
    webhook.command()(retry)
    webhook.command()(prune)
    webhook.command()(forget)
    app.add_typer(webhook, name="webhook")


def list_webhooks(context: typer.Context, output: FormatOption = Format.TABLE) -> None:
    """List the webhooks: what each is told, and what was not delivered yet."""
    from ..graph.clock import wall_clock
    from ..graph.outbox import Outbox
    from ..graph.receivers import Receivers
    from ..queries.answer import Answer, Column, Knowledge
    from ..run.webhooks.declared import webhooks
    from .rendering.output import emit

    given = invocation(context)
    declared = webhooks(given.settings)
    with given.connect() as database:
        counts = {(row["webhook"], row["status"]): row for row in Outbox(database).counts()}
        gone, quiet = Receivers(database).gone(), Receivers(database).quiet(wall_clock())
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
                "oldest": due.get("oldest"),
                "failed": failed["count"],
                "error": due["error"] or failed["error"],
                "state": "gone" if name in gone else "quiet" if name in quiet else "active",
                "until": None if name in gone else quiet.get(name),
            }
        )
    columns = (
        Column("name", "Its name in muniment.toml."),
        Column("receiver", "Where it is, without the path."),
        Column("events", "What it is told."),
        Column("due", "Messages that are still to be delivered."),
        Column("oldest", "When the oldest of them was written."),
        Column("failed", "Messages that were given up."),
        Column("error", "Why an attempt failed."),
        Column("state", "`active`; `quiet` where the receiver asked to wait; `gone` where it answered 410."),
        Column("until", "Until when it asked to wait."),
    )
    emit(Answer("webhook list", {}, columns, rows, Knowledge()), output)


def summary(given: Invocation) -> Iterator[str]:
    """A line for each webhook whose receiver is gone, for `muniment status`."""
    from ..graph.receivers import Receivers

    if not given.settings.file.get("webhook"):
        return
    with given.connect() as database:
        gone = sorted(Receivers(database).gone())
    for name in gone:
        yield f"webhook {name}: its receiver answered 410 Gone; nothing is sent until `muniment webhook retry`"


def test(context: typer.Context, name: NameArgument) -> None:
    """Send one message of type `test`, without a graph. Exit code 1 if the receiver does not take it."""
    import orjson

    from ..graph.clock import timestamp, wall_clock
    from ..graph.outbox import Message
    from ..run.webhooks import events
    from ..run.webhooks.declared import webhook
    from ..run.webhooks.delivery import new_id
    from ..run.webhooks.sending import send

    declared = webhook(invocation(context).settings, name)
    declared.check()
    now = wall_clock()
    body = orjson.dumps(events.payload(events.TEST, timestamp(now), {})).decode()
    message = Message(new_id(), name, events.TEST, body)
    failure = send(declared, message, now)
    told = failure.told if failure else f"{declared.place} took {message.id}"
    typer.echo(f"webhook {name}: {told}", err=failure is not None)
    raise typer.Exit(1 if failure else 0)


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
        one.check()
    with given.connect() as database:
        announce(database, declared, Freshness.of(given.settings), wall_clock)
        outcomes = attempt(database, declared, wall_clock)
    for outcome in outcomes:
        told = outcome.error or "delivered"
        typer.echo(f"webhook {outcome.message.webhook}: {outcome.message.event} {outcome.message.id}: {told}")
    if not outcomes:
        typer.echo("nothing is due")
    raise typer.Exit(1 if any(outcome.error for outcome in outcomes) else 0)


def messages(
    context: typer.Context,
    webhook: FilterOption = None,
    limit: Annotated[int, typer.Option(help="How many.", min=1, max=10_000)] = 100,
    output: FormatOption = Format.TABLE,
) -> None:
    """List the messages that were not delivered, the oldest first: what waits, and what was given up."""
    from ..graph.outbox import Outbox
    from ..queries.answer import Answer, Column, Knowledge
    from .rendering.output import emit

    with invocation(context).connect() as database:
        rows = Outbox(database).messages(webhook, limit)
    columns = (
        Column("id", "The `webhook-id` that the receiver is given."),
        Column("webhook", "Its name in muniment.toml."),
        Column("event", "The type of the message."),
        Column("status", "`due`, or `failed` where it was given up."),
        Column("created_at", "When it was written."),
        Column("due_at", "When it is attempted next."),
        Column("attempts", "Attempts so far."),
        Column("error", "Why the last one failed."),
    )
    emit(Answer("webhook messages", {}, columns, rows, Knowledge()), output)


def retry(
    context: typer.Context,
    message: Annotated[str | None, typer.Argument(metavar="[ID]", help="One message; all that were given up.")] = None,
    webhook: FilterOption = None,
) -> None:
    """Have messages that were given up attempted again, as if they were new; without ID, also what waits for receivers
    that answered 410 Gone. Exit code 1 if there are none.
    """
    from ..graph.clock import wall_clock
    from ..graph.outbox import Outbox
    from ..graph.receivers import Receivers

    now = wall_clock()
    with invocation(context).connect() as database:
        receivers = Receivers(database)
        gone = [name for name in sorted(receivers.gone()) if message is None and webhook in (None, name)]
        for name in gone:
            receivers.resume(name, now)
            typer.echo(f"webhook {name} is asked again")
        number = Outbox(database).retry(now, webhook, message)
    if number or not gone:
        typer.echo(f"{_counted(number)} due again" if number else "no such message was given up")
    raise typer.Exit(0 if number or gone else 1)


def prune(
    context: typer.Context,
    older_than: Annotated[str, typer.Option("--older-than", help="Written so long ago: 12h, 30d.")] = "30d",
    webhook: FilterOption = None,
) -> None:
    """Delete messages that were given up. What waits is not touched; what they told is not told again."""
    from ..graph.clock import wall_clock
    from ..graph.outbox import Outbox
    from ..settings import duration

    age = duration(older_than, "--older-than")
    with invocation(context).connect() as database:
        number = Outbox(database).prune(wall_clock() - age, webhook)
    typer.echo(f"{_counted(number)} deleted")


def forget(context: typer.Context, name: NameArgument) -> None:
    """Delete what a webhook was told and its messages: if it is still declared, it begins anew, with a `baseline`."""
    from ..graph.outbox import Outbox

    with invocation(context).connect() as database:
        known = Outbox(database).forget(name)
    typer.echo(f"webhook {name}: forgotten" if known else f"webhook {name}: nothing is known of it", err=not known)
    raise typer.Exit(0 if known else 1)


def _counted(number: int) -> str:
    return "1 message is" if number == 1 else f"{number} messages are"
