"""What a style, a blend and a sheet mean, and what cannot be."""

from __future__ import annotations

import pytest

from runner.balancer.render_plan import MAX_SHEET, SHEET, RenderPlan, find
from runner.protocol.messages import Label, StyleShare
from styles.contract import MAX_BLEND, ResolvedStyle
from styles.errors import BadOption, RegistryUnavailable, UnknownStyle
from tests.fakes.runner.fleet import Shelf, a_job, a_style

SHELF = [a_style("wave", version=3), a_style("night", version=2), a_style("cubist", base="other")]


def alone(name: str) -> ResolvedStyle:
    """A style with a network of its own."""
    return a_style(name, base=f"sha256:{name}-1")


async def meant(style: str, *more: ResolvedStyle) -> RenderPlan:
    return await find(a_job(style=style), Shelf(*SHELF, *more))


async def test_a_style_is_its_digest() -> None:
    assert await meant("wave") == RenderPlan(
        parts=(StyleShare(digest="sha256:wave-3"),), base="base", version=3, names=("wave",)
    )


async def test_a_blend_is_digests_with_shares() -> None:
    plan = await meant("wave:3, Night:1")
    night, wave = (
        StyleShare(digest="sha256:night-2", share=0.25),
        StyleShare(digest="sha256:wave-3", share=0.75),
    )
    assert plan == RenderPlan(
        parts=(night, wave), base="base", version=3, names=("wave", "night")
    )  # by name; the version of the first
    assert plan.digests == {"sha256:wave-3", "sha256:night-2"}
    assert (plan.sheet, plan.pictures) == (False, 1)


@pytest.mark.parametrize("text", ["wave:0.5", "wave:1", "Wave:60"])
async def test_a_blend_of_one_is_the_style(text: str) -> None:
    assert await meant(text) == await meant("wave")


async def test_a_network_of_its_own_is_a_blend_of_one() -> None:
    assert (await meant("candy:1", alone("candy"))).base == "sha256:candy-1"


async def test_a_blend_over_several_bases_shares_batches_with_its_like() -> None:
    plan = await meant("wave,cubist,night")
    assert plan.base == "base+other"
    assert plan == await meant("wave,night,cubist")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("wave,candy", "candy has a network of its own"),
        ("candy,wave", "candy has a network of its own"),
        ("wave,wave:2", "names wave twice"),
        ("wave:x,night", "weight of wave"),
        (",".join("abcde"), "may have 4 styles, and this one has 5"),
    ],
)
async def test_what_cannot_be_blended_is_told(text: str, reason: str) -> None:
    with pytest.raises(BadOption, match=reason):
        await meant(text, alone("candy"))


@pytest.mark.parametrize(("text", "name"), [("wave,x,y", "x"), ("y:2,wave", "y"), ("x:1", "x")])
async def test_the_part_that_is_unknown_is_named(text: str, name: str) -> None:
    with pytest.raises(UnknownStyle) as caught:
        await meant(text)
    assert caught.value.name == name
    assert caught.value.known == ("cubist", "night", "wave")


async def test_as_many_as_a_blend_may_have() -> None:
    names = [f"s{n}" for n in range(MAX_BLEND)]
    assert len((await meant(",".join(names), *map(a_style, names))).parts) == MAX_BLEND


async def test_a_sheet_is_every_style_with_its_label() -> None:
    plan = await find(a_job(style="", sheet=True), Shelf(*SHELF, alone("candy")))
    assert (plan.base, plan.version, plan.sheet, plan.pictures) == (SHEET, 0, True, 4)
    assert plan.parts[0] == StyleShare(digest="sha256:wave-3", label=Label(name="wave", title="Wave"))
    assert [part.label.name for part in plan.parts] == ["wave", "night", "cubist", "candy"]


async def test_a_sheet_has_the_first_of_very_many() -> None:
    shelf = Shelf(*[a_style(f"s{n}") for n in range(MAX_SHEET + 5)])
    plan = await find(a_job(style="", sheet=True), shelf)
    assert [part.label.name for part in plan.parts] == [f"s{n}" for n in range(MAX_SHEET)]


class Retiring(Shelf):
    """One of its styles is retired between the list and the question."""

    async def resolve(self, name: str) -> ResolvedStyle:
        if name == "night":
            raise UnknownStyle(name)
        return await super().resolve(name)


class Dark(Shelf):
    """Its list can be had, and nothing else."""

    async def resolve(self, name: str) -> ResolvedStyle:
        raise RegistryUnavailable("told so")


async def test_what_is_retired_meanwhile_is_left_out() -> None:
    plan = await find(a_job(style="", sheet=True), Retiring(*SHELF))
    assert [part.label.name for part in plan.parts] == ["wave", "cubist"]
    with pytest.raises(BadOption, match="no style yet"):
        await find(a_job(style="", sheet=True), Retiring(a_style("night")))


async def test_a_registry_that_is_away_is_no_empty_one() -> None:
    with pytest.raises(RegistryUnavailable):
        await find(a_job(style="", sheet=True), Dark(*SHELF))
