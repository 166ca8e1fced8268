"""Options that several sentences of a mail say together."""

from __future__ import annotations

import pytest

from mailbot.intents.command_types import Paint
from tests.fakes.mailbot.asks import paint_of, read, request_of


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Light scream", "Please do the scream at 35%, so the kids aren't scared. It's for Halloween."),
        ("Leichter Schrei", "Bitte malt den Schrei mit 35 %, damit die Kinder keine Angst bekommen."),
        ("Cri léger", "Mettez le cri à 35 % s'il vous plaît, pour les enfants."),
        ("Urlo leggero", "Mettete L'urlo al 35% così i bambini non si spaventano."),
    ],
)
def test_a_number_beside_the_style_counts_before_a_vague_word(subject: str, text: str) -> None:
    paint = read(request_of({"subject": subject, "text": text, "photos": 1}))
    assert isinstance(paint, Paint)
    assert [job.style for job in paint.jobs] == ["the-scream"]
    assert paint.jobs[0].options.strength == 0.35


@pytest.mark.parametrize(
    ("text", "strength"),
    [
        ("We love the Starry Night look but only a gentle touch of it, our faces should still show", 0.5),
        ("Juste un soupçon de Kandinsky sur le chat", 0.25),
        ("Un poquito nada más de Kandinsky encima de mi gata, que se note apenas.", 0.3),
        ("Gib mir nur eine Idee von Mondrian, ganz zart", 0.25),
    ],
)
def test_a_bit_of_a_style_is_a_wish_for_it_at_a_low_strength(text: str, strength: float) -> None:
    paint = paint_of(text)
    assert paint.chosen == "named"
    assert paint.jobs[0].options.strength == strength


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        ("starry night, small; the scream, big", [512, 2048]),
        ("Petite photo du Vieux-Québec en janvier. La nuit étoilée s'il vous plaît.", [1024]),
        ("Kleines Foto vom Hof. Bitte im Stil der Sternennacht.", [1024]),
        ("La ola por favor. Un saludo grande.", [1024]),
        ("The scream please. It fits a very small, very loud man.", [1024]),
        ("a small picture please, starry night", [512]),
        ("Starry night, it's for a poster. 2000 pixels please.", [2000]),
        ("Nuit étoilée pour une affiche. Il nous faut 2000 pixels.", [2000]),
        ("美瑛の丘です。星月夜、大きいサイズを希望いたします。", [2048]),
        ("額に入れるので大きめのサイズを希望します。星月夜で。", [2048]),
    ],
)
def test_a_size_is_that_of_a_painting(text: str, sizes: list[int]) -> None:
    assert [job.options.size for job in paint_of(text).jobs] == sizes


@pytest.mark.parametrize(
    ("text", "strength"),
    [
        ("Starry night. My brother said 20, my sister 30, we agreed on 25.", 0.25),
        ("Sternennacht. Sie wollte 20, ich 30, wir haben uns auf 25 geeinigt.", 0.25),
        ("Nuit étoilée. Elle disait 20, moi 30, on s'est mis d'accord sur 25.", 0.25),
        ("Notte stellata. Lei diceva 20, io 30, abbiamo deciso per 25.", 0.25),
        ("Noche estrellada. Ella decía 20, yo 30, nos decidimos por 25.", 0.25),
        ("星空那幅。她说二十，我说三十，最后定了二十五，就二十五吧。", 0.25),
        ("Starry night. We agreed on 25 guests.", 1.0),
        ("Noche estrellada. Procure que sea suave, Iñaki es tímido.", 0.5),
        ("Wheat field for the barley.", 1.0),
    ],
)
def test_a_strength_may_be_settled_in_a_tale(text: str, strength: float) -> None:
    assert paint_of(text).jobs[0].options.strength == strength
