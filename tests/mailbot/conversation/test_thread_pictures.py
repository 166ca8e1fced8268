"""A reply can mean any picture of its thread, also one that the last answer did not show."""

from __future__ import annotations

import pytest

from tests.fakes.mailbot.mails import photo
from tests.fakes.mailbot.talk import Talk

CAT, DOG = photo(seed=1), photo(seed=2)
NAMES = ["cat.jpg", "dog.jpg"]


def painted(talk: Talk, since: int) -> list[tuple[bytes, str, str]]:
    """The photo, the style and the strength of the pictures that were asked for."""
    jobs = zip(talk.balancer.photos[since:], talk.balancer.jobs[since:], strict=True)
    return [(image, job["style"], job.get("strength", "1")) for image, job in jobs]


@pytest.mark.parametrize(
    ("narrowed", "text", "expected"),
    [
        ("the dog in starry night", "the cat in the scream", [(CAT, "the-scream", "1")]),
        ("the dog at 65%", "the cat in the scream", [(CAT, "the-scream", "1")]),
        ("I like the first. Bigger please", "the second at 40%", [(DOG, "mosaic", "0.4")]),
        ("the first at 65%", "both at 50%", [(CAT, "mosaic", "0.5"), (DOG, "mosaic", "0.5")]),
        ("the first at 65%", "both in the scream", [(CAT, "the-scream", "0.65"), (DOG, "the-scream", "1")]),
        (
            "the second at 65%",
            "all of them in the scream",
            [(CAT, "the-scream", "1"), (DOG, "the-scream", "0.65")],
        ),
        ("the second at 65%", "make them all weaker", [(CAT, "mosaic", "0.7"), (DOG, "mosaic", "0.46")]),
        ("the first at 65%", "the other at 50%", [(DOG, "mosaic", "0.5")]),
        ("the first at 65%", "the others at 50%", [(DOG, "mosaic", "0.5")]),
        ("the first at 65%", "weaker", [(CAT, "mosaic", "0.46")]),
        ("the first at 65%", "all good, but weaker please", [(CAT, "mosaic", "0.46")]),
        ("das zweite schwächer", "das erste als Scream", [(CAT, "the-scream", "1")]),
        ("das zweite schwächer", "alle mit 50%", [(CAT, "mosaic", "0.5"), (DOG, "mosaic", "0.5")]),
        ("das zweite schwächer", "das andere mit 40%", [(CAT, "mosaic", "0.4")]),
        ("la première à 40 %", "les deux à 50 %", [(CAT, "mosaic", "0.5"), (DOG, "mosaic", "0.5")]),
        ("la première à 40 %", "la deuxième à 50 %", [(DOG, "mosaic", "0.5")]),
        ("la primera al 40 %", "la otra al 50 %", [(DOG, "mosaic", "0.5")]),
        ("la primera al 40 %", "todas al 50 %", [(CAT, "mosaic", "0.5"), (DOG, "mosaic", "0.5")]),
        ("la prima al 40 %", "la seconda più leggera", [(DOG, "mosaic", "0.7")]),
        ("la prima al 40 %", "tutte al 50 %", [(CAT, "mosaic", "0.5"), (DOG, "mosaic", "0.5")]),
        ("a primeira a 40 %", "a outra a 50 %", [(DOG, "mosaic", "0.5")]),
        ("a primeira a 40 %", "as duas a 50 %", [(CAT, "mosaic", "0.5"), (DOG, "mosaic", "0.5")]),
        ("第一张40%", "第二张50%", [(DOG, "mosaic", "0.5")]),
        ("第一张40%", "全部50%", [(CAT, "mosaic", "0.5"), (DOG, "mosaic", "0.5")]),
        ("1枚目を40%で", "2枚目を50%で", [(DOG, "mosaic", "0.5")]),
        ("1枚目を40%で", "両方50%で", [(CAT, "mosaic", "0.5"), (DOG, "mosaic", "0.5")]),
    ],
)
async def test_a_picture_that_an_answer_left_out_is_still_known(
    talk: Talk, narrowed: str, text: str, expected: list[tuple[bytes, str, str]]
) -> None:
    first = await talk.says("mosaic", CAT, DOG, names=NAMES)
    second = await talk.says(narrowed, to=first)
    await talk.says(text, to=second)
    assert painted(talk, 3) == expected


async def test_all_of_them_are_the_pictures_and_no_sheet(talk: Talk) -> None:
    first = await talk.says("mosaic", CAT, DOG)
    await talk.says("all of them weaker", to=first)
    assert painted(talk, 2) == [(CAT, "mosaic", "0.7"), (DOG, "mosaic", "0.7")]


async def test_the_first_photo_of_a_thread_is_the_one_that_came_first(talk: Talk) -> None:
    first = await talk.says("mosaic", CAT)
    second = await talk.says("this one in starry night", DOG, to=first)
    await talk.says("the first photo again in starry night", to=second)
    assert painted(talk, 2) == [(CAT, "starry-night", "1")]


async def test_each_of_two_paintings_of_a_photo_is_known_by_its_number(talk: Talk) -> None:
    first = await talk.says("mosaic, the scream", CAT)
    second = await talk.says("the second weaker", to=first)
    third = await talk.says("the first in starry night", to=second)
    await talk.says("the second weaker", to=third)
    assert painted(talk, 3) == [(CAT, "starry-night", "1"), (CAT, "the-scream", "0.49")]


async def test_a_photo_that_was_painted_twice_is_one_picture(talk: Talk) -> None:
    first = await talk.says("mosaic", CAT)
    second = await talk.says("now in the scream", to=first)
    await talk.says("all weaker", to=second)
    assert painted(talk, 2) == [(CAT, "the-scream", "0.7")]


@pytest.mark.parametrize(
    "text",
    [
        *("only the second", "just the second one please", "nur das zweite bitte", "seulement la deuxième"),
        *("solo la segunda", "solo la seconda", "só a segunda", "只要第二张", "2枚目だけ"),
    ],
)
async def test_a_picture_that_is_chosen_alone_is_painted_again(talk: Talk, text: str) -> None:
    first = await talk.says("mosaic", CAT, DOG)
    await talk.says(text, to=first)
    assert painted(talk, 2) == [(DOG, "mosaic", "1")]
