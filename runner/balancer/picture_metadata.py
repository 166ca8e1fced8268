"""Say in each painting how it was painted, and that a machine painted it: its XMP packet.

Runners know digests and no names. So the balancer writes the packet, and the runner puts it into the picture.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from runner.balancer.render_plan import RenderPlan, Resolver
from styles.contract import PRIVATE, PaintingRecipe, StyleJob, StyleSummary
from styles.imaging.xmp import packet


async def packet_of(job: StyleJob, plan: RenderPlan, resolver: Resolver) -> str:
    """Return the XMP packet for the picture of a job; it names no style where one is private."""
    recipe = PaintingRecipe.of(job, plan.version)
    if f"@{PRIVATE}" in recipe.style:
        recipe = replace(recipe, style="", version=0)
    return packet(recipe, credit(await resolver.summaries(plan.names)))


def credit(styles: Iterable[StyleSummary]) -> str:
    """Return the credit line: "In the style of The Scream by Edvard Munch (1893)"; "" for no style."""
    described = [
        f"{style.title or style.name}"
        f"{style.artist and f' by {style.artist}'}{style.year and f' ({style.year})'}"
        for style in styles
    ]
    return f"In the style of {'; '.join(described)}" if described else ""
