"""The model of wishes is trained again from a few mails, and its file is read by the bot."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.wishes.examples import Gatherer
from mailbot.intents.learned.wish_model import WishModel

pytest.importorskip("torch")

WISHES = (
    "Could you give the boat the look of Turner, please?",
    "We would love our dog the way Munch saw people.",
)
TALES = (
    "Our caretaker read a book about Turner on the bus.",
    "The lecture on Munch was moved to a colder room.",
)


def test_nothing_is_learnt_from_the_mails_by_which_the_bot_is_measured() -> None:
    from benchmarks.wishes.__main__ import tables
    from tests.fakes.mailbot.asks import HELD_OUT

    names = {file.stem for file in tables()}
    assert names.isdisjoint(HELD_OUT)
    assert {"asks_a", "letters", "mails_more"} <= names


def test_a_few_mails_train_a_model_that_tells_them_apart(tmp_path: Path) -> None:
    from benchmarks.wishes.fit import fit, written

    rows = [
        {"lang": "en", "subject": "", "text": f"{said} {said}", "photos": 1, "expect": expect}
        for texts, expect in (
            (WISHES, {"style": ["shipwreck-of-the-minotaur", "the-scream"]}),
            (TALES, {"default": True}),
        )
        for said in texts
    ]
    file = tmp_path / "asks_few.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)))
    letters = tmp_path / "letters.jsonl"
    letters.write_text("")
    examples = list(Gatherer(letters).table(file))
    assert [one.is_wish for one in examples] == [True, True, True, True, False, False, False, False]
    model = WishModel.read(written(fit(examples, [1.0] * len(examples), size=1 << 10)))
    assert [model.logit(one.sentence, one.mail) > 0 for one in examples] == [one.is_wish for one in examples]
