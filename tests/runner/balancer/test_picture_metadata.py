"""What a painting says about itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from runner.balancer.balancer import Balancer
from runner.balancer.picture_metadata import credit, packet_of
from runner.balancer.render_plan import find
from runner.balancer.style_resolver import StyleResolver
from runner.config import BalancerConfig
from runner.protocol.messages import batch_to_frame, frame_to_batch
from styles.contract import StyleOptions, StyleSummary
from styles.errors import RegistryUnavailable
from tests.fakes.runner.fleet import ScriptedFleet, Shelf, a_job, a_style

SCREAM = StyleSummary(
    name="udnie", title="The Scream", artist="Edvard Munch", year="1893", aliases={"live": 1}
)


class Listed(Shelf):
    async def summaries(self, names: Sequence[str]) -> Sequence[StyleSummary]:
        return [SCREAM] if "udnie" in names else []


SHELF = Listed(a_style("mosaic"), a_style("udnie"))


async def packet(**fields: object) -> str:
    job = replace(a_job("1", b"photo"), **fields)  # type: ignore[arg-type]
    return await packet_of(job, await find(job, SHELF), SHELF)


@pytest.mark.parametrize("style", ["garden@private-0a1b2c", "udnie:0.5,garden@private-0a1b2c:0.5"])
async def test_a_private_style_is_named_in_no_picture(style: str) -> None:
    plan = await find(replace(a_job("1", b"photo"), style="udnie"), SHELF)
    xmp = await packet_of(replace(a_job("1", b"photo"), style=style), plan, SHELF)
    assert "painting:Strength" in xmp
    assert "garden" not in xmp
    assert "private-" not in xmp


async def test_a_packet_has_the_recipe_and_the_credit() -> None:
    xmp = await packet(style="udnie", options=StyleOptions(strength=0.6, keep_colors=True, size=2048))
    for piece in (
        *('painting:Style="udnie"', 'painting:Strength="0.6"', 'painting:Size="2048"'),
        *('painting:KeepColors="true"', "In the style of The Scream by Edvard Munch (1893)"),
        *("compositeWithTrainedAlgorithmicMedia",),
    ):
        assert piece in xmp


async def test_a_blend_and_a_sheet_have_one_too() -> None:
    assert 'painting:Style="mosaic:0.5,udnie:0.5"' in await packet(style="mosaic:0.5,udnie:0.5")
    sheet = await packet(style="", sheet=True)
    assert "painting:Style" not in sheet
    assert "Edvard Munch" in sheet


def test_a_credit_names_what_is_known() -> None:
    assert credit([]) == ""
    plain = StyleSummary(name="mosaic", title="", aliases={})
    assert credit([plain, SCREAM]) == "In the style of mosaic; The Scream by Edvard Munch (1893)"


@pytest.mark.parametrize("is_on", [True, False])
async def test_a_runner_gets_the_packet_unless_it_is_switched_off(is_on: bool) -> None:
    fleet = ScriptedFleet()
    balancer = Balancer(fleet, SHELF, BalancerConfig(), mark_paintings=is_on)
    await balancer.startup()
    await balancer.submit(replace(a_job("1", b"photo"), style="udnie"))
    ((_, (task,)),) = fleet.batches
    assert bool(task.xmp) is is_on
    assert frame_to_batch(batch_to_frame([task])) == [task]
    await balancer.shutdown()


async def test_without_a_registry_there_is_no_credit() -> None:
    class Away:
        async def styles(self) -> list[StyleSummary]:
            raise RegistryUnavailable("away")

    resolver = StyleResolver(Away())  # type: ignore[arg-type]
    assert await resolver.summaries(["udnie"]) == []


async def test_the_list_is_asked_once() -> None:
    class Counting:
        asked = 0

        async def styles(self) -> list[StyleSummary]:
            self.asked += 1
            return [SCREAM]

    registry = Counting()
    resolver = StyleResolver(registry)  # type: ignore[arg-type]
    for _ in range(3):
        assert await resolver.summaries(["udnie"]) == [SCREAM]
    assert registry.asked == 1
