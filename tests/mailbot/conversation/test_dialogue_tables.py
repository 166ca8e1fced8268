"""The tables of dialogues: what share of their turns is understood, told, or wrong."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from mailbot.storage.ledger import Ledger
from styles.contract import StyleJob, StyleOptions
from tests.fakes.mailbot.asks import newest, rows
from tests.fakes.mailbot.conversations.table import judge, shares, turns
from tests.fakes.mailbot.conversations.thread import Outcome, Thread

FIXTURES = Path(__file__).parents[2] / "fixtures"
TABLES = tomllib.loads((FIXTURES / "dialogues.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", newest(TABLES, 1))
async def test_what_people_reply_is_understood(name: str) -> None:
    found = await turns(rows(FIXTURES / f"{name}.jsonl"))
    failures = "\n".join(str(turn) for turn in found if turn.kind != "understood")
    assert shares(found)["understood"] >= TABLES[name]["least"], failures
    assert shares(found)["wrong"] <= TABLES[name]["most"], failures


def _picture(style: str = "the-scream", **options: Any) -> tuple[str, StyleJob]:
    return "dog.jpg", StyleJob(id="1", style=style, image=b"", options=StyleOptions(**options))


SCREAM = {"photo": "dog.jpg", "styles": {"the-scream": 100}}


@pytest.mark.parametrize(
    ("expect", "came", "kind"),
    [
        ({"pictures": [SCREAM]}, Outcome(pictures=(_picture(),)), "understood"),
        ({"pictures": [SCREAM, SCREAM]}, Outcome(pictures=(_picture(),)), "wrong"),
        ({"pictures": [SCREAM]}, Outcome(pictures=(_picture("udnie"),)), "wrong"),
        ({"pictures": [SCREAM]}, Outcome(pictures=(_picture("udnie"),), notes=("a hat",)), "told"),
        (
            {"pictures": [SCREAM | {"strength": [50, 60]}]},
            Outcome(pictures=(_picture(strength=0.7),)),
            "wrong",
        ),
        ({"pictures": [SCREAM | {"size": "big"}]}, Outcome(pictures=(_picture(),)), "wrong"),
        ({"pictures": [SCREAM | {"colors": "kept"}]}, Outcome(pictures=(_picture(),)), "wrong"),
        ({"pictures": [SCREAM], "note": True}, Outcome(pictures=(_picture(),)), "wrong"),
        (
            {"pictures": [{"photo": "dog.jpg", "styles": {"the-scream": 70, "udnie": 30}}]},
            Outcome(pictures=(_picture("the-scream:0.7,udnie:0.3"),)),
            "understood",
        ),
        ({"silent": True}, Outcome(is_silent=True), "understood"),
        ({"silent": True}, Outcome(pictures=(_picture(),)), "wrong"),
        ({"told": True}, Outcome(error="UnknownStyle"), "understood"),
        ({"told": True}, Outcome(pictures=(_picture(),)), "wrong"),
    ],
)
def test_the_judge_knows_right_from_wrong(expect: dict[str, Any], came: Outcome, kind: str) -> None:
    assert judge(expect, came) == kind


async def test_a_dialogue_remembers_its_photos(ledger: Ledger) -> None:
    thread = Thread(ledger)
    await thread.says("the scream at 60%", ["dog.jpg"])
    came = await thread.says("keep the colors")
    ((file, job),) = came.pictures
    assert (file, job.style, job.options.strength, job.options.keep_colors) == (
        "dog.jpg",
        "the-scream",
        0.6,
        True,
    )
    assert (await thread.says("thank you!")).is_silent
