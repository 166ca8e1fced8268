"""The language of a mail, by what people wrote: the asks of the grammar, with their languages."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from mailbot.languages.language_choice import language_of
from mailbot.parsing.mail_parser import parse_email
from styles.language.language_points import language_points, without_names
from tests.fakes.mailbot.asks import request_of, rows, shipped
from tests.fakes.mailbot.mails import STYLES
from tests.fakes.mailbot.parsing.asking import asks

FIXTURES = Path(__file__).parents[2] / "fixtures"
EMAILS = Path(__file__).parents[2] / "emails"


@pytest.mark.parametrize(
    ("file", "right", "wrong"),
    [("asks_a.jsonl", 162, 0), ("asks_more.jsonl", 812, 0), ("asks_b.jsonl", 167, 0)],
)
def test_asks_are_answered_in_their_language_or_in_english(file: str, right: int, wrong: int) -> None:
    told = [(ask["lang"], language_of(request_of(ask), shipped())) for ask in rows(FIXTURES / file)]
    counts = Counter(wanted == (got or "en") for wanted, got in told)
    assert len([pair for pair in told if pair[1] not in (pair[0], "en", "")]) <= wrong
    assert counts[True] >= right


def told(text: str, *, subject: str = "", thread: str = "", header: str = "", earlier: str = "") -> str:
    ask = {"subject": subject, "text": text, "photos": 1}
    request = replace(request_of(ask), content_language=header)
    return language_of(request, shipped(), thread, earlier)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("bitte", "de"),
        ("merci beaucoup", "fr"),
        ("Starry Night", ""),
        ("Vincent van Gogh, The Starry Night", ""),
        ("the scream the scream", ""),
        ("The great wave", ""),
        ("could you do starry night", "en"),
        ("浮世絵風を希望", "ja"),
        ("请用浮世绘风格", "zh"),
        ("請用星夜的風格", "zh"),
        ("Starry Night でお願いします", "ja"),
        ("Звёздная ночь", ""),
        ("o grito", "pt"),
        ("a grande onda e o grito, separados", "pt"),
        ("Dalí o si no Munch", ""),
        ("o Munch o Mondrian", ""),
        ("una con Kandinsky e una con Mondrian", "it"),
        ("una con la ola y una con el grito", "es"),
        ("stile Caravaggio", "it"),
        ("Stile bitte", "de"),
        ("Schau mal, Pablos Gesicht!", "de"),
        ("Raphael 3 Monate alt", "de"),
        ("Regarde la tête de Salvador", "fr"),
        ("ola gigante de hokusai", ""),
        ("Olá, a grande onda", "pt"),
        ("", ""),
        ("😀", ""),
    ],
)
def test_words_and_scripts(text: str, language: str) -> None:
    assert told(text) == language


def test_a_name_in_chinese_makes_no_english_letter_chinese() -> None:
    assert (
        told("Could you paint this one like the 神奈川沖浪裏 please? It is for my mother, she loves it.")
        == "en"
    )


def test_the_thread_counts_before_the_header_and_behind_clear_words() -> None:
    assert told("starry night", thread="de") == "de"
    assert told("starry night", thread="de", header="fr") == "de"
    assert told("starry night", header="fr") == "fr"
    assert told("could you make it the scream now", thread="de") == "en"


@pytest.mark.parametrize(
    ("subject", "language"),
    [
        ("learn: bombe", ""),
        ("learn: la mer", ""),
        ("learn: 紅葉", ""),
        ("make a style of this painting, and call it la mer", "en"),
        ("lerne: la mer", "de"),
        ("lerne das als the garden of my mother", "de"),
        ("impara: starry night", "it"),
        ("学習：私の庭", "ja"),
        ("aprende: mi jardín", "es"),
        ("aprende: meu jardim", "pt"),
    ],
)
def test_the_name_of_a_style_to_be_learnt_tells_nothing(subject: str, language: str) -> None:
    assert told("", subject=subject) == language


@pytest.mark.parametrize(
    ("text", "thread", "language"),
    [
        ("Lernen abbrechen", "", "de"),
        ("annuler l’apprentissage", "", "fr"),
        ("Ferma l’apprendimento", "", "it"),
        ("学習中止", "", "ja"),
        ("停止学习", "", "zh"),
        ("para", "pt", "pt"),
        ("stop learning", "de", "en"),
        ("stop", "de", "de"),
        ("c'est l'inverse", "", "fr"),
    ],
)
def test_words_that_stop_learning_are_of_a_language(text: str, thread: str, language: str) -> None:
    request = replace(request_of({"subject": "Re: x", "text": text, "photos": 0}), references=("<a@b>",))
    assert language_of(request, shipped(), thread) == language


def test_a_mail_that_tells_nothing_is_answered_as_its_senders_mails_are() -> None:
    long = "learn: " + "la mer " * 20
    assert told("", subject=long, earlier="de") == "de"
    assert told("", subject=long, earlier="de", header="fr") == "fr"
    assert told("Hallo, hier ist mein neues Bild.", subject=long, header="fr") == "de"
    assert told("", subject="aprende: 1910", header="de", earlier="pt") == "pt"


@pytest.mark.parametrize("path", sorted(EMAILS.glob("mms-*.eml")), ids=lambda path: path.stem)
def test_the_words_of_a_phones_gateway_do_not_count(path: Path) -> None:
    """Each of these people wrote the name of a style, and the gateway the rest."""
    assert language_of(parse_email(path.read_bytes()), STYLES) == ""


def test_the_subject_of_an_answer_is_old() -> None:
    assert told("bitte größer", subject="Re: Could you please paint this one for me") == "de"
    assert told("", subject="Re: Could you please paint this one for me") == "en"


@pytest.mark.parametrize("header", ["de", "de-AT", "DE", "de_AT", "de, en", "xx", "", "-", ",", "d" * 999])
def test_any_header_does_no_harm(header: str) -> None:
    assert told("starry night", header=header) in ("de", "")


def test_a_text_is_weighed_up_to_a_length() -> None:
    assert language_points(without_names("bitte " * 100_000, ["x"]))["de"] < 1000
    assert language_points(without_names("a" * 100_000, [])) == {}
    assert language_points(without_names("x y " * 1000, ["x y", "y x", ""])) == {}


@pytest.mark.parametrize(
    ("subject", "text", "thread", "language"),
    [
        ("aprenda: Mar de Nazaré", "", "", "pt"),
        ("aprende: Mar de Nazaré", "", "", "es"),
        ("", "中止", "ja", "ja"),
        ("", "中止", "zh", "zh"),
        ("", "中止", "", "zh"),
        ("Re: learn: x", "aprenda: Mar de Nazaré", "", "pt"),
        ("", "cancela", "pt", "pt"),
        ("", "cancela", "it", "es"),
        ("", "elimina bosco", "it", "it"),
        ("benenne mosaic in Nebel um", "", "", "de"),
        ("renomme mosaic en brume", "", "", "fr"),
        ("renombra mosaic a Niebla", "", "", "es"),
        ("rinomina mosaic in Nebbia", "", "", "it"),
        ("renomeie mosaic para Névoa", "", "", "pt"),
    ],
)
def test_words_of_two_languages_are_told_by_the_thread_or_by_whose_own_word_it_is(
    subject: str, text: str, thread: str, language: str
) -> None:
    assert language_of(asks(subject, text, photos=0), (), thread) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("le cri à 50 %", "fr"),
        ("la ola 60%", "es"),
        ("Welle 50%", "de"),
        ("Sternennacht", "de"),
        ("a onda", "pt"),
        ("l'onda 50%", "it"),
        ("onda 50%", ""),
        ("udnie", ""),
    ],
)
def test_a_translated_title_alone_tells_the_language(text: str, language: str) -> None:
    assert language_of(request_of({"subject": "", "text": text, "photos": 1}), shipped()) == language
