"""Hold a running server to its OpenAPI document, by what schemathesis makes up."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from typing import Any

from hypothesis.errors import HypothesisWarning
from schemathesis.engine import events, from_schema


@contextmanager
def served_in_a_thread(serving: Callable[[], AbstractAsyncContextManager[str]]) -> Iterator[str]:
    """The URL of a server in a thread of its own: who calls it knows nothing of asyncio."""
    listening: list[str] = []
    ready, loop, stop = threading.Event(), asyncio.new_event_loop(), asyncio.Event()

    async def serve() -> None:
        try:
            async with serving() as url:
                listening.append(url)
                ready.set()
                await stop.wait()
        finally:
            ready.set()

    thread = threading.Thread(target=loop.run_until_complete, args=[serve()])
    thread.start()
    try:
        assert ready.wait(30)
        yield listening[0]
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(30)
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()


def operations(document: dict[str, Any]) -> set[str]:
    """Method and path of everything that a document tells of."""
    paths = document["paths"]
    return {f"{m.upper()} {path}" for path, item in paths.items() for m in item if m != "parameters"}


def complaints(schema: Any) -> tuple[list[str], set[str]]:
    """What the server does that its document does not say, and the operations that went well once."""
    wrong: list[str] = []
    went_well: set[str] = set()
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            answers = [call.response for call in event.recorder.interactions.values() if call.response]
            went_well |= {str(event.label)} if any(answer.status_code < 400 for answer in answers) else set()
            checks = [check for checks in event.recorder.checks.values() for check in checks]
            wrong += [f"{event.label}: {check.failure_info}" for check in checks if check.failure_info]
        elif isinstance(event, events.NonFatalError) and isinstance(event.value, HypothesisWarning):
            continue  # about the length of what was made up
        elif isinstance(event, events.NonFatalError | events.FatalError):
            wrong.append(repr(event))
    return wrong, went_well
