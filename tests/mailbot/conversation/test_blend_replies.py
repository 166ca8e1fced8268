"""Replies that mix a style into the painting before, or want more or less of one."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from mailbot.storage.ledger import Ledger
from tests.fakes.mailbot.dialogues import Gallery
from tests.fakes.mailbot.mails import photo
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.mailbot.talk import Talk

BEACH, HARBOUR = photo(seed=1), photo(seed=2)
SCREAM, BLEND, REDUCED = "the scream at 50%", "scream and udnie", "scream and udnie|without the scream"
HINT = {"style": "the-scream:0.78,great-wave:0.22", "strength": "0.5"}
HALVES = {"style": "the-scream:0.5,udnie:0.5", "strength": "0.5"}
EVEN = {"style": "udnie:0.5,the-scream:0.5"}
MORE = {"style": "the-scream:0.3,udnie:0.7"}


@pytest.fixture
async def talk(ledger: Ledger, sink: Sink) -> AsyncIterator[Talk]:
    """A person who writes to a bot with the shipped styles."""
    async with Gallery() as balancer, Talk(ledger, balancer, sink) as opened:
        yield opened


@pytest.mark.parametrize(
    ("before", "text", "expected"),
    [
        *(
            (SCREAM, text, HINT)
            for text in (
                "Great, thanks. What about the same with a hint of wave?",
                "can you mix in a bit of the great wave",
                "and a touch of Hokusai please",
                "Super, danke. Wie wäre das Gleiche mit einem Hauch Welle?",
                "la même avec une touche de la grande vague",
                "lo mismo con un toque de la gran ola",
                "lo stesso con un pizzico di onda",
                "a mesma com um toque da grande onda",
                "加一点神奈川冲浪里",
                "神奈川沖浪裏を少し混ぜて",
            )
        ),
        *(
            (SCREAM, text, HALVES)
            for text in ("mix it with udnie", "misch es mit Udnie", "et si on mélangeait avec udnie")
        ),
        *(
            (REDUCED, text, EVEN)
            for text in (
                "put the scream back in",
                "add the scream again",
                "nimm den Schrei wieder dazu",
                "rajoute le cri",
                "vuelve a añadir el grito",
                "rimetti l'urlo",
                "coloca o grito de volta",
                "把呐喊加回来",
                "叫びをまた加えて",
            )
        ),
        *(
            ("the scream|kandinsky", text, {"style": "the-scream"})
            for text in (
                "put the scream back",
                "bof. remets le cri",
                "nee, wieder den Schrei",
                "vuelve a poner el grito",
                "rimetti l'urlo",
                "põe o grito de volta",
                "换回呐喊",
                "叫びに戻して",
            )
        ),
        (f"{REDUCED}|put the scream back in", "70/30", {"style": "udnie:70,the-scream:30"}),
        *(
            (BLEND, text, MORE)
            for text in (
                "more udnie",
                "a bit more udnie please",
                "less scream please",
                "mehr Udnie",
                "weniger Schrei bitte",
                "plus d'Udnie",
                "un peu moins de cri",
                "más udnie",
                "menos grito",
                "più udnie",
                "meno urlo",
                "mais udnie",
                "menos grito, por favor",
                "少一点呐喊",
                "叫びをもっと弱く",
            )
        ),
        (SCREAM, "more scream", {"style": "the-scream", "strength": "0.71"}),
        (SCREAM, "less scream please", {"style": "the-scream", "strength": "0.35"}),
        (BLEND, "the wave with a hint of scream", {"style": "great-wave:0.78,the-scream:0.22"}),
        (SCREAM, "now in the wave, a bit lighter", {"style": "great-wave", "strength": "0.42"}),
        (
            SCREAM,
            "add a hat to my dog, and keep the colours",
            {"style": "the-scream", "strength": "0.5", "keep_colors": "true"},
        ),
    ],
)
async def test_the_painting_before_is_mixed(
    talk: Talk, before: str, text: str, expected: dict[str, str]
) -> None:
    last = None
    for said in before.split("|"):
        last = await talk.says(said, *(() if last else (BEACH,)), to=last)
    await talk.says(text, to=last)
    assert talk.last == expected


@pytest.mark.parametrize(
    "text",
    [
        *("mix it with udnie, half and half", "merge it with udnie please", "mit udnie gemischt, halb halb"),
        *("mélange-la avec udnie, moitié moitié", "mézclala con udnie, mitad y mitad"),
        *("mescolala con udnie, metà e metà", "misture com udnie, meio a meio"),
        *("他想要跟udnie掺一起,对半", "udnieと混ぜて、半々で"),
    ],
)
async def test_a_style_is_mixed_in_by_halves(talk: Talk, text: str) -> None:
    first = await talk.says(SCREAM, BEACH)
    await talk.says(text, to=first)
    assert talk.last == HALVES


async def test_half_of_a_blend_is_left_for_a_third_style(talk: Talk) -> None:
    first = await talk.says("80% scream and 20% udnie", BEACH)
    await talk.says("mix it with the wave, half and half", to=first)
    assert talk.last == {"style": "the-scream:0.4,udnie:0.1,great-wave:0.5"}
