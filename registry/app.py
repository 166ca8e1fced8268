"""The registry's process: everything is built here, run until a signal comes, and taken down again."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import AsyncIterator
from pathlib import Path

from aiohttp import web

from registry.api import ASK_FIRST, Api
from registry.config import Config
from registry.events import EventFeed
from registry.problems import problems
from registry.store import Store
from registry.web import Pages
from styles import checkpoint

log = logging.getLogger(__name__)

#: Nothing can be uploaded yet, so no request has a body worth reading, bytes.
LARGEST_BODY = 64 * 1024
#: For answers that are still being sent when a signal comes, seconds; long polls are answered at once.
CLOSING_SECONDS = 5.0


def create_app(config: Config, builtin: Path = checkpoint.BUILTIN) -> web.Application:
    """The registry over its folder; as it starts, it publishes the styles below `builtin` that are new.

    Opens the store, which the application closes when it is cleaned up. Raises OSError or sqlite3.Error
    for a folder that cannot be used.
    """
    store = Store(config.registry.data)
    feed = EventFeed(store.changes)
    pages = Pages(store, address=config.mail.address, default_style=config.styles.default)
    app = web.Application(middlewares=[problems], client_max_size=LARGEST_BODY)
    app.add_routes([*Api(store, feed).routes(), *pages.routes()])

    async def seed_then_close(app: web.Application) -> AsyncIterator[None]:
        try:
            await asyncio.to_thread(lambda: store.seed(checkpoint.shipped(builtin)))
            yield
        finally:
            await asyncio.to_thread(store.close)

    async def answer_the_waiting(app: web.Application) -> None:
        feed.close()

    app.cleanup_ctx.append(seed_then_close)
    app.on_shutdown.append(answer_the_waiting)
    app.on_response_prepare.append(_guard)
    return app


async def _guard(request: web.Request, response: web.StreamResponse) -> None:
    """What every answer says: believe the media type, run nothing, tell nobody where you come from."""
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers.setdefault("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
    response.headers.setdefault("Cache-Control", ASK_FIRST)


@contextlib.asynccontextmanager
async def running(config: Config, builtin: Path = checkpoint.BUILTIN) -> AsyncIterator[str]:
    """A registry that listens; gives its URL."""
    server = web.AppRunner(
        create_app(config, builtin),
        handler_cancellation=True,  # nobody waits for events on behalf of who has hung up
        shutdown_timeout=CLOSING_SECONDS,
        access_log=None,
    )
    await server.setup()
    try:
        await web.TCPSite(server, config.registry.host, config.registry.port).start()
        host, port = server.addresses[0][:2]
        yield f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    finally:
        await server.cleanup()


async def serve(config: Config, builtin: Path = checkpoint.BUILTIN) -> None:
    """Runs until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with running(config, builtin) as url:
        log.info("listening on %s", url)
        await stop.wait()
    log.info("ended")
