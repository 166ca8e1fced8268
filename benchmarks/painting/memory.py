"""Measure one runner's memory over 2,000 photos of random sizes in 30 styles. Up to four minutes.

The photos come through the balancer, some at a time. Photos of one time have one size, so that they share
batches as in service. Most styles share the shipped base; some have a base of their own, and
one is a transformer-net. The memory is the resident set after each photo; its peak is the kernel's own, so
that no short peak is missed. One process paints all photos: `recycle_bytes` is 0, as a replacement would hide
a leak.
"""

from __future__ import annotations

import asyncio
import io
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.painting.subjects import FILE
from benchmarks.painting.variants import (
    Variant,
    on_its_own_base,
    on_the_shipped_base,
    publish,
    transformer_net,
)
from benchmarks.reporting.findings import Figure, Finding, Profile
from benchmarks.serving.served import REAL, Served, a_job, served

#: Photos, those of them that warm up, and how many are on their way at any time.
COUNT, WARM, SENDERS = 2000, 500, 8
#: Styles of each kind.
KINDS: tuple[tuple[Variant, int], ...] = (
    (on_the_shipped_base, 25),
    (on_its_own_base, 4),
    (transformer_net, 1),
)
#: Long sides of the photos, and those that they are asked for at, are between these, pixels: each as often
#: between 64 and 128 as between 512 and 1024. A photo is painted at the smaller of its two: at 170 as a rule,
#: at more than 1024 three in a hundred, and hardly two at one size.
SIDES, ASKED = (64, 2048), (64, 1600)
#: Short sides are at least this part of the long ones.
NARROWEST = 0.5
#: Targets: MB, and percent that the last quarter of the photos may lie above the second.
PEAK_TARGET, GROWTH_TARGET = 1000.0, 5.0
#: Photos of a line in the profile.
STEP = 250
SEED = 20261125


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Hold a runner's memory in MB: now, and the peak since its start."""

    resident: float
    peak: float


async def run() -> list[Finding]:
    """Paint all photos and report the memory."""
    async with served(REAL, recycle_bytes=0) as ours:
        styles = await asyncio.to_thread(_publish, ours)
        samples = await _paint(ours, styles)
    memory = [sample.resident for sample in samples]
    second, last = (statistics.median(part) for part in (memory[WARM : 2 * WARM], memory[-WARM:]))
    sizes = f"{SIDES[0]} to {SIDES[1]} pixels, painted at up to {ASKED[1]}"
    what = f"{COUNT} photos of {sizes}, in {len(styles)} styles"
    return [
        Figure(
            measure=f"the most memory of a runner, {what}",
            value=max(sample.peak for sample in samples),
            unit="MB",
            target=PEAK_TARGET,
            note="memory-peak",
        ),
        Figure(
            measure="its growth from the second quarter of them to the last",
            value=100 * (last / second - 1),
            unit="%",
            target=GROWTH_TARGET,
            note="memory-growth",
        ),
        _profile(samples),
    ]


def _publish(ours: Served) -> list[str]:
    """Publish the styles and return their names."""
    names: list[str] = []
    for write, count in KINDS:
        for number in range(count):
            names.append(f"style-{len(names)}")
            publish(ours.registry, names[-1], write, number)
    return names


async def _paint(ours: Served, styles: Sequence[str]) -> list[Sample]:
    """Take a sample after every photo."""
    random = np.random.default_rng(SEED)
    asked = [_side(random, ASKED) for _ in range(0, COUNT, SENDERS)]
    waiting, samples = iter(range(COUNT)), list[Sample]()
    (runner,) = (state.pid for state in ours.balancer.fleet.runners())

    async def send(sender: int) -> None:
        for number in waiting:  # all senders take from the same
            image = await asyncio.to_thread(_photo, int(random.integers(1 << 30)))
            size = asked[number // SENDERS]
            await ours.balancer.submit(a_job(image, random.choice(styles), f"sender{sender}", size=size))
            samples.append(_sample(runner))
            if len(samples) % STEP == 0:
                print(f"memory: {len(samples)} of {COUNT} photos, {samples[-1].resident:.0f} MB", flush=True)

    await asyncio.gather(*[send(sender) for sender in range(SENDERS)])
    return samples


def _side(random: np.random.Generator, sides: tuple[int, int]) -> int:
    """Return a random side between these, in pixels; each doubling is equally likely."""
    return int(np.exp(random.uniform(*np.log(sides))))


def _photo(seed: int) -> bytes:
    """Return a JPEG of a random size and shape."""
    random = np.random.default_rng(seed)
    long = _side(random, SIDES)
    size = [long, max(16, int(long * random.uniform(NARROWEST, 1)))]
    random.shuffle(size)
    out = io.BytesIO()
    _street().resize((size[0], size[1])).save(out, "JPEG", quality=85)
    return out.getvalue()


@cache
def _street() -> Image.Image:
    with Image.open(FILE) as whole:
        return whole.convert("RGB")


def _sample(pid: int | None) -> Sample:
    status = Path(f"/proc/{pid}/status").read_text()

    def megabytes(field: str) -> float:
        return int(status.split(f"{field}:")[1].split()[0]) * 1024 / 1e6

    return Sample(resident=megabytes("VmRSS"), peak=megabytes("VmHWM"))


def _profile(samples: Sequence[Sample]) -> Profile:
    parts = [samples[start : start + STEP] for start in range(0, len(samples), STEP)]
    return Profile(
        title="A runner's memory over 2,000 photos",
        headings=("photos", "after a photo, median, MB", "the most, MB"),
        rows=[
            [
                str(number * STEP),
                f"{statistics.median(sample.resident for sample in part):.0f}",
                f"{max(sample.peak for sample in part):.0f}",
            ]
            for number, part in enumerate(parts, 1)
        ],
    )
