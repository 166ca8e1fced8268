"""Amounts in the words of a reply, in eight languages."""

from __future__ import annotations

import pytest

from mailbot.conversation.recipes import changed, without
from mailbot.intents.changes.change_amounts import Amounts
from mailbot.intents.changes.relative_changes import Change, read_change
from mailbot.intents.names.catalogue import Catalogue
from styles.contract import PaintingRecipe
from tests.fakes.mailbot.mails import STYLES

POINTS = {
    "10% more": 10,
    "20% less please": -20,
    "10 percent stronger": 10,
    "10 % mehr": 10,
    "bitte 20 Prozent weniger": -20,
    "10 % plus fort": 10,
    "20% de moins": -20,
    "10% más fuerte": 10,
    "20% menos": -20,
    "10% in più": 10,
    "20% in meno": -20,
    "10% a mais": 10,
    "20% a menos": -20,
    "再强10%": 10,
    "减少20%": -20,
    "10%強く": 10,
    "20%弱めで": -20,
    "80%": 0,
    "mosaic 60%": 0,
    "the scream 60%": 0,
    "": 0,
}


def read_amounts(text: str) -> Amounts:
    return read_change(text, Catalogue.of(STYLES)).amounts


@pytest.mark.parametrize("text", POINTS)
def test_points(text: str) -> None:
    assert read_amounts(text) == Amounts(points=POINTS[text])


@pytest.mark.parametrize(
    ("text", "shares"),
    [("same but 50/50", (50, 50)), ("40 : 60 please", (40, 60)), ("at 10:30", None), ("10/50/40", None)],
)
def test_shares_of_a_blend(text: str, shares: tuple[int, int] | None) -> None:
    assert read_amounts(text) == Amounts(shares=shares)


@pytest.mark.parametrize(
    "text",
    [
        *("double the size", "twice as big please", "doppelt so groß", "deux fois plus grand"),
        *("el doble de grande", "il doppio più grande", "o dobro do tamanho", "两倍大", "2倍の大きさで"),
    ],
)
def test_double_the_size(text: str) -> None:
    assert read_amounts(text) == Amounts(is_doubled=True)


@pytest.mark.parametrize(
    "text",
    [
        *("normal size please", "in normaler Größe", "taille normale", "tamaño normal"),
        *("dimensioni normali", "tamanho normal", "正常大小", "普通のサイズで"),
        *("medium size would do", "mittelgroß reicht", "en tamaño mediano", "normal in size"),
        *("anche normale come dimensione", "taille moyenne suffira", "大小普通就行", "最初の大きさで"),
    ],
)
def test_the_usual_size(text: str) -> None:
    assert read_amounts(text) == Amounts(is_usual_size=True)


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        (Amounts(points=10), PaintingRecipe(style="a:0.7,b:0.3", strength=0.7, size=2048)),
        (Amounts(points=90), PaintingRecipe(style="a:0.7,b:0.3", strength=1.0, size=2048)),
        (Amounts(points=-90), PaintingRecipe(style="a:0.7,b:0.3", strength=0.05, size=2048)),
        (Amounts(shares=(50, 50)), PaintingRecipe(style="a:50,b:50", strength=0.6, size=2048)),
        (Amounts(is_usual_size=True), PaintingRecipe(style="a:0.7,b:0.3", strength=0.6)),
    ],
)
def test_a_recipe_changes_by_amounts(amounts: Amounts, expected: PaintingRecipe) -> None:
    before = PaintingRecipe(style="a:0.7,b:0.3", strength=0.6, size=2048)
    assert changed(before, Change(amounts=amounts)) == expected


def test_a_double_size_is_the_next_one() -> None:
    change = Change(amounts=Amounts(is_doubled=True))
    assert changed(PaintingRecipe(style="a", size=512), change).size == 1024


@pytest.mark.parametrize(
    ("style", "refused", "left"),
    [
        ("a:0.5,b:0.5", {"b"}, "a"),
        ("a:0.5,b:0.3,c:0.2", {"a"}, "b:0.3,c:0.2"),
        *(("a:0.5,b:0.5", {"a", "b"}, "a:0.5,b:0.5"), ("a", {"a"}, "a"), ("", {"a"}, "")),
    ],
)
def test_a_style_leaves_a_blend(style: str, refused: set[str], left: str) -> None:
    assert without(style, refused) == left
