"""A style that a mail may name by chance is painted, and the answer says what it was taken from."""

from __future__ import annotations

import pytest

from mailbot.intents.command_types import Paint
from mailbot.languages.translator import translator
from mailbot.replies.choice_wording import about_choice
from tests.fakes.mailbot.asks import read, request_of

HAT = (
    "La señora del sombrero",
    "Fue ella la que nos ayudó a empujar el carro, con tacones y todo, y el sombrero ni se le movió. No "
    "quiso aceptar nada. Le tomé esta foto de lejos; Dios la bendiga.",
)
WRECK = ("沉船", "潜了三十二米,炮口里住着一条石斑,胖得转不了身。上来以后教练给我拍的,别告诉我妈。")


def _paint(subject: str, text: str) -> Paint:
    paint = read(request_of({"subject": subject, "text": text, "photos": 1}))
    assert isinstance(paint, Paint)
    return paint


GRADE = (
    "Composizione",
    "Mio figlio ha preso sette al Conservatorio di Parma, il voto più alto della classe.",
)


@pytest.mark.parametrize(("subject", "text"), [HAT, WRECK, GRADE])
def test_a_caption_that_is_a_title_is_doubted(subject: str, text: str) -> None:
    paint = _paint(subject, text)
    assert paint.chosen == "named"
    assert paint.doubted == subject


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("", "モンドリアンとモンドセレクションを三十年間混同していた父です。写真の饅頭は金賞らしいです。"),
        ("Café, noite em claro e a tese entregue", "Pintem lá isso."),
    ],
)
def test_a_small_word_that_can_be_a_verb_of_asking_ends_no_doubt(subject: str, text: str) -> None:
    assert _paint(subject, text).doubted


def test_what_only_describes_a_painting_is_said() -> None:
    words = "guy holding his cheeks on a bridge while the sky goes red"
    paint = _paint("", f"My brother lost his rusty keys in the canal. Do us like that {words}, he will know.")
    assert paint.jobs[0].style == "the-scream"
    assert "bridge" in paint.doubted


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("the scream", "This is our dog Rex."),
        ("the scream please", HAT[1]),
        (HAT[0], f"{HAT[1]} Píntela como la mujer con sombrero."),
        (HAT[0], f"{HAT[1]} Al 60%."),
        (f"Re: {HAT[0]}", HAT[1]),
        ("", f"Woman with a hat, please. {HAT[1]}"),
    ],
)
def test_a_wish_is_not_doubted(subject: str, text: str) -> None:
    assert _paint(subject, text).doubted == ""


def test_the_answer_says_what_the_style_was_taken_from() -> None:
    say = translator("")
    said = about_choice(say, _paint(*HAT), remembers=True)
    assert said == (
        "I took “La señora del sombrero” for the style that you want. If it only tells about your photo, "
        "answer with a style's name, or with “surprise me”."
    )
    assert "send it again with a style's name as the subject" in about_choice(say, _paint(*HAT))


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("El grito de gol de mi primo", ""),
        (
            "夜のカフェで",
            "終電を逃して、夜のカフェで始発待ち。隣の席のおじさんが詩を朗読しはじめた。眠い。証拠写真。",
        ),
    ],
)
def test_a_caption_with_few_words_is_doubted_too(subject: str, text: str) -> None:
    assert _paint(subject, text).doubted


@pytest.mark.parametrize(
    "text", ["night cafe, not larger than an email can take", "la vague et ajoute un bateau", "呐喊,再加点雪"]
)
def test_a_brief_mail_that_begins_with_a_style_is_not_doubted(text: str) -> None:
    assert _paint("", text).doubted == ""


@pytest.mark.parametrize("text", ["starry night at the lake", "We saw the Starry Night in New York. Lovely."])
def test_a_style_that_is_mentioned_and_not_painted_is_said(text: str) -> None:
    paint = _paint("", text)
    assert paint.chosen == "default"
    said = about_choice(translator(""), paint)
    assert said.startswith("I was not sure that you want the style “")
    assert "tarry night”" in said.replace("Night", "night")


@pytest.mark.parametrize("text", ["Remove the background", "upscale please", "Just fix the lighting please"])
def test_a_brief_request_without_a_style_is_repeated(text: str) -> None:
    said = about_choice(translator(""), _paint("", text))
    assert "You named no style that I know" in said
    assert "I did not understand: “" in said


@pytest.mark.parametrize(
    ("subject", "is_doubted"),
    [
        ("The kids in the wheat field", True),
        ("Die Kinder im Weizenfeld", True),
        ("Les enfants dans le champ de blé", True),
        ("Los niños en el campo de trigo", True),
        ("I bambini nel campo di grano", True),
        ("As crianças no campo de trigo", True),
        ("Le cri du bébé", True),
        ("Wheat field behind our house", True),
        ("Sternennacht am See", True),
        ("Nuit étoilée sous la tente", True),
        ("Noche estrellada en el lago", True),
        ("Notte stellata sul lago", True),
        ("Noite estrelada na praia", True),
        ("湖边的星夜", True),
        ("湖の星月夜", True),
        ("Starry night for our house", False),
        ("Nuit étoilée sur cette photo", False),
        ("our dog in starry night", False),
        ("my dog in the scream", False),
        ("the dog in the scream style", False),
        ("the scream for grandma", False),
    ],
)
def test_a_caption_of_somebody_in_the_scene_of_a_title_is_doubted(subject: str, *, is_doubted: bool) -> None:
    paint = _paint(subject, "")
    assert paint.chosen == "named"
    assert bool(paint.doubted) is is_doubted


@pytest.mark.parametrize(
    ("subject", "text", "is_doubted"),
    [
        ("Fwd: Invoice", "The scream!!", True),
        ("WG: Rechnung", "Der Schrei!!", True),
        ("TR: Facture", "Le cri !!", True),
        ("RV: Factura", "¡¡El grito!!", True),
        ("I: Fattura", "L'urlo!!", True),
        ("ENC: Fatura", "O grito!!", True),
        ("转发: 账单", "呐喊！！", True),
        ("Fwd: 請求書", "叫び！！", True),
        ("Fwd: Photo", "The scream please!", False),
        ("Fwd: Photo", "the scream", False),
        ("Photo", "The scream!!", False),
    ],
)
def test_a_title_that_is_shouted_above_a_forwarded_mail_is_doubted(
    subject: str, text: str, *, is_doubted: bool
) -> None:
    paint = _paint(subject, text)
    assert paint.jobs[0].style == "the-scream"
    assert bool(paint.doubted) is is_doubted
