"""Writes the documents that are derived from the code. Run it by `make docs`; a test fails when they drift."""

from __future__ import annotations

import json
import runpy
import shlex
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import click
import typer
from muniment.analysis.escalation.technique import PASS_ROLE, Technique, catalogue, techniques
from muniment.api.graphql.root import schema
from muniment.cli.main import build
from muniment.ingest.aws import collectors
from muniment.ingest.aws.collector import Call, Collector, Level
from muniment.ingest.aws.discovery import CALLS
from muniment.ingest.files.recognition import command
from muniment.queries.library import questions
from muniment.queries.question import Parameter, Question
from muniment.schema import SCHEMA
from muniment.schema.document import markdown

DOCS = Path(__file__).parent
_SAMPLING = runpy.run_path(str(DOCS / "samples.py"))
command_of, by_graphql, WIDTH = _SAMPLING["command"], _SAMPLING["by_graphql"], _SAMPLING["WIDTH"]

COMMANDS = """\
# The commands

Generated from the command line itself by `make docs`; do not edit it by hand.

Exit codes: 0 answered; 1 error; 2 bad usage or an ambiguous name; 3 answered, but from incomplete knowledge.

Errors are text on standard error, one message and mostly a hint, whatever `--format` is; standard output is then
empty, and the exit code neither 0 nor 3. Two commands answer with errors on standard output: `ask --format json` prints
what it makes of a sentence that it does not answer, as an object with `error` and without rows
([asking.md](asking.md)); `simulate` says in its line what is wrong with a request.
"""

QUESTIONS = """\
# The questions

Generated from the saved questions in `queries/` by `make docs`; do not edit it by hand.

Ask one in a sentence (`muniment ask "…"`), or by its id: `muniment queries run ID --param NAME=VALUE`.
Every answer states from which scopes it is and whether they were read completely. Behind each link is how to ask it on
the command line and by GraphQL, and what it answers on the organization of `muniment demo`.
"""

PAGE = """\
# Questions: {title}

Generated from the saved questions in `queries/` and from answers on the organization of `muniment demo`
(`samples.json`) by `make docs`; do not edit it by hand. In those answers, times and ids that AWS draws are replaced.
Tables are shortened where there is a `…`; what is sent to [the API](../api.md) asks for the first rows, and `rowCount`
says how many there are.
"""

GROUPS = {
    "becoming": "Who can become whom",
    "administrators": "Administrators",
    "permissions": "Permissions and their use",
    "data": "Access to data",
    "trust": "Trust, third parties and federation",
    "people": "People, machines and Identity Center",
    "credentials": "Credentials",
    "compute": "Compute and its roles",
    "organization": "Accounts and the organization",
    "register": "The register itself",
}
"""The pages of questions, by the ``group`` that a question names."""

COLLECTORS = """\
# What is read from AWS

Generated from the collectors' declarations by `make docs`; do not edit it by hand.

Each call is shown as the AWS CLI makes it: what such a command prints, saved to a file under any name, is what
`muniment ingest files` reads. The permissions are those of `muniment aws policy`. An error in the last column is an
answer: there is none.
"""

PLACES = {
    Level.ORGANIZATION: "once, in the account that speaks for the organization",
    Level.ORGANIZATION_REGION: "in every enabled region of the account that speaks for the organization",
    Level.ACCOUNT: "once in every account",
    Level.REGION: "in every enabled region that has the service, of every account",
}


TECHNIQUES = """\
# The techniques of privilege escalation

Generated from `analysis/escalation/techniques/` by `make docs`; do not edit it by hand. How they are evaluated is in
[escalation.md](escalation.md). Ids, categories and permissions are those of the public catalogue
[pathfinding.cloud](https://pathfinding.cloud) (Apache-2.0), to which the ids lead; those without a category are
Muniment's own, and not in it.

Each permission must be allowed on what stands after it: the target, the principal itself, existing compute, or an ARN
of which the end is shown, where `{any}` is of the principal's choice. `*` is an action that is about no resource. A
role must trust the service, and where it is passed, be passed to it: `iam:PassedToService`. AWS's page says what role
that is, or what the action does; what actions are about is as the [Service Authorization
Reference](https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html)
has it, and held to it by a test. Where another page of AWS differs, the answer is `unknown`.

| technique | category | what it is | permissions, each on | trusted service | `iam:PassedToService` | besides | AWS |
| --- | --- | --- | --- | --- | --- | --- | --- |
"""

RESOURCES = {
    "target": "the target",
    "self": "itself",
    "own group": "a group that it is in",
    "group of target": "a group that the target is in",
    "boundary of self": "its permissions boundary",
    "boundary of target": "the target's permissions boundary",
    "policy of self": "a policy that applies to it",
    "policy of target": "a policy that applies to the target",
    "compute": "the compute",
    "compute's cluster": "its cluster",
    "provider": "the SAML provider that the target trusts",
    "instance": "the instance",
    "permission set": "the permission set",
    "assigned account": "the account",
    "identity store": "the identity store",
    "group": "the group",
    "user": "a user of one's own",
    "root user": "the root user",
    "*": "`*`",
}
"""How the words for resources read in the list of techniques."""


def documents() -> dict[Path, str]:
    """Every generated document: its path and its text."""
    root = typer.main.get_command(build())
    return {
        DOCS / "schema.md": markdown(SCHEMA),
        DOCS / "schema.graphql": schema().as_str() + "\n",
        DOCS / "collectors.md": "\n".join([COLLECTORS, _discovery(), *map(_collector, collectors().values())]),
        DOCS / "questions.md": "\n".join([QUESTIONS, *map(_index, GROUPS)]),
        **{DOCS / "questions" / f"{group}.md": _page(group) for group in GROUPS},
        DOCS / "techniques.md": TECHNIQUES + "".join(f"{_technique(one)}\n" for one in techniques().values()),
        DOCS / "commands.md": "\n".join([COMMANDS, *_sections(root, click.Context(root, info_name="muniment"))]),
    }


def _discovery() -> str:
    return "\n".join(
        ["## Before any collector\n", "Who is calling, and which accounts and regions there are.\n", _calls(CALLS)]
    )


def _collector(collector: Collector) -> str:
    """A section for a collector."""
    asked = f" where it is asked for: `--also {collector.name}`" if collector.on_request else ""
    where = f"Read {PLACES[collector.level]}{',' if asked else ''}{asked}.\n"
    return "\n".join([f"## `{collector.name}`\n", collector.description, "", where, _calls(collector.calls)])


def _calls(calls: Iterable[Call]) -> str:
    rows = [
        f"| `{command((call.service, call.operation))}` | {_codes(call.actions)} | {_codes(call.absent)} |"
        for call in calls
    ]
    return "\n".join(["| call | permissions | none |", "| --- | --- | --- |", *rows, ""])


def _codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _technique(one: Technique) -> str:
    """A row for a technique."""
    allowed = "; ".join([f"`{action}` on {_resources(one, action)}" for action in one.allowed] + _either(one))
    services = (one.passed_to or one.trusts) if PASS_ROLE in one.allowed else ()
    trusts, passed = (" or ".join(f"`{service}`" for service in some) for some in (one.trusts, services))
    compute = [f"existing compute: {', '.join(f'`{kind}`' for kind in (*one.compute, *one.needs))}"]
    ready = [f"`{one.ready}` of it is true" + (f", or {one.otherwise}" if one.otherwise else "")] if one.ready else []
    only = [f"only a {one.only.lower()} can"] if one.only else []
    others = " or ".join(f"`{service}`" for service in one.or_passed_to)
    other = [f"or with another role that is passed to {others}"] if others else []
    other += [f"or with another role, if {one.or_unchecked}"] if one.or_unchecked else []
    beside = "; ".join([*(compute if one.compute or one.needs else ()), *other, *ready, *only, *one.given])
    cells = [one.name, allowed, trusts, passed, beside, f"[page]({one.documentation})"]
    named = f"[`{one.id}`]({one.reference}) | {catalogue()[one.id][0]}" if one.reference else f"`{one.id}` | none"
    return f"| {named} | {' | '.join(cells)} |"


def _either(one: Technique) -> list[str]:
    """The permissions of which a technique takes one, those on the same together."""
    by_resource: dict[str, list[str]] = {}
    for action, resources in one.either.items():
        by_resource.setdefault(" and ".join(map(_on, resources)), []).append(f"`{action}`")
    choices = (f"{', '.join(actions)} on {resource}" for resource, actions in by_resource.items())
    return [f"one of {'; or of '.join(choices)}"] if one.either else []


def _resources(one: Technique, action: str) -> str:
    """What an action of a technique is on."""
    key, chosen = one.told.get(action, ("", ""))
    told = f", with {_on(chosen)} as `{key}`" if key else ""
    if role := one.role_keys.get(action):
        told += f", with the role as `{role}`"
    return " and ".join(map(_on, one.allowed[action])) + told


def _on(resource: str) -> str:
    """A resource of a technique, in words or as the end of its ARN."""
    return RESOURCES.get(resource) or f"`{resource.split(':', 5)[5]}`"


@lru_cache(maxsize=1)
def samples() -> dict[str, dict[str, Any]]:
    """For each question, what it answers on the demo's organization: by its command, and by GraphQL."""
    found: dict[str, dict[str, Any]] = json.loads((DOCS / "samples.json").read_text(encoding="utf-8"))
    return {name: found.get(name, {"command": ["…"], "graphql": {}}) for name in questions()}


def _of(group: str) -> list[Question]:
    return [asked for _, asked in sorted(questions().items()) if asked.group == group]


def _index(group: str) -> str:
    """A section of the list of all questions."""
    rows = [
        f"| [{asked.id}](questions/{group}.md#{asked.id}) | {_plain(asked)} | {asked.severity or ''} |"
        for asked in _of(group)
    ]
    return "\n".join([f"## {GROUPS[group]}\n", "| id | question | a finding is |", "| --- | --- | --- |", *rows, ""])


def _page(group: str) -> str:
    return "\n".join([PAGE.format(title=GROUPS[group]), *map(_question, _of(group))])


def _plain(asked: Question) -> str:
    return "`" + asked.question.translate({ord("{"): "<", ord("}"): ">"}) + "`"


def _question(asked: Question) -> str:
    """A section for a question."""
    parts = [f"## {asked.id}\n", f"**{_plain(asked)}**\n", asked.documentation, ""]
    if asked.severity:
        parts += [f"A check; a finding is **{asked.severity}**. What to do: {asked.advice}", ""]
    if asked.references:
        parts += [f"Follows: {'; '.join(map(_reference, asked.references))}.", ""]
    rests_on = [*asked.collectors, *asked.analyses]
    parts += [f"Rests on: {', '.join(f'`{scope}`' for scope in rests_on)}.", ""] if rests_on else []
    typed = " ".join(shlex.quote(word) for word in ("muniment", *command_of(asked)))
    parts += ["```console", f"$ {typed}", *samples()[asked.id]["command"], "```", ""]
    parts += ["```graphql", by_graphql(asked), "```", "", *_answer(samples()[asked.id]["graphql"]), ""]
    if asked.parameters:
        parts += ["| parameter | meaning |", "| --- | --- |", *map(_parameter, asked.parameters.values()), ""]
    parts += ["| column | meaning |", "| --- | --- |"]
    return "\n".join([*parts, *(f"| `{column.name}` | {column.description} |" for column in asked.columns), ""])


def _answer(answer: dict[str, Any]) -> list[str]:
    """What GraphQL answers, to be unfolded."""
    return ["<details><summary>Its answer</summary>", "", "```json", _laid_out(answer), "```", "", "</details>"]


def _laid_out(value: Any, indent: int = 0, before: int = 0) -> str:
    """A value as JSON, on one line where that is not too long. ``before`` is what stands on the line already."""
    line = json.dumps(value, ensure_ascii=False)
    if indent + before + len(line) < WIDTH or not isinstance(value, dict | list) or not value:
        return line
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    names = [f"{json.dumps(name)}: " for name in value] if isinstance(value, dict) else ["" for _ in value]
    within = value.values() if isinstance(value, dict) else value
    inner = " " * (indent + 2)
    parts = [f"{inner}{name}{_laid_out(one, indent + 2, len(name))}" for name, one in zip(names, within, strict=True)]
    return "\n".join([opening, ",\n".join(parts), " " * indent + closing])


def _reference(reference: str) -> str:
    return f"<{reference}>" if reference.startswith("https:") else reference


def _parameter(parameter: Parameter) -> str:
    optional = f" Default: `{parameter.default}`." if parameter.default else " Optional."
    default = "" if parameter.default is None else optional
    return f"| `{parameter.name}` | {parameter.description}{default} |"


def _sections(command: click.Command, context: click.Context) -> Iterator[str]:
    """A section for a command, and one for each command below it."""
    if command.hidden:
        return
    yield f"## `{context.command_path}`\n"
    yield f"    {' '.join([context.command_path, *command.collect_usage_pieces(context)])}\n"
    yield (command.help or "").replace("\b\n", "").strip() + "\n"
    rows = [row for parameter in command.get_params(context) if (row := _row(parameter, context))]
    if rows:
        yield "\n".join(["| option | meaning |", "| --- | --- |", *rows, ""])
    for name, below in sorted(getattr(command, "commands", {}).items()):
        yield from _sections(below, click.Context(below, info_name=name, parent=context))


def _row(parameter: click.Parameter, context: click.Context) -> str | None:
    record = parameter.get_help_record(context)
    if record is None or "--help" in record[0]:
        return None
    return "| `{}` | {} |".format(*(" ".join(cell.split()).replace("|", "\\|") for cell in record))


if __name__ == "__main__":
    for path, text in documents().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
