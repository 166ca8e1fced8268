"""Hold that no number, count, unit or strength of a request is lost: it is painted so, or repeated."""

from __future__ import annotations

import pytest

from tests.fakes.mailbot.asks import paint_of


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("udnie in three sizes", "three sizes"),
        ("o grito em 3 tamanhos", "3 tamanhos"),
        ("la ola en tres tamaños", "tres tamaños"),
        ("Der Schrei in drei Größen", "drei Größen"),
        ("le cri en trois tailles", "trois tailles"),
        ("星空，两种尺寸", "两种尺寸"),
        ("星月夜、3種類のサイズで", "3 種類のサイズ"),
        ("the scream thrice", "thrice"),
        ("udnie, twice", "twice"),
        ("udnie dreimal", "dreimal"),
        ("udnie, deux fois", "deux fois"),
        ("星空，三张", "三张"),
        ("ゴッホの星月夜、3枚", "3 枚"),
        ("udnie x3", "x3"),
        ("3x udnie", "3x"),
        ("make 4 of the scream", "4"),
        ("two of the wave please", "two"),
        ("udnie, 12 versions", "12 versions"),
        ("the wave, under 1 MB please", "1 MB"),
        ("udnie, less than 500 KB", "500 KB"),
        ("udnie 3MB", "3 MB"),
        ("le cri, 2 Mo maximum", "2 Mo"),
        ("udnie, A4, 300dpi", "300 dpi"),
        ("the wave as a png", "as a png"),
        ("udnie 1px", "1 px"),
        ("udnie -40%", "-40"),
        ("surprise me with 20", "20"),
        ("Bon voilà une photo complète, en Léger 90 comme au début", "90 comme au début"),
        ("several versions of the wave please", "several versions"),
        ("mehrere Versionen der Welle bitte", "mehrere Versionen"),
        ("varias versiones de la ola", "varias versiones"),
        ("星空，几种版本", "几种版本"),
        ("5 more styles please", "5 more styles"),
        ("a few styles please", "few styles"),
        ("the wave as webp", "as webp"),
        ("mix of 3 random styles", "mix of 3 random styles"),
        ("the scream thrice (with growing strength)", "growing strength"),
        ("scream in red", "red"),
        ("wave and scream, 2 copies each", "2 copies each"),
        ("wave and scream, each twice", "twice"),
        ("one wave, two screams", "two"),
        ("surprise me twice", "twice"),
        ("surprise me with five at 50%", "five"),
        ("starry night, first 20%, then 50%", "50"),
        ("starry night, saturation 50%", "saturation 50"),
        ("starry night, 50% bigger", "50"),
        ("die Welle, max. 2 MB", "2 MB"),
        ("die Welle doppelt", "doppelt"),
        ("starry night, 3 prints please", "3 prints"),
        ("星空，两遍", "两遍"),
        ("呐喊，两份", "两份"),
        ("la ola, dos copias", "dos copias"),
        ("the wave in 300 dpi", "300 dpi"),
        ("the scream in both sizes", "both sizes"),
        ("der Schrei in beiden Größen", "in beiden Größen"),
        ("le cri dans les deux tailles", "les deux tailles"),
        ("el grito en ambos tamaños", "ambos tamaños"),
        ("l'urlo in entrambe le dimensioni", "entrambe le dimensioni"),
        ("o grito nos dois tamanhos", "dois tamanhos"),
        ("叫び、両方のサイズで", "両方のサイズで"),
        ("星空，三种强度", "三种强度"),
        ("縦長で星月夜", "縦長で"),
        ("竖版的星空", "竖版的"),
        ("Remove the background", "Remove the background"),
        ("Just fix the lighting please", "fix the lighting"),
        ("upscale please", "upscale"),
    ],
)
def test_a_figure_without_effect_is_repeated(text: str, told: str) -> None:
    assert told in ", ".join(paint_of(text).not_understood)


@pytest.mark.parametrize(
    "text",
    [
        "the wave for my 3 kids",
        "udnie, 1600px",
        "udnie, 20 x 30 cm",
        "星空，8寸",
        "surprise me with three",
        "wheat field, about a fifth of full strength",
        "the scream, don't make it subtle",
        "Mix the wave and the scream, the two of them together",
        "the scream, one light and one strong",
        "starrynight50",
        "wave60",
        "udnie DIN A5",
        "two versions: wave and scream",
        "two van Goghs",
        "wave 60%, big",
    ],
)
def test_a_figure_that_is_painted_or_counts_something_else_is_not_repeated(text: str) -> None:
    assert paint_of(text).not_understood == ()


def test_counts_of_photos_are_no_counts_of_paintings() -> None:
    assert paint_of("2枚とも神奈川沖浪裏で", photos=2).not_understood == ()
    assert paint_of("udnie, both of the two", photos=2).not_understood == ()
