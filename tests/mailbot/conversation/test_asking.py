"""Every example of a reply in docs/asking.md."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mailbot.intents.changes.relative_changes import read_change
from mailbot.intents.names.catalogue import Catalogue
from mailbot.storage.ledger import Ledger
from tests.fakes.mailbot.asks import shipped
from tests.fakes.mailbot.dialogues import Gallery
from tests.fakes.mailbot.mails import photo
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.mailbot.talk import Talk

PAGE = (Path(__file__).parents[3] / "docs" / "asking.md").read_text(encoding="utf-8")
SECTION = PAGE.split("## Conversations")[1].split("\n## ")[0]
BEACH, HARBOUR = photo(seed=1), photo(seed=2)
#: Replies to starry night at 60%: all that the page has, and more of the same kinds.
REPLIES = {
    "now in the scream please": {"style": "the-scream", "strength": "0.6"},
    "stronger": {"style": "starry-night", "strength": "0.86"},
    "more subtle": {"style": "starry-night", "strength": "0.42"},
    "a little more": {"style": "starry-night", "strength": "0.72"},
    "half as strong": {"style": "starry-night", "strength": "0.3"},
    "back to 100": {"style": "starry-night"},
    "10% more": {"style": "starry-night", "strength": "0.7"},
    "again but bigger": {"style": "starry-night", "strength": "0.6", "size": "2048"},
    "the same, full size": {"style": "starry-night", "strength": "0.6", "size": "16384"},
    "keep the colors": {"style": "starry-night", "strength": "0.6", "keep_colors": "true"},
    "the same with a hint of wave": {"style": "starry-night:0.78,great-wave:0.22", "strength": "0.6"},
}
MORE_REPLIES = {
    "smaller please": {"style": "starry-night", "strength": "0.6", "size": "512"},
    "80%": {"style": "starry-night", "strength": "0.8"},
    "20% less": {"style": "starry-night", "strength": "0.4"},
    "double the size": {"style": "starry-night", "strength": "0.6", "size": "2048"},
}
WITH_A_PHOTO = {
    "like last time please": {"style": "starry-night", "strength": "0.6"},
    "the same for this one": {"style": "starry-night", "strength": "0.6"},
    "and this one too please": {"style": "starry-night", "strength": "0.6"},
    "the same in the scream": {"style": "the-scream", "strength": "0.6"},
}
#: Examples that other tests have: `test_amounts.py`, `test_changes.py`, `test_going_back.py`,
#: `test_likeness.py`, `test_which_picture.py` and `test_conversation.py`.
ELSEWHERE = {
    "the second one bigger please",
    "the scream bigger",
    "the second one",
    "undo",
    "the first was better",
    "with the painting's colours",
    "The first one too",
    "swap the scream for starry night",
    "Swap the styles",
    "Nico the same as Teo",
    "and Teo at 40%",
    "Thank you so much, it looks amazing!",
    "Thanks, but that's not what I wanted",
    "delete my photos",
}


def test_the_page_has_these_examples() -> None:
    shown = set(re.findall(r"“(.+?)”", " ".join(SECTION.split())))
    assert shown - {"did you mean …?"} == {*REPLIES, "like last time please", *ELSEWHERE}


@pytest.mark.parametrize("text", [*REPLIES, *MORE_REPLIES, *WITH_A_PHOTO])
async def test_an_example(text: str, ledger: Ledger, sink: Sink) -> None:
    expected = (REPLIES | MORE_REPLIES | WITH_A_PHOTO)[text]
    async with Gallery() as balancer, Talk(ledger, balancer, sink) as talk:
        first = await talk.says("starry night 60%", BEACH)
        if text in WITH_A_PHOTO:
            await talk.says(text, HARBOUR, to=None if text.startswith("like") else first)
        else:
            await talk.says(text, to=first)
        assert talk.last == expected
        assert balancer.photos[1:] == [HARBOUR if text in WITH_A_PHOTO else BEACH]


def test_the_other_languages_are_understood() -> None:
    phrases = re.findall(r"^\| \w+ \| “.+” \| “(.+)” \|$", PAGE, re.MULTILINE)
    assert len(phrases) == 7
    catalogue = Catalogue.of(shipped())
    assert all(read_change(phrase, catalogue).is_any for phrase in phrases)
