"""Time one 1024-pixel photo, JPEG to JPEG: this engine and its peers, in turns. About a minute."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
import torch

from benchmarks.painting.peers import PEERS, Peer
from benchmarks.painting.subjects import PHOTO, Paint, ours, photo
from benchmarks.painting.turns import in_turns
from benchmarks.reporting.findings import Missing, ReportLine, Row, times_faster
from styles.imaging.codec import decode
from styles.service.cgroup import cores

#: Turns that count.
COUNT = 9
#: Mean difference, in levels of 255, that bfloat16 may make between two pictures of the same network.
MOST_DIFFERENT = 4.0


async def run() -> list[ReportLine]:
    """Measure each peer in a row of its own, all in the same turns."""
    torch.set_num_threads(cores())
    made = {peer.name: _made(peer) for peer in PEERS}
    running: dict[str, Paint] = {"ours": ours()}
    running |= {name: paint for name, paint in made.items() if not isinstance(paint, Missing)}
    _check(running)
    times = in_turns({name: partial(paint, photo()) for name, paint in running.items()}, COUNT)
    missing = [line for line in made.values() if isinstance(line, Missing)]
    return [*_rows(times), *missing]


def _made(peer: Peer) -> Paint | Missing:
    """Return the peer, ready to paint; or why it is missing here."""
    try:
        paint = peer.make()
        paint(photo())
    except Exception as error:
        why = f"{type(error).__name__}: {error}".splitlines()[0]
        target = times_faster(peer.faster) if peer.faster else ""
        return Missing(measure=f"{PHOTO}, against {peer.name}", why=why, target=target)
    return paint


def _check(running: dict[str, Paint]) -> None:
    """Assert that peers with the same network paint the same picture."""
    wanted = decode(running["ours"](photo())).astype(np.int16)
    for peer in PEERS:
        if peer.ours and peer.name in running:
            different = np.abs(decode(running[peer.name](photo())) - wanted).mean()
            assert different < MOST_DIFFERENT, f"{peer.name} paints something else: {different:.1f} levels"


def _rows(times: dict[str, list[float]]) -> Iterator[ReportLine]:
    for peer in PEERS:
        if peer.name in times:
            yield Row(
                measure=PHOTO,
                seconds=times["ours"],
                against=peer.name,
                against_seconds=times[peer.name],
                faster=peer.faster,
                note=peer.note,
            )
