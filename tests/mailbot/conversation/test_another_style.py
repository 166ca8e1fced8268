"""A reply can leave another style to the bot, or name one: for an unknown one, or as the better one."""

from __future__ import annotations

import pytest

from mailbot.storage.ledger import Ledger
from tests.fakes.mailbot.bot import text_of
from tests.fakes.mailbot.conversations.table import described
from tests.fakes.mailbot.conversations.thread import Thread
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


@pytest.mark.parametrize(
    ("first", "reply", "expected"),
    [
        ("Picasso please, about 50% and big", "ok then the scream", "the-scream 50% 2048px"),
        ("Picasso please, about 50% and big", "ok then the scream, small", "the-scream 50% 512px"),
        ("Picasso please, about 50% and big", "the scream, normal size", "the-scream 50% 1024px"),
        ("Picasso, keep my colours please", "the wave then", "great-wave 100% 1024px colors kept"),
        ("Aquarell groß", "dann den Schrei", "the-scream 100% 2048px"),
        ("aquarelle en grand", "alors le cri", "the-scream 100% 2048px"),
        ("Picasso por favor, al 50% y grande", "entonces el grito", "the-scream 50% 2048px"),
        ("Picasso, al 50%, grande", "allora l'urlo", "the-scream 50% 2048px"),
        ("Picasso, 50%, grande por favor", "então o grito", "the-scream 50% 2048px"),
        ("水彩 60%", "那就呐喊吧", "the-scream 60% 1024px"),
        ("ピカソで、50%、大きく", "じゃあ叫びで", "the-scream 50% 2048px"),
        ("picasso", "the scream, not too strong", "the-scream 60% 1024px"),
        ("picasso", "dann der Schrei, nicht zu stark", "the-scream 60% 1024px"),
        ("Picasso please, 150%", "the scream 50%", "the-scream 50% 1024px"),
        ("picasso", "the scream", "the-scream 100% 1024px"),
    ],
)
async def test_the_options_of_a_refused_ask_are_kept(
    ledger: Ledger, first: str, reply: str, expected: str
) -> None:
    thread = Thread(ledger)
    assert (await thread.says(first, ["s.jpg"])).error == "UnknownStyle"
    assert described(await thread.says(reply)).strip() == f"s.jpg {expected}"


@pytest.mark.parametrize(
    "text",
    [
        *(
            "My flatmate thinks Léger suits it better. 90 then",
            "Mein Bruder meint, Léger passt besser. Auf 90 dann",
        ),
        *("Mon coloc trouve que Léger irait mieux. À 90 alors", "Léger le pega más. Al 90 entonces"),
        *("Meu colega acha que o Léger combina mais. A 90 então", "室友说莱热更合适。那就90吧"),
        "ルームメイトがレジェのほうが合うって。じゃあ90で",
    ],
)
async def test_the_style_that_somebody_finds_better_is_wanted(ledger: Ledger, text: str) -> None:
    thread = Thread(ledger)
    await thread.says("mondrian 50%", ["tower.jpg"])
    ((_, job),) = (await thread.says(text)).pictures
    assert (job.style, round(100 * job.options.strength)) == ("contrast-of-forms", 90)
