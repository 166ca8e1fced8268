"""Measure what mails that are understood become when something is changed that must not matter.

`python -m benchmarks.mail.transforms [FILES]` prints for each transform what share of the mails is broken by
it. `--failures FILE` writes the broken ones. Without files it reads all tables of asks and letters but those
that the bot is measured by. A broken mail is

    told     painted otherwise, and the answer says so
    wrong    painted otherwise in silence
    remark   painted the same, but the answer doubts something or did not understand it
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.mail.ask_transforms import TRANSFORMS, Ask, transformed
from tests.fakes.mailbot.asks import HELD_OUT, Outcome, judged, rows

FIXTURES = Path(__file__).parents[2] / "tests" / "fixtures"
#: What may become of a mail.
KINDS = ("told", "wrong", "remark")
_CHUNK = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A mail, transformed and read."""

    transform: str
    kind: str  #: one of `KINDS`, or `understood`
    outcome: Outcome

    def __str__(self) -> str:
        return f"{self.transform} {self.kind} {self.outcome}"


def trials(ask: Ask, names: Collection[str]) -> list[Trial]:
    """Return what each transform makes of a mail; nothing if the mail is not understood as it is."""
    plain = judged(ask)
    if plain.kind != "understood":
        return []
    others = ((name, transformed(name, ask)) for name in names)
    return [_trial(name, plain, judged(other)) for name, other in others if other]


def _trial(name: str, plain: Outcome, outcome: Outcome) -> Trial:
    is_remarked = outcome.kind == "understood" and bool(outcome.remarks) and not plain.remarks
    return Trial(transform=name, kind="remark" if is_remarked else outcome.kind, outcome=outcome)


def shares(made: Iterable[Trial]) -> dict[str, tuple[int, Counter[str]]]:
    """Return for each transform how many mails it changed, and how many came to what."""
    counts: dict[str, Counter[str]] = {}
    for trial in made:
        counts.setdefault(trial.transform, Counter())[trial.kind] += 1
    return {name: (kinds.total(), kinds) for name, kinds in counts.items()}


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table, and write the failures."""
    options = _parser().parse_args(arguments)
    asks = [ask for file in options.files or _tables() for ask in rows(file)][:: options.every]
    asks = [ask for ask in asks if "expect" in ask and "lang" in ask]
    with ProcessPoolExecutor() as pool:
        each = pool.map(partial(trials, names=options.only or [*TRANSFORMS]), asks, chunksize=_CHUNK)
        made = [trial for some in each for trial in some]
    print(f"{'transform':20}{'mails':>7}" + "".join(f"{kind:>9}" for kind in KINDS))
    for name, (count, kinds) in shares(made).items():
        print(f"{name:20}{count:7}" + "".join(f"{kinds[kind] / count:9.1%}" for kind in KINDS))
    if options.failures:
        broken = [f"{trial}\n" for trial in made if trial.kind != "understood"]
        options.failures.write_text("".join(broken), encoding="utf-8")


def _tables() -> list[Path]:
    files = (*FIXTURES.glob("asks_*.jsonl"), *FIXTURES.glob("letters_*.jsonl"))
    return sorted(file for file in files if file.stem not in HELD_OUT)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mail.transforms", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="tables of mails")
    parser.add_argument("--only", nargs="+", choices=TRANSFORMS, help="these transforms alone")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="read every Nth mail")
    parser.add_argument("--failures", type=Path, metavar="FILE", help="where the broken mails are written")
    return parser


if __name__ == "__main__":
    main()
