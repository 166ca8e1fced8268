"""Send photos while runners are killed, and judge every answer. Ten minutes.

The rules: every photo is painted or refused with a reason that can be true; none is lost, none painted as
another or in another's style; what kills is never painted, and refused at once when it comes again; in the
end the queue is empty, all runners are up, and the balancer ends cleanly and leaves no process behind. Nor is
too much refused: almost every harmless photo is painted in the end, though its sender may have to come again;
only one that was in the hands of two runners that were killed is not.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.reporting.findings import Figure, Finding, Profile, Row
from benchmarks.reporting.progress import progress
from benchmarks.soak.chaos import EVERY, Blows, strike
from benchmarks.soak.clients import HARMLESS, Crowd
from benchmarks.soak.counts import Counts, Fate
from benchmarks.soak.photos import Pool, Truths
from benchmarks.soak.system import System

#: Clients, and photos among them: more, so that one is always free.
CLIENTS, PHOTOS = 32, 48
#: How long it goes on when nobody says otherwise, and the seed of all that is at random in it.
MINUTES, SEED = 10.0, 6
#: Percent of the harmless photos that may be refused as unpaintable, and that are to be painted in the end:
#: now and then a blow meets a runner that paints a photo which was with another as that was killed.
UNPAINTABLE, PAINTED = 1.0, 98.0
HEADINGS = ("kind", "sent", *Fate, "refused because")


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Hold what happened."""

    minutes: float
    every: float  #: seconds between two blows
    counts: Counts
    blows: Blows
    restarts: int
    caught: int  #: photos that a runner died with, each time
    memory: tuple[int, int]  #: of the balancer, after a tenth of the time and at the end, bytes
    exit_status: int
    left_behind: Sequence[int]  #: runner processes that outlived the balancer
    faults: Sequence[str]  #: lines of the log that tell of faults in the balancer


async def run(minutes: float = MINUTES, every: float = EVERY) -> list[Finding]:
    """Run the soak for these minutes, with a blow to a runner at this interval in seconds."""
    return report(await story(minutes, every))


async def story(minutes: float, every: float) -> Story:
    """Run the soak. Raises TimeoutError if the balancer does not come to rest."""
    pool = Pool(PHOTOS)
    truths = await asyncio.to_thread(Truths, pool.photos)
    with tempfile.TemporaryDirectory() as folder:
        async with System(Path(folder)) as system:
            crowd = Crowd(system.url, pool, truths, SEED)
            sending = asyncio.create_task(crowd.run(CLIENTS))
            striking = asyncio.create_task(strike(system, crowd.stopping, SEED, every))
            await _wait(minutes * 6, sending, striking)
            early = system.balancer_memory
            await _wait(minutes * 54, sending, striking)
            crowd.stopping.set()
            blows, _ = await asyncio.gather(striking, sending)
            status = await system.settled()
            return Story(
                minutes=minutes,
                every=every,
                counts=crowd.counts,
                blows=blows,
                restarts=sum(runner["restarts"] for runner in status["runners"]),
                caught=system.caught(),
                memory=(early, system.balancer_memory),
                exit_status=await system.stop_balancer(),
                left_behind=system.left_behind(),
                faults=system.faults(),
            )


async def _wait(seconds: float, *tasks: asyncio.Task[Any]) -> None:
    """Wait for these seconds, or until a task fails, whose error is raised."""
    loop = asyncio.get_running_loop()
    until, done = loop.time() + seconds, set[asyncio.Task[Any]]()
    while not done and (left := until - loop.time()) > 0:
        progress(f"{left:.0f} s left of {seconds:.0f}")
        done, _ = await asyncio.wait(tasks, timeout=min(left, 1), return_when=asyncio.FIRST_COMPLETED)
    for task in done:
        task.result()


def report(story: Story) -> list[Finding]:
    """Report what must be zero first, then all counts, and the table of all kinds."""
    lines: list[Finding] = [*_rules(story), *_figures(story)]
    lines.append(
        Profile(title="What became of every photo of the soak", headings=HEADINGS, rows=story.counts.rows())
    )
    if broken := [[what] for what in (*story.counts.broken, *story.faults)]:
        lines.append(Profile(title="Rules that the soak saw broken", headings=("what",), rows=broken))
    return lines


def _rules(story: Story) -> list[Figure]:
    counts = story.counts
    found = {
        "photos lost: neither a picture nor a reason": counts.total(Fate.LOST),
        "pictures of another photo or in another style": counts.total(Fate.WRONG),
        "refusals for what cannot be, and harmful photos painted": counts.total(Fate.UNDUE),
        "runner processes left behind": len(story.left_behind),
        "faults in the balancer's log": len(story.faults),
        "exit status of the balancer": abs(story.exit_status),
    }
    return [
        *[Figure(measure=m, value=v, unit="", target=0, note="soak") for m, v in found.items()],
        *_shares(counts),
    ]


def _shares(counts: Counts) -> list[Figure]:
    """Return the share of the harmless photos whose senders stayed."""
    sent = counts.total(kinds=HARMLESS) - counts.total(Fate.LEFT, kinds=HARMLESS)
    painted, unpaintable = counts.total(Fate.PAINTED, kinds=HARMLESS), counts.refused("Unpaintable", HARMLESS)
    return [
        Figure(
            measure="harmless photos painted in the end",
            value=100 * painted / max(1, sent),
            unit="%",
            at_least=PAINTED,
            note="soak",
        ),
        Figure(
            measure="harmless photos refused as unpaintable: two runners that held them were killed",
            value=100 * unpaintable / max(1, sent),
            unit="%",
            target=UNPAINTABLE,
            note="soak",
        ),
    ]


def _figures(story: Story) -> list[Finding]:
    counts, blows, seconds = story.counts, story.blows, sorted(story.counts.seconds)
    found = {
        f"photos sent in {story.minutes:g} minutes by {CLIENTS} clients": counts.total(),
        "painted, each the right one": counts.total(Fate.PAINTED),
        "refused with a reason": counts.total(Fate.REFUSED),
        "refused for now, and sent again by who obeyed": counts.again,
        "in the hands of a runner that died, and painted once more": story.caught,
        "whose sender left": counts.total(Fate.LEFT),
        f"runners killed, one in {story.every:g} s": blows.killed,
        "runners stopped, so that they hang": blows.stopped,
        "runners started again, after harmful photos too": story.restarts,
        "rolling restarts of all of them": blows.restarted,
    }
    return [
        *[Figure(measure=measure, value=value, unit="") for measure, value in found.items()],
        Row(measure="from a photo to its picture", seconds=seconds),
        Row(measure="the slowest of a hundred", seconds=seconds[-max(1, len(seconds) // 100) :]),
        Figure(
            measure="the balancer's memory at the end",
            value=story.memory[1] / 1e6,
            unit="MB",
            against="after a tenth of the time",
            against_value=story.memory[0] / 1e6,
        ),
    ]
