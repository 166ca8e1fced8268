"""A reply changes the painting of its thread, or some of several."""

from __future__ import annotations

import pytest

from mailbot.conversation.mail_reader import choice
from mailbot.intents.changes.relative_changes import read_change
from mailbot.intents.names.catalogue import Catalogue
from tests.fakes.mailbot.mails import STYLES, photo
from tests.fakes.mailbot.talk import Talk

BEACH = photo(seed=1)


@pytest.mark.parametrize(
    ("before", "text", "expected"),
    [
        ("mosaic 60%", "10% more", {"style": "mosaic", "strength": "0.7"}),
        ("mosaic 60%", "20% less please", {"style": "mosaic", "strength": "0.4"}),
        ("mosaic", "double the size", {"style": "mosaic", "size": "2048"}),
        ("mosaic, big", "normal size please", {"style": "mosaic"}),
        ("starry night and scream", "without the scream", {"style": "starry-night"}),
        ("30% starry night and 70% scream", "same but 50/50", {"style": "starry-night:50,the-scream:50"}),
    ],
)
async def test_a_painting_changes_by_what_is_said_of_it(
    talk: Talk, before: str, text: str, expected: dict[str, str]
) -> None:
    first = await talk.says(before, BEACH)
    await talk.says(text, to=first)
    assert talk.last == expected
    assert len(talk.balancer.jobs) == 2


@pytest.mark.parametrize(
    ("text", "painted_again"),
    [
        ("the second one bigger please", {1: {"style": "mosaic", "size": "2048"}}),
        ("only the first one in the scream", {0: {"style": "the-scream"}}),
        ("the last one in the scream", {2: {"style": "the-scream"}}),
        ("das zweite bitte größer", {1: {"style": "mosaic", "size": "2048"}}),
        ("bigger please", {n: {"style": "mosaic", "size": "2048"} for n in range(3)}),
    ],
)
async def test_of_several_photos_those_that_are_named_are_painted(
    talk: Talk, text: str, painted_again: dict[int, dict[str, str]]
) -> None:
    photos = [photo(seed=seed) for seed in range(3)]
    first = await talk.says("mosaic", *photos)
    await talk.says(text, to=first)
    assert talk.balancer.photos[3:] == [photos[number] for number in painted_again]
    assert talk.last == list(painted_again.values())[-1]


async def test_of_two_paintings_of_a_photo_the_one_that_is_named_is_painted(talk: Talk) -> None:
    first = await talk.says("mosaic, starry night", BEACH)
    await talk.says("the second one bigger please", to=first)
    assert [job["style"] for job in talk.balancer.jobs] == ["mosaic", "starry-night", "starry-night"]


@pytest.mark.parametrize(
    ("text", "count", "number"),
    [
        *(("yes", 1, 0), ("Ja, bitte!", 1, 0), ("Oui.", 1, 0), ("はい", 1, 0), ("yes", 2, None)),
        *(("the second one", 2, 1), ("the second one", 1, None), ("haha", 2, None)),
    ],
)
def test_what_chooses_a_suggestion(text: str, count: int, number: int | None) -> None:
    assert choice(text, read_change(text, Catalogue.of(STYLES)), count) == number
