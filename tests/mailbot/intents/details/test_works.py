"""An artist and what a painting of theirs shows name it together."""

from __future__ import annotations

import pytest

from tests.fakes.mailbot.asks import paint_of


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("Turner's storm for our boat club", "shipwreck-of-the-minotaur"),
        ("la tempête de Turner pour notre club", "shipwreck-of-the-minotaur"),
        ("ターナーの嵐。ヨット部の名札に使います。", "shipwreck-of-the-minotaur"),
        ("透纳的暴风雨,谢谢", "shipwreck-of-the-minotaur"),
        ("レジェの筒のやつで", "contrast-of-forms"),
        ("My mate and me as ladies. matisse with the hat, thanks", "woman-with-a-hat"),
        ("Mein Kumpel und ich als Damen. matisse mit dem hut, merci", "woman-with-a-hat"),
        ("Mon pote et moi en dames. matisse avec le chapeau, merci", "woman-with-a-hat"),
        ("Io e un amico vestiti da signore. matisse col cappello, grazie", "woman-with-a-hat"),
        ("Eu e um amigo vestidos de senhoras. matisse com o chapéu, obrigado", "woman-with-a-hat"),
        ("quiero el piano con las estrellas de van gog que giran", "starry-night"),
        ("vorrei il pianoforte con le stelle di van gog che girano", "starry-night"),
    ],
)
def test_an_artist_and_what_is_shown_are_one_painting(text: str, style: str) -> None:
    assert [job.style for job in paint_of(text).jobs] == [style]


@pytest.mark.parametrize(
    "text",
    ["ターナーのアクリル絵の具を二本注文したいです。", "Turner's invoice is attached. Paid by Friday."],
)
def test_an_artist_and_anything_else_are_none(text: str) -> None:
    assert paint_of(text).chosen == "default"
