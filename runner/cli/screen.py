"""Draw one frame of `runner top`: the queue, the pace, the runners and the failures of a balancer.

From `WIDE` columns on, pace and times stand side by side, and a line has space for the styles of a runner. A
low window shows fewer runners, those in trouble first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.table import Table
from rich.text import Text

from runner.cli.history import RecordedStatus
from runner.cli.learning_lines import learning_lines
from styles.service.units import age, size, span

#: Columns of a window from which the frame is wide.
WIDE = 124
#: Columns of a bar, and of a line of numbers.
BAR, SPARK = 20, 22
COLUMNS = "▁▂▃▄▅▆▇█"
#: The state of a runner that takes work.
UP = "ready"
COLOURS = {
    **dict.fromkeys(("painting", "idle"), "green"),
    **dict.fromkeys(("starting", "draining", "replacing"), "yellow"),
    "down": "bold red",
}


class Screen:
    """Draw the recorded values with rich."""

    def __init__(self, seen: RecordedStatus, *, fits: bool = False) -> None:
        """Take the values; with `fits` the frame is no higher than the window."""
        self._seen = seen
        self._fits = fits

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the parts of the frame."""
        yield (heading := _heading(self._seen))
        if self._seen.status is None:
            return
        wide = options.max_width >= WIDE
        before = Group(Text(), _numbers(self._seen, self._seen.status, wide=wide), Text())
        after = Group(Text(), *learning_lines(self._seen.status), _failures(self._seen.status))
        used = sum(_height(console, options, part) for part in (heading, before, after))
        lines = options.size.height - used if self._fits else None
        whole = Group(before, _runners(self._seen.status, lines, wide=wide), after)
        yield from (_dimmed(console, options, whole) if self._seen.missing else [whole])


def spark(values: Sequence[float | None], width: int) -> str:
    """Draw the last `width` numbers from 0 to their highest; a gap for None."""
    shown = list(values)[-width:]
    top = max((value for value in shown if value is not None), default=0) or 1
    places = [None if value is None else round(value / top * (len(COLUMNS) - 1)) for value in shown]
    return "".join(" " if place is None else COLUMNS[place] for place in places).rjust(width)


def bar(part: float, whole: float, width: int = BAR) -> Text:
    """Draw a share: green up to a half, then yellow, then red; anything above zero is visible."""
    share = min(part / whole, 1.0) if whole else 0.0
    full = max(round(share * width), int(part > 0))
    colour = "green" if share <= 0.5 else "yellow" if share <= 0.9 else "red"
    return Text.assemble(("█" * full, colour), ("░" * (width - full), "dim"))


def _heading(seen: RecordedStatus) -> RenderableType:
    lines = [Text(f"balancer at {seen.url}", style="bold")]
    if seen.missing or seen.status is None:
        known = f"below, what it was {age(seen.ago)} ago"
        last = known if seen.status else "`runner serve` starts it"
        lines.append(Text(f"● cannot be reached, trying again; {last}", style="bold red"))
        return Group(*lines, Text(seen.missing, style="dim"))
    lines[0].append(f", up {age(seen.status['uptime'])}, version {seen.status['version']}", "not bold")
    state, colour = state_of(seen.status)
    return Group(*lines, Text(f"● {state}", style=f"bold {colour}"))


def state_of(status: Mapping[str, Any]) -> tuple[str, str]:
    """Return the most important message about a balancer, and its colour."""
    runners = status["runners"]
    if status["draining"]:
        return "stopping: finishes what is being painted, takes no more photos", "yellow"
    if not any(runner["state"] == UP for runner in runners):
        return "no runner is up: photos wait", "red"
    if not status["ready"]:
        return f"not ready: {', '.join(status['reasons'])}", "red"
    if status["queued"] >= status["queue"]["max_photos"]:
        return f"full: refuses photos, to come again in {age(status['queue']['retry_after'])}", "red"
    if down := sum(runner["state"] == "down" for runner in runners):
        return f"takes photos; {down} of {len(runners)} runners down", "yellow"
    return "takes photos", "green"


def _numbers(seen: RecordedStatus, status: Mapping[str, Any], *, wide: bool) -> RenderableType:
    pace, times = _pace(seen, status), _times(status)
    if not wide:
        return Group(pace, Text(), times)
    both = Table.grid(padding=(0, 6, 0, 0))
    both.add_row(pace, times)
    return both


def _pace(seen: RecordedStatus, status: Mapping[str, Any]) -> Table:
    queue, minute = status["queue"], status["last_minute"]
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="bold", min_width=8, no_wrap=True)
    table.add_column(min_width=35, no_wrap=True)  # keeps the layout when the text gets longer
    table.add_column(no_wrap=True, overflow="crop")
    waiting = Text.assemble(bar(status["queued"], queue["max_photos"]), f" {status['queued']}")
    waiting.append(f" of {queue['max_photos']}", style="dim")
    table.add_row("waiting", waiting, _line(seen.queued))
    table.add_row("", _who_waits(queue))
    table.add_row(
        "painted", f"{minute['photos_per_second']:.1f} a second in the last minute", _line(seen.rates)
    )
    table.add_row("", f"{status['painted']:,} in all, {status['in_flight']} with runners")
    return table


def _line(values: Sequence[float | None]) -> Text:
    peak = max((value for value in values[-SPARK:] if value is not None), default=0)
    return Text.assemble((spark(values, SPARK), "cyan"), (f" peak {peak:.0f}" if peak else "", "dim"))


def _who_waits(queue: Mapping[str, Any]) -> str:
    if not queue["photos"]:
        return "nobody waits"
    senders = "1 sender" if queue["senders"] == 1 else f"{queue['senders']} senders"
    return f"{senders}, {size(queue['bytes'])}, longest {span(queue['longest_wait'])}"


def _times(status: Mapping[str, Any]) -> Table:
    """Return the table of the last minute."""
    minute = status["last_minute"]
    table = _table("last minute", right=("p50", "p95"))
    for name, key in (("in the queue", "queue_seconds"), ("in the engine", "engine_seconds")):
        table.add_row(name, span(minute[key]["p50"]), span(minute[key]["p95"]))
    photos, fill = minute["batch_photos"], minute["batch_fill"]
    full = "-" if fill is None else f"{fill:.0%} full"
    table.add_row("a batch", "-" if photos is None else f"{photos:.1f} photos", full)
    return table


def _runners(status: Mapping[str, Any], lines: int | None, *, wide: bool) -> RenderableType:
    """Return a line for each runner, as far as lines fit."""
    more = ("pid", "loads", "evicted") if wide else ()
    numbers = ("painted", "memory", "restarts", "for", *more, "styles")
    several = any(runner.get("node") for runner in status["runners"])
    left = ("runner", "node", "state", "holds") if several else ("runner", "state", "holds")
    table = _table(*left, right=numbers, gap=2 if wide else 1)
    if wide:
        table.add_column("in memory", overflow="ellipsis", no_wrap=True, ratio=1)
        table.expand = True
    runners = shown = status["runners"]
    if lines is not None and len(runners) + 1 > lines:  # 1: the headings
        shown = sorted(runners, key=lambda runner: runner["state"] == UP)[: max(lines - 2, 1)]
    for runner in shown:
        name, *cells = _cells(runner, status["styles"], wide=wide)
        table.add_row(name, *([runner["node"] or "-"] if several else ()), *cells)
    hidden = Counter(runner["state"] for runner in runners if runner not in shown)
    rest = [Text(f"and {', '.join(f'{n} more {state}' for state, n in hidden.items())}")] if hidden else []
    return Group(table, *rest)


def _table(*left: str, right: Sequence[str], gap: int = 2) -> Table:
    table = Table(box=None, padding=(0, gap, 0, 0), pad_edge=False, header_style="bold")
    for heading in left:
        table.add_column(heading, no_wrap=True, min_width=8)
    for heading in right:
        table.add_column(heading, justify="right", no_wrap=True, min_width=6)
    return table


def _cells(runner: Mapping[str, Any], styles: Mapping[str, Any], *, wide: bool) -> Iterator[RenderableType]:
    state = _at(runner)
    yield runner["name"]
    yield Text(state, style=COLOURS.get(state, ""))
    yield _held(runner["held"], runner["credits"])
    yield f"{runner['photos']:,}"
    yield size(runner["memory"]) if runner["memory"] else "-"
    yield Text(str(runner["restarts"]), style="yellow" if runner["restarts"] else "")
    yield age(runner["since"])
    if wide:
        yield str(runner["pid"] or "-")
        yield f"{runner['loads']:,}"
        yield f"{runner['evictions']:,}"
    yield str(len(runner["resident"]))
    if wide:
        yield ", ".join(sorted(_called(digest, styles) for digest in runner["resident"]))


def _at(runner: Mapping[str, Any]) -> str:
    """Return “replacing”, “painting” or “idle” for a ready runner, else its state."""
    if runner["state"] != UP:
        return str(runner["state"])
    return (
        "replacing"
        if runner["replacing"]
        else "painting"
        if runner["held"] or runner.get("large")
        else "idle"
    )


def _held(batches: Sequence[int], credits: int) -> Text:
    """Return a mark for each batch that it holds or could hold, and the number of photos."""
    free = max(credits - len(batches), 0)
    photos = f" {sum(batches)}" if batches else ""
    return Text.assemble(("■" * len(batches), "green"), ("□" * free, "dim"), photos)


def _called(digest: str, styles: Mapping[str, Any]) -> str:
    style = styles.get(digest)
    if style is None:
        return digest.removeprefix("sha256:")[:8]
    return f"{style['name']} {style['version']}" if style["version"] > 1 else str(style["name"])


def _failures(status: Mapping[str, Any]) -> RenderableType:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="bold", no_wrap=True)
    table.add_row("not painted", Text(_listed(status["failed"]), style="" if status["failed"] else "green"))
    if lately := status["last_minute"]["failed"]:
        table.add_row("last minute", Text(_listed(lately), style="red"))
    if count := status["quarantined"]:
        photos = "1 photo" if count == 1 else f"{count:,} photos"
        table.add_row("quarantine", Text(f"{photos}, for killing runners", style="red"))
    return table


def _listed(failed: Mapping[str, int]) -> str:
    ordered = sorted(failed.items(), key=lambda each: (-each[1], each[0]))
    return ", ".join(f"{name} {count:,}" for name, count in ordered) or "nothing failed"


def _height(console: Console, options: ConsoleOptions, part: RenderableType) -> int:
    return len(console.render_lines(part, options.update(height=None), pad=False))


def _dimmed(console: Console, options: ConsoleOptions, part: RenderableType) -> Iterator[Text]:
    """Yield the lines without colours, since they are old."""
    for line in console.render_lines(part, options.update(height=None), pad=False):
        yield Text("".join(segment.text for segment in line).rstrip(), style="dim", no_wrap=True)
