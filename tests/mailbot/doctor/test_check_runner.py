"""What `mailbot doctor` shows of its checks."""

from __future__ import annotations

import io

from rich.console import Console

from mailbot.doctor import all_checks as doctor
from mailbot.doctor.check_runner import CheckResult, CheckState


def test_a_line_each_with_what_to_do() -> None:
    console = Console(width=60, record=True, file=io.StringIO())
    doctor.show(
        [
            CheckResult(area="a", name="one", state=CheckState.WELL, words="fine [bold]"),
            CheckResult(area="a", name="two", state=CheckState.FAILED, words="broken", remedy="mend it"),
            CheckResult(area="b", name="three", state=CheckState.SKIPPED, words="needs “two”"),
        ],
        console,
    )
    assert [line.rstrip() for line in console.export_text().splitlines()] == [
        "a  ✓  one    fine [bold]",
        "   ✗  two    broken",
        "             → mend it",
        "b  –  three  needs “two”",
        "",
        "1 thing is to be mended.",
    ]
