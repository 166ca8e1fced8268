"""Show how far a run is: a bar in a terminal, plain lines elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from styles.service.command_line import say
from styles.training.recipe import Progress as TrainingProgress

#: What the bar says besides.
COLUMNS = (
    TextColumn("{task.percentage:5.1f} %  {task.fields[doing]}  {task.fields[losses]}"),
    TextColumn("{task.fields[left]}"),
)
#: Losses that are shown, if a run has them: a line has no room for all.
SHOWN = ("total", "content", "style", "palette", "light")
#: Seconds between two plain lines of one phase.
PLAIN_SECONDS = 5.0
#: Longest time left that is shown, seconds: a day less one second.
MOST_LEFT = 86_399

ReportProgress = Callable[[TrainingProgress], None]


@contextmanager
def display(console: Console) -> Iterator[ReportProgress]:
    """Give the function to report progress to, for as long as the context lasts."""
    if not console.is_terminal:
        yield plain_lines(lambda line: say(console, line))
        return
    with Progress(BarColumn(), *COLUMNS, console=console) as bar:
        task = bar.add_task("", total=1.0, doing="", losses="", left="")

        def report(progress: TrainingProgress) -> None:
            doing, losses, left = words(progress)
            bar.update(task, completed=progress.share, doing=doing, losses=losses, left=left)

        yield report


def plain_lines(write: Callable[[str], None], clock: Callable[[], float] = time.monotonic) -> ReportProgress:
    """Return a function that writes a line for each new phase, and every `PLAIN_SECONDS` within one."""
    last = ("", -PLAIN_SECONDS)

    def report(progress: TrainingProgress) -> None:
        nonlocal last
        now = clock()
        if progress.doing != last[0] or now - last[1] >= PLAIN_SECONDS:
            last = progress.doing, now
            doing, losses, left = words(progress)
            write("  ".join(filter(None, (f"{progress.share:4.0%}", doing, losses, left))))

    return report


def words(progress: TrainingProgress) -> tuple[str, str, str]:
    """Return the phase with its step, the losses, and the time left, each empty where there is none."""
    if progress.doing != "training":
        return progress.doing, "", ""
    losses = "  ".join(f"{key} {progress.losses[key]:.3f}" for key in SHOWN if key in progress.losses)
    dropped = f"  {progress.dropped} steps dropped" if progress.dropped else ""
    left = time.strftime("%H:%M:%S left", time.gmtime(min(progress.seconds_left, MOST_LEFT)))
    return f"training, step {progress.step}", losses + dropped, left
