"""Replies without a photo that want another photo painted like the last one."""

from __future__ import annotations

import pytest

from mailbot.conversation.missing_photos import NO_NEW_PHOTO
from mailbot.storage.ledger import Ledger
from tests.fakes.mailbot.conversations.thread import Outcome, Thread


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
