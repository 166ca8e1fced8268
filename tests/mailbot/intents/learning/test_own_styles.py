from __future__ import annotations

import pytest

from mailbot.intents.learning.own_styles import names_own_style, with_style


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("my style please", "dunes please"),
        ("Paint it in the style you just learnt, at half strength", "Paint it in dunes, at half strength"),
        ("in meinem Stil bitte", "in dunes bitte"),
        ("Mal es in dem Stil, den du gerade gelernt hast", "Mal es in dunes"),
        ("dans mon style", "dans dunes"),
        ("en mi estilo", "en dunes"),
        ("nel mio stile", "nel dunes"),
        ("no meu estilo", "no dunes"),
        ("用我的风格", "用dunes"),
        ("私のスタイルで", "dunesで"),
        ("Here is our dog.", "Here is our dog.\ndunes"),
    ],
)
def test_the_style_that_was_learnt_stands_where_it_is_meant(text: str, named: str) -> None:
    assert with_style(text, "dunes") == named
    assert names_own_style(text) is ("dog" not in text)
