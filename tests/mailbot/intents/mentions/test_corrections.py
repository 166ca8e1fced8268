"""A request that a mail takes back is not painted."""

from __future__ import annotations

import pytest

from tests.fakes.mailbot.asks import paint_of


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("the scream, no wait, the wave", "great-wave"),
        ("Starry night please. Actually no, scrap that, make it the wheat field", "wheat-field"),
        ("the scream. Hang on. The wave please", "great-wave"),
        ("starry night 40%, sorry I meant starry night", "starry-night"),
        ("Schrei. Ach nee, doch lieber die Sternennacht", "starry-night"),
        ("le cri... euh non, plutôt la vague", "great-wave"),
        ("el grito, digo, la gran ola", "great-wave"),
        ("l'urlo, anzi no, la notte stellata", "starry-night"),
        ("o grito, quer dizer, a noite estrelada", "starry-night"),
        ("呐喊,啊不对,还是星空吧", "starry-night"),
        ("叫び、いやごめん、やっぱり星月夜で", "starry-night"),
        ("the scream, I mean it", "the-scream"),
        ("I was thinking of Matisse. Then I saw the lights and said no: the night café", "night-cafe"),
        ("Der Schrei? Nein, zu gruselig. Die Welle!", "great-wave"),
        ("Mon mari réclame le Cri, ne l'écoutez pas, ce sera la Grande Vague.", "great-wave"),
        ("呐喊？不，星空吧。", "starry-night"),
        ("My brother wants it as the Scream. I don't. Use the amber Picabia instead.", "edtaonisl"),
        ("Als Schrei wäre es lustig. Nimm die Sternennacht stattdessen.", "starry-night"),
        ("hmm wave... no scream... no wave. yes wave", "great-wave"),
    ],
)
def test_what_stands_before_a_correction_does_not_count(text: str, style: str) -> None:
    paint = paint_of(text)
    assert [job.style for job in paint.jobs] == [style]
    assert paint.chosen == "named"
