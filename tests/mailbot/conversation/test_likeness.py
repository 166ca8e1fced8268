"""Replies that exchange pictures, want one like another, or a photo that was left out so far."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from mailbot.storage.ledger import Ledger
from tests.fakes.mailbot.conversations.thread import Outcome, Thread

PHOTOS = ("nico.jpg", "teo.jpg")
OWN = "the first in starry night, the second in the scream"


async def last_of(ledger: Ledger, said: Sequence[str], photos: Sequence[str] = ("dog.jpg",)) -> Outcome:
    """What came of the last of some mails, of which the first one has the photos."""
    thread = Thread(ledger)
    came = [await thread.says(text, () if at else photos) for at, text in enumerate(said)]
    return came[-1]


def painted(came: Outcome) -> set[tuple[str, str, int]]:
    """The photos, the styles and the strengths of what came."""
    return {(file, job.style, round(100 * job.options.strength)) for file, job in came.pictures}


@pytest.mark.parametrize(
    "text",
    [
        "swap the styles",
        "Vertausche sie",
        "inverse les styles",
        "intercambia los estilos",
        "scambia gli stili",
        "inverte",
        "对调一下",
        "入れ替えて",
    ],
)
async def test_two_pictures_exchange_their_styles(ledger: Ledger, text: str) -> None:
    came = await last_of(ledger, [OWN, text], PHOTOS)
    assert painted(came) == {("nico.jpg", "the-scream", 100), ("teo.jpg", "starry-night", 100)}


@pytest.mark.parametrize(
    "text",
    [
        "Nico the same as Teo please",
        "Nico genauso wie Teo",
        "Nico comme Teo",
        "Nico igual que Teo",
        "Nico piange, dagli lo stesso di Teo",
        "o Nico igual ao Teo",
        "Nico和Teo一样",
        "NicoもTeoと同じ絵で",
    ],
)
async def test_a_photo_is_painted_as_another_one(ledger: Ledger, text: str) -> None:
    came = await last_of(ledger, [OWN, text], PHOTOS)
    assert painted(came) == {("nico.jpg", "the-scream", 100)}


@pytest.mark.parametrize(
    "text",
    [
        "the first like the second",
        "the second is lovely! do the first like that too",
        "love the second! same for the first please",
        "die zweite ist toll! die erste auch so",
        "j'adore la deuxième ! la première pareil",
        "me encanta la segunda, la primera igual",
        "Bella la seconda! Fammi anche la prima così",
        "amei a segunda! a primeira assim também",
        "第二张好看！第一张也这样",
        "2枚目が最高！1枚目も同じで",
    ],
)
async def test_a_photo_is_painted_as_the_one_that_is_praised(ledger: Ledger, text: str) -> None:
    came = await last_of(ledger, [OWN, text], PHOTOS)
    assert painted(came) == {("nico.jpg", "the-scream", 100)}


@pytest.mark.parametrize(
    "text",
    [
        *(
            "Das zweite ist toll. Das erste hängt gleich daneben",
            "Das zweite ist toll. Das erste hängt genauso",
        ),
        "Ich liebe das zweite. Das erste ist gleich an der Wand gelandet",
        "Das zweite ist toll, das erste schicke ich gleich weiter",
        "the second is lovely! the first hangs just like that",
        "the second is lovely! the first was like that",
        "Das zweite ist toll! Das erste ist genauso schön",
    ],
)
async def test_a_photo_that_is_only_told_of_is_not_painted_as_another(ledger: Ledger, text: str) -> None:
    came = await last_of(ledger, [OWN, text], PHOTOS)
    assert ("nico.jpg", "the-scream", 100) not in painted(came)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "same for Teo or he will sulk",
            "Teo soll auch so werden",
            "faut que Teo soit pareil sinon ça râle",
        ),
        *("and Teo the same way so they match", "Teo de la misma manera", "Teo allo stesso modo"),
        *("o Teo igual senão ele chora", "anche Teo così, sennò si lamenta", "Teo也要一样的，不然他不高兴"),
    ],
)
async def test_a_photo_is_painted_as_the_last_one(ledger: Ledger, text: str) -> None:
    came = await last_of(ledger, ["starry night", "Nico at 45%", text], PHOTOS)
    assert painted(came) == {("teo.jpg", "starry-night", 45)}


@pytest.mark.parametrize("text", ["Teo bigger", "Teo the same but bigger"])
async def test_a_change_of_another_photo_keeps_its_own_strength(ledger: Ledger, text: str) -> None:
    came = await last_of(ledger, ["starry night", "Nico at 45%", text], PHOTOS)
    assert painted(came) == {("teo.jpg", "starry-night", 100)}


async def test_praise_of_another_photo_alone_makes_it_no_model(ledger: Ledger) -> None:
    came = await last_of(ledger, [OWN, "the second is lovely, the first a bit weaker"], PHOTOS)
    assert painted(came) == {("nico.jpg", "starry-night", 84)}
    said = "2nd one rocks. 1st one not so much, paint that in udnie"
    assert painted(await last_of(ledger, [OWN, said], PHOTOS)) == {("nico.jpg", "udnie", 100)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Teo at 40%", {("teo.jpg", "starry-night", 40)}),
        ("the other one too", {("teo.jpg", "starry-night", 60)}),
        ("the second at 40%", {("teo.jpg", "starry-night", 40)}),
        ("Teo anche lui al 40%", {("teo.jpg", "starry-night", 40)}),
        ("weaker", {("nico.jpg", "starry-night", 42)}),
        ("Nico at 40%", {("nico.jpg", "starry-night", 40)}),
    ],
)
async def test_a_photo_that_was_left_out_is_still_known(
    ledger: Ledger, text: str, expected: set[tuple[str, str, int]]
) -> None:
    came = await last_of(ledger, ["only the first photo, starry night 60%", text], PHOTOS)
    assert painted(came) == expected


@pytest.mark.parametrize(
    "text",
    [
        "all three at 40%",
        "alle drei auf 40%",
        "tutte e tre al 40%",
        "as três a 40%",
        "三张都40%",
        "三枚とも40%で",
    ],
)
async def test_all_three_are_those_of_the_thread(ledger: Ledger, text: str) -> None:
    came = await last_of(ledger, ["starry night", "the second at 80%", text], (*PHOTOS, "samu.jpg"))
    assert painted(came) == {(file, "starry-night", 40) for file in (*PHOTOS, "samu.jpg")}


async def test_the_mixed_one_is_the_last_blend(ledger: Ledger) -> None:
    said = ["starry night 60% and scream 40%", "only the scream please", "the mixed one was better"]
    ((_, job),) = (await last_of(ledger, said)).pictures
    assert job.style.count(":") == 2


@pytest.mark.parametrize(
    ("text", "strength"),
    [
        ("Less of it, 45", 45),
        ("Quarenta e cinco.", 45),
        ("八十五", 85),
        ("降到七十", 70),
        ("给他也70", 70),
        ("中火 60", 60),
        ("请减弱两成", 30),
        ("10%だけ下げて", 40),
        ("20% mais fraco", 30),
        ("20% schwächer", 30),
        ("back to normal strength", 100),
        ("强度也恢复正常", 100),
    ],
)
async def test_a_strength_is_read_without_a_sign(ledger: Ledger, text: str, strength: int) -> None:
    ((_, job),) = (await last_of(ledger, ["the scream 50%", text])).pictures
    assert round(100 * job.options.strength) == strength


@pytest.mark.parametrize("text", ["Bello! Quello grande", "Lovely frame and a bit bigger"])
async def test_a_size_beside_praise_is_a_wish(ledger: Ledger, text: str) -> None:
    thread = Thread(ledger)
    await thread.says("the scream", ["dog.jpg"])
    ((_, job),) = (await thread.says(text)).pictures
    assert job.options.size == 2048


@pytest.mark.parametrize(
    "text",
    [
        "only the wave please",
        "without the scream",
        "nur die Welle",
        "enlève le cri",
        "quita el grito",
        "togli l'urlo",
        "tira o grito",
        "去掉呐喊",
        "叫びを抜いて",
    ],
)
async def test_a_style_leaves_a_blend(ledger: Ledger, text: str) -> None:
    ((_, job),) = (await last_of(ledger, ["wave 70% and scream 30%", text])).pictures
    assert job.style == "great-wave"


async def test_a_japanese_that_is_the_picture_praised_and_a_count_means_all(ledger: Ledger) -> None:
    thread = Thread(ledger)
    await thread.says("クロはモンドリアン、シロはウドニー", ["クロ.jpg", "シロ.jpg"])
    came = await thread.says("シロのやつ気に入った。クロもそれで")
    assert [(file, job.style) for file, job in came.pictures] == [("クロ.jpg", "udnie")]
    came = await thread.says("二匹そろえて小さくして")
    assert [(file, job.options.size) for file, job in came.pictures] == [("クロ.jpg", 512), ("シロ.jpg", 512)]
