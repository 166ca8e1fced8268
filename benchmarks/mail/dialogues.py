"""Measure what share of the turns of dialogues is understood: `python -m benchmarks.mail.dialogues FILE`.

Print every turn that is not understood, and the shares: understood, told, and silently wrong. A file has a
dialogue a line, as `tests/fixtures/dialogues_a.jsonl`.
"""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from pathlib import Path

from tests.fakes.mailbot.asks import rows
from tests.fakes.mailbot.conversations.table import shares, turns


def main(file: str) -> None:
    """Print the failures and the shares of a table."""
    found = asyncio.run(turns(rows(Path(file))))
    failed = [turn for turn in found if turn.kind != "understood"]
    for turn in failed:
        print(turn)
    whole = len({turn.dialogue for turn in found}) - len(Counter(turn.dialogue for turn in failed))
    print(
        ", ".join(f"{kind} {share:.1%}" for kind, share in shares(found).items()), "of", len(found), "turns"
    )
    print(whole, "dialogues without a failure")


if __name__ == "__main__":
    main(sys.argv[1])
