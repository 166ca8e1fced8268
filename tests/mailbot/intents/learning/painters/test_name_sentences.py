"""Which name a mail tells: a table of mails that teach, and of replies in the thread of a lesson."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from mailbot.intents.learning.painters.told_names import answered_name
from mailbot.intents.learning_intents import LearningAim, read
from tests.fakes.mailbot.parsing.asking import asks

FIXTURES = Path(__file__).parents[4] / "fixtures"
ROWS: list[dict[str, Any]] = [
    json.loads(line) for line in (FIXTURES / "told_names.jsonl").read_text("utf-8").splitlines()
]
#: Mails whose name is not read as a person would: 'Paper Boats, so Paper Boats it is'.
MOST_MISREAD = 2


def told(row: dict[str, Any]) -> tuple[str, bool]:
    """The name that a mail is understood to tell, and whether it is asked back before a style has it."""
    if not row["is_reply"]:
        intent = read(asks(row["subject"], row["text"]))
        return intent.called if intent and intent.wanted is LearningAim.LEARN else "", False
    to = "<1@painter.example>"
    intent = read(asks("Re: learn: my garden", row["text"], 0, In_Reply_To=to, References=to))
    if intent is None:
        return answered_name(row["text"], is_asked=False), False
    is_name = intent.wanted in (LearningAim.RENAME, LearningAim.LEARN)
    return intent.called if is_name else "", not intent.is_clear


def test_a_name_is_read_where_it_is_told() -> None:
    wrong = [(row, told(row)) for row in ROWS if row["name"] and told(row)[0] != row["name"]]
    assert len(wrong) <= MOST_MISREAD, wrong


def test_no_name_is_taken_where_none_is_told() -> None:
    found = [(row, *told(row)) for row in ROWS if not row["name"]]
    assert [(row, name) for row, name, is_asked_back in found if name and not is_asked_back] == []


def test_the_table_is_of_all_languages() -> None:
    assert len({row["lang"] for row in ROWS}) == 8
    assert sum(bool(row["name"]) for row in ROWS) >= 120
    assert sum(not row["name"] for row in ROWS) >= 60
