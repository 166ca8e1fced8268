"""The subject of a reply: that of the mail before counts no more, one from a link of an answer does."""

from __future__ import annotations

import pytest

from styles.contract import PaintingRecipe
from styles.imaging.xmp import embedded, packet
from tests.fakes.mailbot.bot import text_of
from tests.fakes.mailbot.mails import photo
from tests.fakes.mailbot.talk import Talk

BEACH = photo(seed=1)
SIGNATURE = "Ann Example\nLighthouse Keeper"


async def test_the_subject_of_a_link_counts_above_a_signature(talk: Talk) -> None:
    first = await talk.says("mosaic 60%", BEACH)
    await talk.says(SIGNATURE, to=first, subject="the scream")
    assert talk.last == {"style": "the-scream", "strength": "0.6"}
    await talk.says(SIGNATURE, to=first, subject="bigger")
    assert talk.last == {"style": "mosaic", "strength": "0.6", "size": "2048"}
    await talk.says("", to=first, subject="10% more")
    assert talk.last == {"style": "mosaic", "strength": "0.7"}


async def test_the_subject_of_the_mail_before_does_not(talk: Talk) -> None:
    first = await talk.says("", BEACH, subject="mosaic, big")
    await talk.says("more subtle", to=first, subject="Re: mosaic, big")
    assert talk.last == {"style": "mosaic", "strength": "0.7", "size": "2048"}
    await talk.says("now in the scream", to=first, subject="Re: mosaic, big")
    assert talk.last == {"style": "the-scream", "size": "2048"}


async def test_like_last_time_is_understood_as_a_subject(talk: Talk) -> None:
    await talk.says("mosaic 60%, small", BEACH)
    harbour = photo(seed=2)
    await talk.says(SIGNATURE, harbour, subject="like last time")
    assert talk.last == {"style": "mosaic", "strength": "0.6", "size": "512"}
    assert talk.balancer.photos[-1] == harbour


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("another one", "like last time"),
        ("noch eins", "wie letztes Mal"),
        ("encore une autre", "comme la dernière fois"),
        ("otra más", "como la última vez"),
        ("ancora un'altra", "come l'ultima volta"),
        ("mais outra", "como da última vez"),
        ("再来一张别的", "和上次一样"),
        ("もう一枚別の", "前回と同じで"),
        ("photo", "another one, like last time"),
    ],
)
async def test_another_one_like_last_time_is_another_photo(talk: Talk, subject: str, text: str) -> None:
    await talk.says("mosaic 60%, small", BEACH)
    await talk.says(text, photo(seed=2), subject=subject)
    assert talk.last == {"style": "mosaic", "strength": "0.6", "size": "512"}


async def test_of_several_paintings_beside_a_photo_the_first_is_taken_and_that_is_said(talk: Talk) -> None:
    paintings = [
        embedded(photo(seed=seed), "jpeg", packet(PaintingRecipe(style=style), ""))
        for seed, style in ((5, "the-scream"), (6, "mosaic"))
    ]
    answer = await talk.says("", *paintings, BEACH)
    assert answer is not None
    assert talk.last == {"style": "the-scream"}
    assert "painted your photo as the first of them" in text_of(answer)
    answer = await talk.says("", paintings[0], BEACH)
    assert answer is not None
    assert "the first of them" not in text_of(answer)


async def test_a_painting_in_a_mail_of_the_thread_is_not_painted_again(talk: Talk) -> None:
    painting = embedded(photo(seed=5), "jpeg", packet(PaintingRecipe(style="the-scream"), ""))
    first = await talk.says("picasso please", BEACH, painting)
    await talk.says("mosaic please", to=first)
    assert talk.balancer.photos == [BEACH]
