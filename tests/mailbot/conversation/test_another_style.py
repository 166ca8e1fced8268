"""A reply can leave another style to the bot."""

from __future__ import annotations

import pytest

from tests.fakes.mailbot.bot import text_of
from tests.fakes.mailbot.mails import photo
from tests.fakes.mailbot.talk import Talk


@pytest.mark.parametrize(
    "text",
    [
        *("surprise me again", "another one, surprise me", "and one more, surprise me"),
        *(
            "another one",
            "another one please",
            "noch eins bitte",
            "encore un autre",
            "otra más",
            "mais outro",
        ),
        *("another surprise please", "another style please", "different style please"),
        *(
            "einen anderen Stil bitte",
            "überrasch mich nochmal",
            "encore un autre style",
            "surprends-moi encore",
        ),
        *(
            "sorpréndeme otra vez",
            "otro estilo por favor",
            "un altro stile per favore",
            "sorprendimi di nuovo",
        ),
        *("outro estilo por favor", "me surpreenda de novo", "再来一张别的", "换一个风格", "別のスタイルで"),
    ],
)
async def test_another_style_is_one_that_was_not_painted(talk: Talk, text: str) -> None:
    first = await talk.says("mosaic", photo(seed=1))
    answer = await talk.says(text, to=first)
    assert talk.balancer.jobs[1]["style"] in ("starry-night", "the-scream")
    assert answer is not None
    assert "not understand" not in text_of(answer)


@pytest.mark.parametrize(
    "text",
    [
        *("hmm no. another one", "nein. noch eins bitte", "non. une autre", "no. otra", "no. un altro"),
        *("another painter", "einen anderen Maler bitte", "dans un autre style", "un autre peintre"),
        *("otra", "otro pintor", "estilo diferente", "un altro pittore", "stile diverso"),
        *("outra", "outro pintor", "换个画家", "別の画家で"),
    ],
)
async def test_another_painter_is_another_style(talk: Talk, text: str) -> None:
    first = await talk.says("mosaic", photo(seed=1))
    answer = await talk.says(text, to=first)
    assert talk.balancer.jobs[1]["style"] in ("starry-night", "the-scream")
    assert answer is not None
    assert "not understand" not in text_of(answer)


async def test_another_one_with_a_change_is_the_same_style(talk: Talk) -> None:
    first = await talk.says("mosaic 60%", photo(seed=1))
    await talk.says("another one, but weaker", to=first)
    assert talk.last == {"style": "mosaic", "strength": "0.42"}


@pytest.mark.parametrize(
    "text",
    [
        *("here's another one for you", "another one please", "thanks! and another one", "one more"),
        *("another one please, same style", "noch eins!", "hier noch eins", "encore un autre"),
        *("otra más", "ancora un'altra", "mais outra", "もう一枚", "再来一张"),
        *("otra", "un altro", "outra", "une autre"),
    ],
)
async def test_another_one_beside_a_photo_is_the_photo(talk: Talk, text: str) -> None:
    first = await talk.says("mosaic 60%", photo(seed=1))
    await talk.says(text, photo(seed=2), to=first)
    assert talk.last == {"style": "mosaic", "strength": "0.6"}
    assert talk.balancer.photos[1:] == [photo(seed=2)]


async def test_another_style_beside_a_photo_is_none_before(talk: Talk) -> None:
    first = await talk.says("mosaic", photo(seed=1))
    answer = await talk.says("another style please", photo(seed=2), to=first)
    assert talk.last["style"] in ("starry-night", "the-scream")
    assert answer is not None
    assert "like the one before" not in text_of(answer)
