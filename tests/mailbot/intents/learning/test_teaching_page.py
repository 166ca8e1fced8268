"""Hold docs/teaching.md to the bot: every example there is read as the page says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mailbot.intents.learning_intents import LearningAim, LearningIntent, read
from tests.fakes.mailbot.parsing.asking import asks

PAGE = (Path(__file__).parents[4] / "docs" / "teaching.md").read_text(encoding="utf-8")
LEARN = LearningAim.LEARN
#: With one picture, or with two for one perfect picture: the aim, and the name of the style.
WITH_PICTURES = {
    "learn: my garden": (LEARN, "my garden"),
    "learn this": (LEARN, ""),
    "make a style of this painting, and call it blue hills": (LEARN, "blue hills"),
    "please don't learn this, just paint it": None,
    "lerne: Mein Garten": (LEARN, "Mein Garten"),
    "fais un style de ce tableau": (LEARN, ""),
    "aprende: mi jardín": (LEARN, "mi jardín"),
    "impara questo quadro": (LEARN, ""),
    "aprenda este quadro": (LEARN, ""),
    "学习：我的花园": (LEARN, "我的花园"),
    "この絵を学習して": (LEARN, ""),
}
WITH_TWO = {
    "paint it exactly like this": (LearningAim.EXACTLY, ""),
    "Like this painting please": (LearningAim.EXACTLY, ""),
    "use the second as the style for the first": (LearningAim.EXACTLY, ""),
}
WITHOUT = {
    "how can I teach you?": (LearningAim.EXPLAIN, ""),
    "rename my garden to blue hills": (LearningAim.RENAME, "blue hills"),
    "delete my garden": (LearningAim.RETIRE, ""),
    "delete my styles": (LearningAim.RETIRE_ALL, ""),
}
REPLIES = {
    "when is it ready?": (LearningAim.PROGRESS, ""),
    "stop learning": (LearningAim.CANCEL, ""),
    "stop": (LearningAim.HALT, ""),
    "call it blue hills": (LearningAim.RENAME, "blue hills"),
    "call it my garden": (LearningAim.RENAME, "my garden"),
    "delete": (LearningAim.RETIRE, ""),
    "the other way round": (LearningAim.SWAP, ""),
    "The second one is the photo": (LearningAim.SWAP, ""),
}
#: Read with what the thread is about: `test_resumed_wishes.py`, `test_order_questions.py`. Or by every mail:
#: `test_sender_commands.py`. Or by the lesson of the thread: `test_kept_photos.py` and its neighbours.
ELSEWHERE = {
    "yes",
    "no",
    "styles",
    "unsubscribe",
    "here is my dog, could you paint him?",
    "our dog, in mosaic please",
    "a better photo of my painting",
    "here is another one: barn",
    "another painting of mine: barn",
}
#: Quoted words that nobody writes to the bot: names, and what an answer says.
NONE = {
    "My garden",
    "my-garden",
    "Blue_hills.jpg",
    "Mein Gärten",
    "我的花园",
    "help",
    "By Ada, taught by mail",
    "Stop",
}


def examples() -> set[str]:
    """Everything on the page that somebody may write."""
    table = re.findall(r"^\| (.+?) \| .+ \|$", PAGE.split("## What you can write")[1], re.MULTILINE)
    rows = table[: table.index("what happened")]
    return {*rows, *re.findall(r"“([^”]+)”", " ".join(PAGE.split()))} - {"you write"}


def seen(intent: LearningIntent | None) -> tuple[LearningAim, str] | None:
    """The aim of a mail, and the name in it."""
    return (intent.wanted, intent.name) if intent else None


def test_every_example_of_the_page_has_a_meaning_here() -> None:
    assert examples() - NONE == {*WITH_PICTURES, *WITH_TWO, *WITHOUT, *REPLIES, *ELSEWHERE}


@pytest.mark.parametrize(("words", "means"), WITH_PICTURES.items())
def test_an_example_beside_a_painting(words: str, means: tuple[LearningAim, str] | None) -> None:
    assert seen(read(asks(words))) == seen(read(asks("", words))) == means


@pytest.mark.parametrize(("words", "means"), WITH_TWO.items())
def test_an_example_beside_photo_and_painting(words: str, means: tuple[LearningAim, str]) -> None:
    assert seen(read(asks(words, photos=2))) == seen(read(asks("", words, photos=2))) == means


@pytest.mark.parametrize(("words", "means"), WITHOUT.items())
def test_an_example_without_a_picture(words: str, means: tuple[LearningAim, str]) -> None:
    assert seen(read(asks(words, photos=0))) == seen(read(asks("", words, photos=0))) == means


@pytest.mark.parametrize(("words", "means"), REPLIES.items())
def test_an_example_of_a_reply(words: str, means: tuple[LearningAim, str]) -> None:
    assert seen(read(asks("Re: learn: my garden", words, photos=0, References="<a@b>"))) == means
