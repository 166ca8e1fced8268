"""After several paintings of a photo, each one is changed from its own recipe."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from mailbot.storage.ledger import Ledger
from tests.fakes.mailbot.bot import text_of
from tests.fakes.mailbot.conversations.thread import Thread
from tests.fakes.mailbot.mails import photo
from tests.fakes.mailbot.talk import Talk

BEACH, HARBOUR = photo(seed=1), photo(seed=2)
PAIR = ("cat.jpg", "dog.jpg")
THREE = "mosaic three times: at 30%, 60% and 90%"


def options(talk: Talk, since: int) -> list[dict[str, str]]:
    """The photos that were asked for, without what is of no interest here."""
    names = ("style", "strength", "size", "keep_colors")
    return [
        {name: job[name] for name in names if name in job and job[name] != "false"}
        for job in talk.balancer.jobs[since:]
    ]


@pytest.mark.parametrize(
    ("before", "text", "expected"),
    [
        (
            "mosaic small and the scream big",
            "keep the colors",
            [
                {"style": "mosaic", "size": "512", "keep_colors": "true"},
                {"style": "the-scream", "size": "2048", "keep_colors": "true"},
            ],
        ),
        (
            "mosaic small and the scream big",
            "one size smaller",
            [{"style": "mosaic", "size": "256"}, {"style": "the-scream"}],
        ),
        (THREE, "the second one stronger", [{"style": "mosaic", "strength": "0.86"}]),
        (THREE, "die zweite bitte stärker", [{"style": "mosaic", "strength": "0.86"}]),
        (THREE, "la deuxième plus forte", [{"style": "mosaic", "strength": "0.86"}]),
        (THREE, "la segunda más fuerte", [{"style": "mosaic", "strength": "0.86"}]),
        (THREE, "la seconda più forte", [{"style": "mosaic", "strength": "0.86"}]),
        (THREE, "a segunda mais forte", [{"style": "mosaic", "strength": "0.86"}]),
        (THREE, "第二张强一点", [{"style": "mosaic", "strength": "0.86"}]),
        (THREE, "2枚目をもう少し強く", [{"style": "mosaic", "strength": "0.72"}]),
        (THREE, "only the last one, bigger", [{"style": "mosaic", "strength": "0.9", "size": "2048"}]),
        (THREE, "the last one in the scream", [{"style": "the-scream", "strength": "0.9"}]),
        ("mosaic small and the scream big", "the scream smaller", [{"style": "the-scream"}]),
        *(
            (THREE, text, [{"style": "mosaic", "strength": "0.86"}, {"style": "mosaic"}])
            for text in (
                "the last two stronger",
                "die letzten zwei stärker",
                "les deux dernières plus fortes",
            )
        ),
        *(
            (
                "mosaic small and the scream big",
                text,
                [{"style": "mosaic", "size": "256"}, {"style": "the-scream"}],
            )
            for text in ("all smaller", "alle kleiner", "toutes plus petites", "todas más pequeñas")
        ),
        (THREE, "all at 50%", [{"style": "mosaic", "strength": "0.5"}]),
    ],
)
async def test_each_painting_changes_from_its_own_recipe(
    talk: Talk, before: str, text: str, expected: list[dict[str, str]]
) -> None:
    first = await talk.says(before, BEACH)
    count = len(talk.balancer.jobs)
    await talk.says(text, to=first)
    assert options(talk, count) == expected


async def test_a_new_photo_is_painted_as_each_of_them(talk: Talk) -> None:
    first = await talk.says("mosaic twice, one small and one big", BEACH)
    await talk.says("the same for this one", HARBOUR, to=first)
    assert talk.balancer.photos[2:] == [HARBOUR, HARBOUR]
    assert options(talk, 2) == [{"style": "mosaic", "size": "512"}, {"style": "mosaic", "size": "2048"}]


async def test_each_photo_keeps_its_own_options_in_another_style(talk: Talk) -> None:
    first = await talk.says("mosaic, the first one small, the second one big", BEACH, HARBOUR)
    await talk.says("now in the scream please", to=first)
    sizes = [job["size"] for job in talk.balancer.jobs]
    assert sizes[2:] == ["512", "2048"]
    assert talk.balancer.photos[2:] == [BEACH, HARBOUR]


async def test_a_painting_that_there_is_not_is_told(talk: Talk) -> None:
    first = await talk.says(THREE, BEACH)
    answer = await talk.says("the fifth one bigger", to=first)
    assert answer is not None
    assert "I did not understand: “the fifth one”." in text_of(answer)


async def photos_changed(ledger: Ledger, text: str, photos: Sequence[str]) -> set[str]:
    """The photos that a reply has painted once more."""
    thread = Thread(ledger)
    await thread.says("udnie", photos)
    return {file for file, _ in (await thread.says(text)).pictures}


@pytest.mark.parametrize(
    "text",
    [
        *("both bigger, no, only the cat", "both bigger, or rather just the cat"),
        *("both bigger, sorry, I mean the cat", "both bigger, no, the cat only"),
        *("beide größer, nein nur cat", "les deux plus grands, non, seulement cat"),
        *("las dos más grandes, no, solo cat", "tutte e due più grandi, no, solo cat"),
        *("as duas maiores, não, só a cat", "两张都大一点,不,只要cat", "両方大きく、いや、catだけ"),
    ],
)
async def test_what_is_asked_of_both_is_taken_back_for_one(ledger: Ledger, text: str) -> None:
    assert await photos_changed(ledger, text, PAIR) == {"cat.jpg"}


@pytest.mark.parametrize(
    "text",
    ["both bigger, because the cat is tiny", "both bigger, only cat is shy", "both at 60, cat loves it"],
)
async def test_a_photo_that_only_tells_why_takes_nothing_back(ledger: Ledger, text: str) -> None:
    assert await photos_changed(ledger, text, PAIR) == set(PAIR)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "all but the cat weaker",
            "all but the first weaker",
            "all bar cat weaker",
            "all weaker but the cat",
        ),
        *("alle außer cat schwächer", "tous sauf le premier moins fort", "todas menos cat más suaves"),
        *(
            "tutte tranne cat più deboli",
            "todas menos cat mais fracas",
            "全部弱一点,除了cat",
            "cat以外全部弱く",
        ),
    ],
)
async def test_what_is_left_out_of_all_stays_as_it_is(ledger: Ledger, text: str) -> None:
    assert await photos_changed(ledger, text, (*PAIR, "boat.jpg")) == {"dog.jpg", "boat.jpg"}


@pytest.mark.parametrize(
    "text",
    [
        *("not only the first bigger", "not just the cat, both weaker", "nicht nur cat, beide größer"),
        *("pas seulement cat, les deux plus grands", "no solo cat, las dos más grandes"),
        *("non solo cat, tutte e due più grandi", "não só a cat, as duas maiores"),
        *("不只是cat,两张都大一点", "1枚目だけじゃなくて両方大きく"),
    ],
)
async def test_not_only_one_means_both(ledger: Ledger, text: str) -> None:
    assert await photos_changed(ledger, text, PAIR) == set(PAIR)


@pytest.mark.parametrize("text", ["Not the dog, the cat bigger", "nicht dog, cat größer"])
async def test_a_refused_photo_is_not_joined_to_the_next(ledger: Ledger, text: str) -> None:
    assert await photos_changed(ledger, text, PAIR) == {"cat.jpg"}
