"""Every example of the section on conversations in docs/asking.md."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mailbot.intents.changes.relative_changes import read_change
from mailbot.intents.names.catalogue import Catalogue
from mailbot.storage.ledger import Ledger
from tests.fakes.mailbot.mails import STYLES, photo
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.mailbot.talk import Talk
from tests.fakes.runner.balancer import FakeBalancer

PAGE = (Path(__file__).parent.parent.parent.parent / "docs" / "asking.md").read_text()
SECTION = PAGE.split("## Conversations")[1].split("\n## ")[0]
REPLIES = {
    "now in the scream please": {"style": "the-scream", "strength": "0.6"},
    "keep the colors": {"style": "mosaic", "strength": "0.6", "keep_colors": "true"},
    "more subtle": {"style": "mosaic", "strength": "0.39"},
    "stronger": {"style": "mosaic", "strength": "0.92"},
    "again but bigger": {"style": "mosaic", "strength": "0.6", "size": "2048"},
    "smaller please": {"style": "mosaic", "strength": "0.6", "size": "512"},
    "80%": {"style": "mosaic", "strength": "0.8"},
    "the same, full size": {"style": "mosaic", "strength": "0.6", "size": "16384"},
    "10% more": {"style": "mosaic", "strength": "0.7"},
    "20% less": {"style": "mosaic", "strength": "0.4"},
    "double the size": {"style": "mosaic", "strength": "0.6", "size": "2048"},
}
WITH_A_PHOTO = {
    "the same for this one": {"style": "mosaic", "strength": "0.6"},
    "like last time please": {"style": "mosaic", "strength": "0.6"},
    "the same in the scream": {"style": "the-scream", "strength": "0.6"},
}


def test_the_page_has_these_examples() -> None:
    shown = re.findall(r"^- “(.+?)”: ", SECTION, re.MULTILINE)
    assert shown == [*REPLIES, *WITH_A_PHOTO]


@pytest.mark.parametrize("text", [*REPLIES, *WITH_A_PHOTO])
async def test_an_example(text: str, ledger: Ledger, balancer: FakeBalancer, sink: Sink) -> None:
    beach, harbour = photo(seed=1), photo(seed=2)
    async with Talk(ledger, balancer, sink) as talk:
        first = await talk.says("mosaic 60%", beach)
        if text in REPLIES:
            await talk.says(text, to=first)
        else:
            await talk.says(text, harbour, to=None if text.startswith("like") else first)
    assert talk.last == (REPLIES | WITH_A_PHOTO)[text]
    assert balancer.photos[1:] == [beach if text in REPLIES else harbour]


def test_the_other_languages_are_understood() -> None:
    line = SECTION.split("It works in the languages below, too: ")[1].split("An answer")[0]
    phrases = re.findall(r"“(.+?)”", line)
    assert len(phrases) == 7
    catalogue = Catalogue.of(STYLES)
    assert all(read_change(phrase, catalogue).is_any for phrase in phrases)
