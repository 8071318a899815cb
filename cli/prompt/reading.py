"""Entries from a terminal, with history, completion and colours; or from whatever standard input is."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from .completion import candidates
from .statements import entries, is_whole, split

if TYPE_CHECKING:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.completion import Completer

    from .commands import Session

PROMPT = "muniment> "
MORE = "      ... "
HISTORY = "shell_history"


def read(session: Session) -> Iterator[str]:
    """What is to be done, one entry after the other."""
    if not sys.stdin.isatty():
        yield from entries(sys.stdin)
    elif os.environ.get("TERM", "dumb") in ("", "dumb") or not sys.stdout.isatty():
        yield from entries(_typed())
    else:
        yield from _prompted(session)


def _typed() -> Iterator[str]:
    """Lines from a terminal that can do nothing; Ctrl-C there gives up the line."""
    while True:
        try:
            yield input(PROMPT)
        except KeyboardInterrupt:
            sys.stdout.write("\n")
        except EOFError:
            return


def _prompted(session: Session) -> Iterator[str]:
    prompt = _prompt(session)
    while True:
        try:
            text = prompt.prompt(PROMPT, prompt_continuation=MORE)
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
        if text.strip().startswith(":"):
            yield text.strip()
        else:
            yield from split(text)


def _prompt(session: Session) -> PromptSession[str]:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.history import FileHistory, InMemoryHistory
    from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
    from prompt_toolkit.lexers import PygmentsLexer
    from pygments.lexers.graph import CypherLexer

    keys = KeyBindings()

    @keys.add("enter")
    def _(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        if is_whole(buffer.text):
            buffer.validate_and_handle()
        else:
            buffer.insert_text("\n")

    file = history(session.settings.data_dir)
    return PromptSession(
        history=FileHistory(str(file)) if file else InMemoryHistory(),
        completer=_completer(session),
        complete_while_typing=False,
        lexer=None if "NO_COLOR" in os.environ else PygmentsLexer(CypherLexer),
        key_bindings=keys,
        multiline=True,
        mouse_support=False,
    )


def history(data_dir: Path) -> Path | None:
    """The file that keeps what was typed, for its owner's eyes only; None where it cannot be kept."""
    path = data_dir / HISTORY
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
        path.chmod(0o600)
    except OSError:
        return None
    return path


def _completer(session: Session) -> Completer:
    from prompt_toolkit.completion import CompleteEvent, Completer, Completion
    from prompt_toolkit.document import Document

    from .commands import COMMANDS

    class Words(Completer):
        def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:  # noqa: ARG002
            text = document.text_before_cursor
            for word, replaced in candidates(text, session.questions, session.parameters, COMMANDS):
                yield Completion(word, start_position=-replaced)

    return Words()
