"""Words for a size, a strength or colours that a tale says of what it tells ask for nothing."""

from __future__ import annotations

import pytest

from styles.contract import DEFAULT_SIZE
from tests.fakes.mailbot.asks import paint_of


@pytest.mark.parametrize(
    "text",
    [
        "We were sixty yards out when the bottom came away, quite gently, like a tray. Starry night.",
        "On a bien ri, mais pour un gars qui a eu trois inondations, c'est moyen. Nuit étoilée.",
        "Dou aulas de surf em Peniche e na foto estou eu, muito pequenino, em baixo. Noite estrelada.",
        "La fontana funziona ancora, il vigile un po' meno. Notte stellata.",
        "Nevicava e sotto c'era il cane con un altro cappello, più piccolo. Notte stellata.",
        "Mes enfants étaient petits ; ils sont grands. Nuit étoilée.",
        "Meine Kinder waren klein; sie sind jetzt groß. Sternennacht.",
        "The kids are small. Starry night.",
        "I bambini sono piccoli. Notte stellata.",
    ],
)
def test_a_quality_of_what_is_told_is_no_option(text: str) -> None:
    (job,) = paint_of(text).jobs
    assert (job.style, job.options.size, job.options.strength) == ("starry-night", DEFAULT_SIZE, 1.0)


@pytest.mark.parametrize(
    ("text", "size", "strength"),
    [
        ("It hangs in the vaporetto, so big please. Starry night.", 2048, 1.0),
        ("Lo appendono in vaporetto, formato gigante. Notte stellata.", 2048, 1.0),
        ("Sie muss groß sein. Sternennacht.", 2048, 1.0),
        ("Es para mi abuela, que sea grande. Noche estrellada.", 2048, 1.0),
        ("Starry night, but gently, my gran is shy.", DEFAULT_SIZE, 0.5),
        ("Noite estrelada? e bem pequena, pra não travar meu celular velho", 512, 1.0),
    ],
)
def test_an_option_behind_a_comma_may_be_a_wish(text: str, size: int, strength: float) -> None:
    (job,) = paint_of(text).jobs
    assert (job.options.size, job.options.strength) == (size, strength)


@pytest.mark.parametrize(
    "text",
    [
        "This is the only colour photo we have of the boat. Starry night please.",
        "C'est la seule photo en couleur que nous ayons. Nuit étoilée s'il vous plaît.",
        "Es la única foto a color que tenemos. Noche estrellada por favor.",
        "È l'unica foto a colori che abbiamo. Notte stellata per favore.",
        "É a única foto a cores que temos. Noite estrelada por favor.",
        "唯一のカラー写真です。星月夜でお願いします。",
    ],
)
def test_a_photo_in_colour_keeps_no_colours(text: str) -> None:
    paint = paint_of(text)
    assert not paint.jobs[0].options.keep_colors
    assert paint.not_understood == ()


@pytest.mark.parametrize(
    "text",
    ["Kandinskij, quella del '13.", "Kandinsky, the one of ’13 please.", "Kandinsky, celui de '13 svp"],
)
def test_a_year_of_two_digits_is_no_strength(text: str) -> None:
    (job,) = paint_of(text).jobs
    assert (job.style, job.options.strength) == ("composition-vii", 1.0)


@pytest.mark.parametrize(
    "text",
    [
        "I saw a poster of the great wave at school, I'd love that wave for my brother.",
        "Having looked at the poster again I'd go for the great wave.",
        "En la escuela pusieron un cartel con la ola de Kanagawa y la quiero así.",
        "A scuola hanno appeso un manifesto con l'onda di Kanagawa, la vorrei così.",
        "Na escola puseram um cartaz com a onda de Kanagawa, queria essa.",
        "The wind force 12 was no joke. The great wave please.",
        "C'era vento forza 12. La grande onda per favore.",
        "Il y avait un vent de force 12. La grande vague s'il vous plaît.",
        "Hubo viento de fuerza 12. La gran ola por favor.",
        "風力12でした。大波でお願いします。",
    ],
)
def test_a_poster_and_a_storm_that_are_told_of_are_no_options(text: str) -> None:
    (job,) = paint_of(text).jobs
    assert (job.style, job.options.size, job.options.strength) == ("great-wave", DEFAULT_SIZE, 1.0)


@pytest.mark.parametrize(
    "text",
    [
        "Noite estrelada. Se precisarem da foto em tamanho maior, meu sobrinho tem o original.",
        "Starry night. If you need it larger, my nephew has the original.",
        "Sternennacht. Wenn ihr es größer braucht, mein Neffe hat das Original.",
    ],
)
def test_a_size_on_offer_is_no_option(text: str) -> None:
    (job,) = paint_of(text).jobs
    assert (job.style, job.options.size) == ("starry-night", DEFAULT_SIZE)
