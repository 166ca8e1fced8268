"""Measure what share of a table of asks is understood: `python -m benchmarks.mail.asks FILE`.

Print every ask that is not understood, and the shares: understood, answered with what is missing, and
silently wrong.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.fakes.mailbot.asks import Table


def main(file: str) -> None:
    """Print the failures and the shares of a table."""
    table = Table(Path(file))
    for outcome in table.outcomes:
        if outcome.kind != "understood":
            print(outcome)
    print(", ".join(f"{kind} {share:.1%}" for kind, share in table.shares.items()), "of", len(table.outcomes))


if __name__ == "__main__":
    main(sys.argv[1])
