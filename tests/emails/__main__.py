"""`python -m tests.emails`: reads the corpus, prints the table and writes docs/corpus.md."""

from __future__ import annotations

import sys

from rich.console import Console
from rich.table import Table
from rich.text import Text

from tests.emails.corpus import cases
from tests.emails.table import COLUMNS, DOCUMENT, document, row


def main() -> int:
    """The exit code: 0 if every mail is read as its file says."""
    console = Console()
    found = cases()
    table = Table(*COLUMNS, title=f"{len(found)} mails", show_lines=False)
    for case in found:
        table.add_row(*(Text(cell) for cell in row(case)))
    console.print(table)
    wrong = [case for case in found if case.differences]
    for case in wrong:
        for field, (wanted, got) in case.differences.items():
            console.print(Text(f"{case.name}: {field} should be {wanted!r} and is {got!r}"))
    console.print(f"{len(found) - len(wrong)} of {len(found)} are read as they should be.")
    DOCUMENT.write_text(document(found))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
