"""Let the author of private styles, and nobody else, ask for them by their names.

The registry lists such a style for nobody, and tells the bot alone the secret alias of its version.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace

from mailbot.intents.jobs import with_versions
from mailbot.intents.names.catalogue import Catalogue
from registry.client import LearningClient
from styles.contract import PRIVATE, StyleJob, StyleSummary
from styles.errors import PainterError

log = logging.getLogger(__name__)


async def with_private(
    client: LearningClient, styles: Sequence[StyleSummary], author: str
) -> Sequence[StyleSummary]:
    """Return the styles with those that are the author's alone; without them while the registry is away.

    Where others get an older version of a style, its author gets their own.
    """
    try:
        found = await client.styles_of(author)
    except PainterError as error:
        log.warning("the styles of an author are not known: %s", type(error).__name__)
        return styles
    own = {style.name: style for style in found if style.ref.startswith(PRIVATE)}
    if not own:
        return styles
    listed = {style.name: style for style in styles}
    for each in own.values():
        summary = listed.get(each.name) or StyleSummary(name=each.name, title=each.title, aliases={})
        listed[each.name] = replace(summary, aliases={each.ref: each.version})
    styles = tuple(listed.values())
    await asyncio.to_thread(Catalogue.of, styles)
    return styles


def private_among(styles: Sequence[StyleSummary]) -> dict[str, str]:
    """Return the secret aliases of the private ones by name."""
    aliases = ((style.name, alias) for style in styles for alias in style.aliases)
    return {name: alias for name, alias in aliases if alias.startswith(PRIVATE)}


def own_among(styles: Sequence[StyleSummary]) -> tuple[StyleSummary, ...]:
    """Return the private ones as they are listed for their author, without their secret aliases."""
    secrets = private_among(styles)
    return tuple(replace(style, aliases={}) for style in styles if style.name in secrets)


def with_aliases(jobs: Sequence[StyleJob], secrets: dict[str, str]) -> tuple[StyleJob, ...]:
    """Return the jobs as the balancer can paint them, with the secret aliases of private styles."""
    return tuple(with_versions(job, secrets) for job in jobs)
