"""A reply can mean any picture of its thread, one that the last answer lacks, and a photo that never came."""

from __future__ import annotations

import pytest

from mailbot.conversation.unclear_photos import NO_NEW_PHOTO
from mailbot.storage.ledger import Ledger
from tests.fakes.mailbot.conversations.thread import Outcome, Thread
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
        ("the first at 65%", "Beide nochmal, mit 60", [(CAT, "mosaic", "0.6"), (DOG, "mosaic", "0.6")]),
        (
            "the first at 65%",
            "q lindos. los dos más grandes",
            [(CAT, "mosaic", "0.65"), (DOG, "mosaic", "1")],
        ),
        (
            "the first at 65%",
            "both with my own colours",
            [(CAT, "mosaic", "0.65"), (DOG, "mosaic", "1")],
        ),
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


async def _answer(ledger: Ledger, text: str, file: str = "IMG_1.jpg") -> Outcome:
    """What comes of a reply to the wave at 50 %."""
    thread = Thread(ledger)
    await thread.says("the wave at 50%", [file])
    return await thread.says(text)


@pytest.mark.parametrize(
    "text",
    [
        "the same for my other photo (attached)",
        "same again with this picture",
        "The same please. The photo is attached",
        "the same for grandpa's photo",
        "Grandpa too, the same",
        "Das Gleiche für mein anderes Foto, anbei",
        "dasselbe mit dem Foto von Opa",
        "Tante Inge auch, dasselbe",
        "La même chose sur cette photo-ci pour avoir la paix",
        "pareil pour la photo de mon chien",
        "mamie aussi, pareil",
        "haz lo mismo con la adjunta",
        "y esta otra igual",
        "mi abuela también quiere una, igual",
        "la stessa cosa con quest'altra foto",
        "lo stesso per la foto di mia zia",
        "idem per mio fratello",
        "igual com a foto em anexo",
        "o mesmo com a foto da vovó",
        "a vovó também quer uma, igual",
        "附件这张也一样",
        "外婆的照片也同样",
        "王阿姨也要一张,同样的",
        "添付の写真も同じにしてください",
        "サバ太の写真も同じようにお願いします",
        "弟も同じで",
    ],
)
async def test_the_answer_says_that_no_new_photo_came(ledger: Ledger, text: str) -> None:
    came = await _answer(ledger, text)
    assert NO_NEW_PHOTO in came.notes
    assert [file for file, _ in came.pictures] == ["IMG_1.jpg"]


@pytest.mark.parametrize(
    ("text", "file"),
    [
        *(
            (text, "IMG_1.jpg")
            for text in ("the same again please", "me too, the same", "the same photo again")
        ),
        *((text, "IMG_1.jpg") for text in ("noch einmal dasselbe bitte", "das gleiche Foto nochmal bitte")),
        *(
            (text, "IMG_1.jpg")
            for text in ("lo mismo otra vez", "lo stesso di nuovo, grazie", "もう一度同じで")
        ),
        ("the same for the cat, please", "cat.jpg"),
        ("this photo at 60%, else the same", "IMG_1.jpg"),
    ],
)
async def test_the_same_of_the_photo_before_needs_no_note(ledger: Ledger, text: str, file: str) -> None:
    assert NO_NEW_PHOTO not in (await _answer(ledger, text, file)).notes


async def test_once_more_is_no_number(ledger: Ledger) -> None:
    came = await _answer(ledger, "once more please")
    assert [round(100 * job.options.strength) for _, job in came.pictures] == [50]
