"""Build the registry's process, run it until a signal, and take it down."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from aiohttp import web

from registry.balancers.proof_painter import ProofPainter
from registry.balancers.usage_reader import UsageReader
from registry.config import BOT_TOKEN, TOKEN, RegistryConfigFile
from registry.gallery.bot_chats import bot_chats
from registry.gallery.thumbnail_maker import Make, ThumbnailMaker, make_thumbnails
from registry.http.admin.people import PeopleApi
from registry.http.admin.proofs import ProofsApi
from registry.http.auth import Authenticator
from registry.http.form_check import FormCheck
from registry.http.learning.balancer_client import BalancerLearner
from registry.http.learning.job_publisher import JobPublisher
from registry.http.learning.routes import LearningApi
from registry.http.metrics import RegistryMetrics
from registry.http.pages.admin_pages import AdminPages
from registry.http.pages.error_pages import error_pages
from registry.http.pages.gallery_page import GalleryPage
from registry.http.pages.learning_page import LearningPage
from registry.http.pages.style_and_login_pages import Pages
from registry.http.problems import problems
from registry.http.publish import PublishHandler
from registry.http.routes import ASK_FIRST, Api
from registry.http.tryout import Tryout
from registry.store.events import EventFeed
from registry.store.store import Store
from registry.validation.pool import ValidationPool
from styles.formats import style_file
from styles.service.asyncio_tasks import cancel, start, stop_requested
from styles.service.config import http_url
from styles.service.http.compression import compressed
from styles.service.http.cross_site import CrossSite
from styles.service.http.server import HardenedRunner

log = logging.getLogger(__name__)

#: Most bytes of a body in memory: a login, a version's number. Files go to the disk.
LARGEST_BODY = 64 * 1024
#: What runs beside the requests until the end, by name.
Loops = Mapping[str, Callable[[], Coroutine[Any, Any, None]]]
#: Seconds for responses in progress at a signal. Long polls are answered at once.
CLOSING_SECONDS = 5.0


def create_app(
    config: RegistryConfigFile,
    builtin: Path = style_file.BUILTIN,
    *,
    token: str = "",
    bot_token: str = "",
    validator: ValidationPool | None = None,
    make: Make = make_thumbnails,
) -> web.Application:
    """Build the registry over its folder. At its start it publishes new styles below `builtin`.

    `token` may write, besides the store's tokens, and `bot_token` mails proofs. `validator` checks uploads,
    and `make` makes thumbnails, by default each in a process of its own. The application closes the store at
    its cleanup. Raises like `Store`.
    """
    store = Store(config.registry.location, default=config.styles.default)
    feed, metrics = EventFeed(store.changes, store.database.poll_seconds), RegistryMetrics()
    loops = _loops(config, store, feed, make)
    pool = validator or ValidationPool(config.registry.data / "trials")
    authenticator = Authenticator(store, token, bot_token, proxied=config.registry.proxied)
    pages = Pages(
        store,
        authenticator=authenticator,
        address=config.mail.address,
        default_style=config.styles.default,
        chats=partial(bot_chats, config.telegram, config.sms),
    )
    middlewares = [metrics.middleware, compressed, error_pages(pages), problems]
    app = web.Application(middlewares=middlewares, client_max_size=LARGEST_BODY)
    CrossSite(config.registry.cors_origins).guard(app)
    app.add_routes(Api(store, feed, metrics, authenticator).routes())
    app.add_routes(FormCheck(store, authenticator).routes())
    app.add_routes(PeopleApi(store, authenticator).routes())
    app.add_routes(ProofsApi(store, authenticator).routes())
    publisher = PublishHandler(store, authenticator, pool, metrics, config.registry.max_upload_bytes)
    app.add_routes(publisher.routes())
    learner = BalancerLearner(config.balancer.all_urls[0])  # a job stays with its balancer
    job_publisher = JobPublisher(store, publisher, learner, config.registry.learnt)
    app.add_routes(LearningApi(store, authenticator, learner, job_publisher).routes())
    app.add_routes(authenticator.routes())
    app.add_routes(Tryout(config.balancer.url, proxied=config.registry.proxied).routes())
    app.add_routes(GalleryPage(store, pages, config.styles.default).routes())
    app.add_routes(pages.routes())
    app.add_routes(LearningPage(authenticator, store, pages).routes())
    app.add_routes(AdminPages(store, authenticator, pages).routes())

    async def end_requests(app: web.Application) -> None:
        """End long polls and publications: the server waits for requests that are under way."""
        feed.close()
        await job_publisher.shutdown()

    seed = partial(_seed, store, token, builtin)
    app.cleanup_ctx.append(lambda _: _lifetime(store, seed, loops, pool, job_publisher))
    app.on_shutdown.append(end_requests)
    app.on_response_prepare.append(_set_security_headers)
    return app


def _loops(config: RegistryConfigFile, store: Store, feed: EventFeed, make: Make) -> Loops:
    """Return the work beside the requests. Each change of the store wakes it, and `feed`."""
    painter = ProofPainter(store, config.balancer.url)
    maker = ThumbnailMaker(store, make)
    reader = UsageReader(store, config.balancer.all_urls)

    def changed() -> None:
        feed.wake()
        painter.wake()
        maker.wake()

    store.database.after_write = changed
    return {
        "listening for events": partial(store.database.watch, changed),
        "painting proofs": painter.run,
        "making thumbnails": maker.run,
        "counting paintings": reader.run,
    }


def _seed(store: Store, token: str, builtin: Path) -> None:
    store.sessions.begin(token)
    store.seed(style_file.shipped(builtin))


async def _lifetime(
    store: Store, seed: Callable[[], None], loops: Loops, pool: ValidationPool, job_publisher: JobPublisher
) -> AsyncIterator[None]:
    """Seed the store and start the loops and the pool; at the end stop them all, and close the store last."""
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(asyncio.to_thread, store.close)
        await asyncio.to_thread(seed)
        for name, run in loops.items():
            stack.push_async_callback(cancel, start(run(), name))
        stack.push_async_callback(pool.shutdown)
        await pool.startup()
        stack.push_async_callback(job_publisher.shutdown)
        yield


async def _set_security_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Set the security headers that every response has."""
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers.setdefault("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
    response.headers.setdefault("Cache-Control", ASK_FIRST)


@contextlib.asynccontextmanager
async def running(
    config: RegistryConfigFile,
    builtin: Path = style_file.BUILTIN,
    *,
    token: str = "",
    bot_token: str = "",
    validator: ValidationPool | None = None,
) -> AsyncIterator[str]:
    """Run a registry that listens, and yield its URL."""
    server = HardenedRunner(
        create_app(config, builtin, token=token, bot_token=bot_token, validator=validator),
        handler_cancellation=True,  # a disconnect ends its long poll
        shutdown_timeout=CLOSING_SECONDS,
    )
    await server.setup()
    try:
        await web.TCPSite(server, config.registry.host, config.registry.port).start()
        host, port = server.addresses[0][:2]
        yield http_url(host, port)
    finally:
        await server.cleanup()


async def serve(config: RegistryConfigFile, builtin: Path = style_file.BUILTIN) -> None:
    """Serve until SIGTERM or SIGINT."""
    os.umask(0o077)  # the database holds people's names, and what only hashes keep from being tokens
    # No child process may have them.
    token, bot_token = os.environ.pop(TOKEN, ""), os.environ.pop(BOT_TOKEN, "")
    stop = stop_requested()
    async with running(config, builtin, token=token, bot_token=bot_token) as url:
        log.info("listening on %s", url)
        await stop.wait()
    log.info("stopped")
