"""Read and answer 20,000 damaged mails, and show what became of them.

No exception may escape, no answer may be ill-formed or go to anyone but the sender, and none may take longer
than `LIMIT` seconds, at which it is interrupted.
"""

from __future__ import annotations

import resource
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from rich.table import Table

from benchmarks.reporting.progress import progress
from tests.emails.corpus import cases
from tests.fakes.mailbot.parsing.mutants import mutants
from tests.fakes.mailbot.parsing.pure_responder import fate_of, flaws

COUNT, SEED = 20_000, 20261125
#: Seconds that one mail may take.
LIMIT = 10.0


class _TooSlow(BaseException):
    """Report a mail over its time; no Exception, which the parser would take for the mail's fault."""


async def run() -> Table:
    """Read all mutants. Some minutes; the same mails every time."""
    originals = [case.raw for case in cases()]
    fates: Counter[str] = Counter()
    seconds: list[float] = []
    for number, raw in enumerate(mutants(originals, COUNT, SEED)):
        if number % 500 == 0:
            progress(f"{number:,} of {COUNT:,} mails")
        began = time.perf_counter()
        fates[_fate(raw)] += 1
        seconds.append(time.perf_counter() - began)
    return _table(fates, sorted(seconds))


def _fate(raw: bytes) -> str:
    try:
        with _limited():
            fate = fate_of(raw)
    except (Exception, _TooSlow) as error:
        return f"ESCAPED: {type(error).__name__}"
    return "; ".join(f"FLAW: {flaw}" for flaw in flaws(fate)) or fate.kind


@contextmanager
def _limited() -> Iterator[None]:
    def stop(*_: object) -> None:
        raise _TooSlow

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, LIMIT)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _table(fates: Counter[str], seconds: list[float]) -> Table:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    table = Table("what became of it", "mails", title=f"mutations, seed {SEED}")
    for fate, count in sorted(fates.items(), key=lambda item: (-item[1], item[0])):
        table.add_row(fate, f"{count:,}")
    table.add_section()
    table.add_row("all", f"{fates.total():,}")
    wrong = sum(count for fate, count in fates.items() if fate.startswith(("ESCAPED", "FLAW")))
    table.add_row("escaped, or an answer with a flaw", f"{wrong:,}")
    table.add_row("milliseconds: median", f"{1000 * seconds[len(seconds) // 2]:.1f}")
    table.add_row("milliseconds: longest", f"{1000 * seconds[-1]:.0f}")
    table.add_row("peak memory of the process, MiB", f"{peak:,.0f}")
    return table
