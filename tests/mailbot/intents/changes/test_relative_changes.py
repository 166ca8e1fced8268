"""Words that change the last painting, in eight languages."""

from __future__ import annotations

import time

import pytest

from mailbot.conversation.recipes import AT_FULL, changed, note
from mailbot.intents.changes import relative_changes
from mailbot.intents.changes.relative_changes import Change
from mailbot.intents.names.catalogue import Catalogue
from styles.contract import MAX_SIZE, PaintingRecipe, StyleSummary
from tests.fakes.mailbot.mails import STYLES

CATALOGUE = Catalogue.of(STYLES)

SAID: dict[str, dict[str, float]] = {
    "again but bigger": {"is_again": True, "size": 1},
    "Lovely, but a bit much. More subtle please.": {"strength": -1},
    "Hmm, that's a little weak, could it be stronger?": {"strength": 1},
    "less strong": {"strength": -1},
    "not so strong please": {"strength": -1},
    "a size smaller please": {"size": -1},
    "wow. the same for this one": {"is_same": True},
    "like last time": {"is_same": True},
    "the other way round please, 40/60": {"is_swapped": True},
    "nochmal, aber größer": {"is_again": True, "size": 1},
    "Etwas dezenter bitte": {"strength": -0.5},
    "stärker bitte": {"strength": 1},
    "STAERKER? STÄRKER!": {"strength": 1},
    "das gleiche für dieses bitte": {"is_same": True},
    "wie beim letzten Mal": {"is_same": True},
    "plus grand": {"size": 1},
    "Un peu moins fort s'il vous plaît.": {"strength": -0.5},
    "comme la dernière fois": {"is_same": True},
    "pareil pour celle-ci": {"is_same": True},
    "otra vez pero más suave": {"is_again": True, "strength": -1},
    "más grande": {"size": 1},
    "più leggero": {"strength": -1},
    "Di nuovo ma più grande, è per una stampa": {"is_again": True, "size": 1},
    "Lo stesso per questa": {"is_same": True},
    "mais forte!": {"strength": 1},
    "o mesmo mas maior": {"is_same": True, "size": 1},
    "大一点": {"size": 1},
    "淡一点": {"strength": -1},
    "和上次一样": {"is_same": True},
    "もう少し弱めで": {"strength": -0.5},
    "前回と同じでお願いします": {"is_same": True},
    "もう少し大きく": {"size": 1},
    "much weaker, please": {"strength": -2},
    "a little more": {"strength": 0.5},
    "un peu plus": {"strength": 0.5},
    "etwas mehr bitte": {"strength": 0.5},
    "encore moins": {"strength": -1},
    "zu kräftig": {"strength": -1},
    "undo": {"is_undone": True},
    "Rückgängig bitte": {"is_undone": True},
    "the colours are too strong": {"strength": -1},
    "les couleurs sont trop fortes": {"strength": -1},
    "i colori sono troppo forti": {"strength": -1},
}


def read_change(text: str) -> Change:
    return relative_changes.read_change(text, CATALOGUE)


@pytest.mark.parametrize("text", SAID)
def test_what_changes(text: str) -> None:
    change = read_change(text)
    fields = ("strength", "size", "is_same", "is_again", "is_swapped", "is_undone")
    expected = dict.fromkeys(fields[:2], 0) | dict.fromkeys(fields[2:], False) | SAID[text]
    assert {name: getattr(change, name) for name in fields} == expected
    assert change.is_any


@pytest.mark.parametrize(
    "text",
    [
        *("stronger, but not bigger", "stärker, aber nicht größer", "plus fort, mais pas plus grand"),
        *("más fuerte, pero no más grande", "più forte, ma non più grande", "mais forte, mas não maior"),
        *(
            "再强一点，但不要更大",
            "もっと強く、でも大きくしないで",
            "stronger, do not make it bigger",
        ),
    ],
)
def test_a_change_that_is_refused_is_none(text: str) -> None:
    change = read_change(text)
    assert (change.strength, change.size) == (1, 0)


@pytest.mark.parametrize(
    "text",
    [
        *("please not stronger, the colors kept", "bitte nicht stärker", "pas plus fort s'il te plaît"),
        *("por favor no más fuerte", "non più forte per favore", "por favor não mais forte", "不要更强"),
        *("強くしないで", "not again", "The waves were bigger than last summer."),
        *(
            "We walked 10% more than last year.",
            "Wir sind 10 % mehr gelaufen.",
            "Abbiamo camminato il 10% in più.",
        ),
        *("10% more contrast", "can you make the dog bigger?", "mach den Hund größer"),
        *("haz el perro más grande", "it was smaller than you would think"),
    ],
)
def test_what_is_refused_or_told_of_something_else_is_no_change(text: str) -> None:
    assert not read_change(text).is_any


@pytest.mark.parametrize(
    "text",
    [
        *("Can you make it a bit stronger on the style? Nah, actually softer", "stronger, no wait, softer"),
        *("stärker. Nee, doch lieber schwächer", "plus fort. Non, plutôt moins fort"),
        *("más fuerte... no, mejor más suave", "più forte, anzi no, più leggero"),
        *(
            "mais forte, não, melhor mais suave",
            "再强一点。不，还是弱一点",
            "もっと強く。いや、やっぱり弱めで",
        ),
    ],
)
def test_a_change_that_is_taken_back_is_none(text: str) -> None:
    assert read_change(text).strength == -1


def test_what_else_is_asked_stays_where_a_change_is_taken_back() -> None:
    change = read_change("bigger and stronger. No wait, softer")
    assert (change.strength, change.size) == (-1, 1)


@pytest.mark.parametrize("text", ["My mum says 10% more please", "10% stronger than last time"])
def test_an_amount_that_is_asked_for_is_a_change(text: str) -> None:
    assert read_change(text).amounts.points == 10


@pytest.mark.parametrize(
    "text",
    [
        "now in the scream please",
        "starry night 60%",
        "My uncle says hello",
        "keep the colours this time",
        "We went to the same beach as last year and the waves were even bigger than last summer.",
        "",
    ],
)
def test_nothing_changes(text: str) -> None:
    assert not read_change(text).is_any


@pytest.mark.parametrize(
    "text",
    [
        *("even tamer", "noch etwas moderater", "plus faible encore ?", "encore un peu plus mesuré"),
        *("Quizá todavía algo más suave.", "algo más débil", "più debole ancora??", "un po' più smorzato"),
        *(
            "ainda mais brando",
            "再柔一点",
            "もっと淡く",
            "a bit weeker",
            "etwas schwäcer",
            "diminue um poquinho",
        ),
    ],
)
def test_a_step_down_is_one_in_any_words(text: str) -> None:
    assert read_change(text).strength < 0


@pytest.mark.parametrize("text", ["Em tamanho normal e a 45 por cento", "maior e a 45 por cento"])
def test_a_size_before_a_strength_is_compared_with_nothing(text: str) -> None:
    assert read_change(text).has("size")


def test_a_word_of_the_way_back_is_no_change() -> None:
    assert not read_change("back to full strength").is_any
    assert not read_change("back to work now").is_any


def test_a_style_of_these_words_is_no_change() -> None:
    named = Catalogue.of([StyleSummary(name="once-again", title="", artist="", aliases={})])
    assert not relative_changes.read_change("once again please", named).is_any


def test_who_wants_both_more_and_less_gets_neither() -> None:
    assert not read_change("stronger or weaker, I don't know").is_any


def test_a_long_text_takes_no_longer_than_its_length() -> None:
    read_change("more subtle")  # loads the words
    started = time.process_time()
    read_change("more subtle. " * 100_000)
    read_change("大一点" * 100_000)
    read_change("the same " * 100_000)
    assert time.process_time() - started < 2


LAST = PaintingRecipe(style="a:0.6,b:0.4", strength=0.5)


@pytest.mark.parametrize(
    ("size", "steps", "expected"),
    [
        *((1024, 1, 2048), (2048, 1, MAX_SIZE), (MAX_SIZE, 1, MAX_SIZE), (1024, -1, 512), (2000, -1, 1024)),
        *((2000, 1, 2048), (256, -1, 256), (MAX_SIZE, -1, 2048), (1024, 0, 1024)),
    ],
)
def test_sizes_go_by_steps(size: int, steps: int, expected: int) -> None:
    assert changed(PaintingRecipe(style="a", size=size), Change(size=steps)).size == expected


@pytest.mark.parametrize(
    ("strength", "steps", "expected"),
    [(1.0, -1, 0.7), (1.0, -0.5, 0.84), (1.0, -2, 0.49), (0.06, -1, 0.05), (0.5, 1, 0.71), (0.8, 1, 1.0)],
)
def test_strengths_go_by_steps(strength: float, steps: int, expected: float) -> None:
    assert changed(PaintingRecipe(style="a", strength=strength), Change(strength=steps)).strength == expected


def test_a_blend_of_two_is_turned_round() -> None:
    assert changed(LAST, Change(is_swapped=True)).style == "a:0.4,b:0.6"
    assert changed(PaintingRecipe(style="a"), Change(is_swapped=True)).style == "a"
    assert changed(PaintingRecipe(style=""), Change(is_swapped=True)).style == ""


def test_nothing_is_stronger_than_all() -> None:
    assert note([PaintingRecipe(style="a")], Change(strength=1)) == AT_FULL
    assert note([PaintingRecipe(style="a"), LAST], Change(strength=1)) == ""


@pytest.mark.parametrize(
    "said",
    [
        *("Voy a subir un poco más tarde", "a bit later", "ein bisschen später", "un peu plus tard"),
        *("un po' più tardi", "um pouco mais tarde"),
    ],
)
def test_a_later_time_is_no_step(said: str) -> None:
    assert read_change(said).strength == 0
