"""The server around the application: one process, one event loop, and threads that wait for the database."""

from __future__ import annotations

import gc

import uvicorn
from fastapi import FastAPI

GRACE_SECONDS = 20
"""How long requests that are under way may take when the server is told to stop."""
_YOUNG = 20_000


def server(app: FastAPI, host: str, port: int) -> uvicorn.Server:
    """A server of the application; ``run`` it, until Ctrl-C or SIGTERM."""
    return uvicorn.Server(
        uvicorn.Config(
            app,
            host=host,
            port=port,
            loop="auto",
            http="auto",
            log_level="warning",
            access_log=False,
            server_header=False,
            date_header=True,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
    )


def settle() -> None:
    """Have the garbage collector leave alone what is there for good, and look less often at what comes and goes.

    An answer is made of thousands of small objects and leaves no circles behind; looking for them among the hundred
    thousand of the schema takes as long as a query.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, 20, 20)
