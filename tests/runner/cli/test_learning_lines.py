"""What `runner top` says of the paintings that are learnt from."""

from __future__ import annotations

from rich.console import Console

from runner.cli.learning_lines import learning_lines

RUNNING = {"kind": "style", "phase": "training", "share": 0.43, "step": 81, "seconds_left": 171.0}
BEGUN = {"kind": "picture", "phase": "finding the painting", "share": 0.0, "step": 0, "seconds_left": None}


def test_what_is_learnt_and_what_waits() -> None:
    console = Console(width=80)
    with console.capture() as capture:
        for table in learning_lines({"learning": {"running": [RUNNING, BEGUN], "queued": 2}}):
            console.print(table)
    assert [" ".join(line.split()) for line in capture.get().splitlines()] == [
        "learning a style: training 43%, step 81, 3 min left",
        "one picture: finding the painting 0%",
        "2 paintings wait",
    ]


def test_nothing_is_said_where_nothing_is_learnt() -> None:
    assert learning_lines({"learning": {"running": [], "queued": 0, "ended": {}}}) == ()
    assert learning_lines({}) == ()
