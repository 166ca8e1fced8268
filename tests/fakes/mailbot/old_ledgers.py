"""Ledgers as each older version left them: the output of `.dump` after each migration.

They hold a mail that was answered and one that was not, and an answer that waits to be sent. Their table
`migration` is that of the versions before sqlite-utils.
"""

from __future__ import annotations

from pathlib import Path

OLD_LEDGERS = sorted((Path(__file__).parents[2] / "fixtures" / "ledgers").glob("*.sql"))
