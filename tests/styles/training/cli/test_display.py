"""Progress where there is no terminal: plain lines, one a phase and one every few seconds."""

from __future__ import annotations

from io import StringIO

from rich.console import Console

from styles.service.command_line import say
from styles.training.cli.display import PLAIN_SECONDS, display, plain_lines
from styles.training.recipe import Progress


def test_a_line_is_written_for_each_phase_and_every_few_seconds() -> None:
    lines: list[str] = []
    now = 100.0
    report = plain_lines(lines.append, lambda: now)
    report(Progress(doing="reading the photos"))
    report(Progress(doing="looking at the painting"))
    for step in range(1, 12):
        now += PLAIN_SECONDS / 4
        losses = {"total": 2.0, "content": 1.0, "full": 0.5}
        report(Progress(step=step, share=step / 12, seconds=step, losses=losses, doing="training"))
    report(Progress(share=1, doing="measuring"))
    assert [line.split("%  ")[1].split("  ")[0] for line in lines] == [
        "reading the photos",
        "looking at the painting",
        "training, step 1",
        "training, step 5",
        "training, step 9",
        "measuring",
    ]
    assert lines[2] == "  8%  training, step 1  total 2.000  content 1.000  00:00:11 left"


def test_dropped_steps_are_told() -> None:
    lines: list[str] = []
    plain_lines(lines.append)(Progress(step=3, share=0.5, dropped=2))
    assert "2 steps dropped" in lines[0]


def test_a_pipe_gets_lines_and_a_terminal_a_bar() -> None:
    for terminal in (False, True):
        written = StringIO()
        with display(Console(file=written, force_terminal=terminal, width=120)) as report:
            report(Progress(step=1, share=0.5, seconds=3))
        assert "training, step 1" in written.getvalue()
        assert ("\x1b[" in written.getvalue()) == terminal


def test_names_of_files_are_no_markup_and_may_hold_any_bytes() -> None:
    written = StringIO()
    say(Console(file=written, width=20), "[bold]caf\udce9[/] " + "x" * 30)
    assert written.getvalue() == "[bold]caf?[/] " + "x" * 30 + "\n"
