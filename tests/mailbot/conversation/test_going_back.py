"""Replies that go back to an earlier picture of a thread: "the first was better", "back", "as at first"."""

from __future__ import annotations

import pytest

from mailbot.storage.ledger import Ledger
from tests.fakes.mailbot.conversations.thread import Outcome, Thread


async def _after(ledger: Ledger, *texts: str) -> Outcome:
    """What comes of the last of some replies to a scream at 80 %."""
    thread = Thread(ledger)
    came = await thread.says("the scream at 80%", ["dog.jpg"])
    for text in texts:
        came = await thread.says(text)
    return came


def _painted(came: Outcome) -> list[tuple[str, int]]:
    return [(job.style, round(100 * job.options.strength)) for _, job in came.pictures]


@pytest.mark.parametrize(
    "text",
    [
        "the first was better",
        "the first one won. that one again",
        "el primero ganaba",
        "no, back to the first",
        "oops, that was too strong, like at the start please",
        "das erste war besser",
        "zu viel, wieder wie am anfang",
        "il préfère la première au final",
        "non, le premier essai",
        "me quedo con la primera",
        "vuelve a la primera",
        "preferisco la prima",
        "fico com a primeira",
        "还是第一张好看",
        "最初のほうがよかった",
        "nah, the one from the start please",
        "lieber doch das vom anfang",
        "finalement celle du début",
        "mejor la del principio",
        "anzi, quella iniziale",
        "prefiro a do início",
        "更怪 哈哈 还是刚开始那张",
    ],
)
async def test_the_first_picture_of_a_photo_is_brought_back(ledger: Ledger, text: str) -> None:
    assert _painted(await _after(ledger, "now udnie", "weaker", text)) == [("the-scream", 80)]


async def test_what_else_is_said_changes_the_picture_of_before(ledger: Ledger) -> None:
    assert _painted(await _after(ledger, "now udnie", "First was better. 75")) == [("the-scream", 75)]


async def test_numbers_count_the_paintings_of_one_photo(ledger: Ledger) -> None:
    came = await _after(ledger, "now udnie", "wheat field", "the middle one was best")
    assert _painted(came) == [("udnie", 80)]


@pytest.mark.parametrize(
    "text", ["nah, back please", "neee zurück", "retour svp", "no, atrás", "no, indietro", "volta", "戻して"]
)
async def test_a_mere_back_undoes(ledger: Ledger, text: str) -> None:
    assert _painted(await _after(ledger, "now udnie", text)) == [("the-scream", 80)]


@pytest.mark.parametrize(
    "text", ["the one before, bigger", "der davor, größer", "celle d'avant, en plus grand"]
)
async def test_the_picture_before_can_be_changed(ledger: Ledger, text: str) -> None:
    came = await _after(ledger, "now udnie", text)
    assert [(job.style, job.options.size) for _, job in came.pictures] == [("the-scream", 2048)]


async def test_a_style_beside_undo_is_painted(ledger: Ledger) -> None:
    assert _painted(await _after(ledger, "annule, je veux mondrian")) == [("tableau-2", 80)]


async def test_nothing_to_undo_is_said(ledger: Ledger) -> None:
    assert (await _after(ledger, "undo")).error == "UnclearReply"


async def test_an_ordinal_in_a_story_chooses_nothing(ledger: Ledger) -> None:
    came = await _after(ledger, "now udnie", "my first dog looked like that")
    assert came.error == "UnclearReply"


@pytest.mark.parametrize(
    "text",
    [
        "with the painting's colours",
        "hmm, the painter's colours after all",
        "mit den farben vom gemälde",
        "avec les couleurs du peintre",
        "con los colores del cuadro",
        "con i colori del quadro",
        "com as cores do quadro",
        "用画的颜色",
        "絵の色でお願いします",
    ],
)
async def test_the_colors_of_the_painting_come_back(ledger: Ledger, text: str) -> None:
    came = await _after(ledger, "keep the colors", text)
    assert [job.options.keep_colors for _, job in came.pictures] == [False]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (("now udnie", "wheat field", "undo", "undo"), [("the-scream", 80)]),
        (("now udnie", "undo", "now wheat field", "undo"), [("the-scream", 80)]),
        (("now udnie", "rückgängig", "rückgängig"), []),
        (("now udnie", "undo", "undo"), []),
    ],
)
async def test_undo_never_brings_back_what_was_undone(
    ledger: Ledger, texts: tuple[str, ...], expected: list[tuple[str, int]]
) -> None:
    assert _painted(await _after(ledger, *texts)) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("back to the scream, at 60", "zurück zum Schrei, aber mit 60", "reviens au cri, mais à 60"),
        *("vuelve al grito, pero a 60", "torniamo all'urlo, però a 60", "volta ao grito e põe a 60"),
        *("回到呐喊，强度60", "叫びに戻して、60で"),
    ],
)
async def test_back_to_a_style_is_that_style(ledger: Ledger, text: str) -> None:
    assert _painted(await _after(ledger, "now udnie", text)) == [("the-scream", 60)]


@pytest.mark.parametrize(
    "text",
    [
        *("udnie with the same dose", "zu Udnie, selbe Intensität", "passons à Udnie, même dose"),
        *("pásala a Udnie con la misma fuerza", "Udnie, stessa dose", "udnie com a mesma força"),
        *("换成Udnie，力度不变", "ウドニーで、同じ強さで"),
    ],
)
async def test_the_same_strength_is_that_of_the_last_painting(ledger: Ledger, text: str) -> None:
    assert _painted(await _after(ledger, "30%", text)) == [("udnie", 30)]
