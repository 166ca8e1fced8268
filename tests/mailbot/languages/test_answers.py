"""A mail is answered in its language, by the whole bot, and a conversation keeps it."""

from __future__ import annotations

import tomllib
from email.message import EmailMessage
from pathlib import Path

import pytest

from mailbot.storage.ledger import Ledger
from tests.fakes.mailbot.bot import text_of
from tests.fakes.mailbot.mails import photo
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.mailbot.talk import Talk
from tests.fakes.runner.balancer import FakeBalancer

MAILS = tomllib.loads((Path(__file__).parents[2] / "fixtures" / "languages.toml").read_text())
CODES = tuple(MAILS)
PHOTO = photo(seed=1)
#: Names of a style that are no words of any language here.
NAME = "the scream"


def said(answer: EmailMessage | None) -> str:
    """The text of an answer, its lines joined."""
    assert answer is not None
    return " ".join(text_of(answer).split("\r\n"))


def lang(answer: EmailMessage | None) -> str:
    """The language that the html of an answer names."""
    assert answer is not None
    page = answer.get_body(("html",))
    assert page is not None
    return str(page.get_content()).partition('<html lang="')[2].partition('"')[0]


@pytest.mark.parametrize("code", CODES)
async def test_an_ask_is_answered_in_its_language(talk: Talk, code: str) -> None:
    first = await talk.says(MAILS[code]["ask"], PHOTO)
    assert said(first).startswith(MAILS[code]["says"])
    assert talk.last == {"style": "mosaic"}
    assert lang(first) == {"zh": "zh-Hans"}.get(code, code)
    second = await talk.says(MAILS[code]["stronger"], to=first)
    assert said(second).startswith(MAILS[code]["says"])
    third = await talk.says(NAME, to=second)
    assert "The-Scream" in said(third)
    assert lang(third) == lang(first)


@pytest.mark.parametrize("code", CODES)
async def test_an_error_is_told_in_the_language_of_the_mail(talk: Talk, code: str) -> None:
    answer = await talk.says(MAILS[code]["unknown"], PHOTO)
    assert said(answer).startswith(MAILS[code]["unknown_says"])


async def test_a_german_thread_stays_german(talk: Talk) -> None:
    first = await talk.says("Bitte als mosaic malen, danke!", PHOTO)
    second = await talk.says(NAME, to=first)
    third = await talk.says("80%", to=second)
    assert said(second).startswith("Hier ist dein Foto, gemalt als The-Scream")
    assert said(third).startswith("Hier ist dein Foto, gemalt als The-Scream")
    assert "Stärke 80\u00a0%" in said(third)


async def test_a_thread_changes_its_language_with_the_person(talk: Talk) -> None:
    first = await talk.says("Bitte als mosaic malen, danke!", PHOTO)
    second = await talk.says("Could you make it the scream now, please?", to=first)
    third = await talk.says("mosaic", to=second)
    assert said(second).startswith("Here is your photo, painted as The-Scream")
    assert said(third).startswith("Here is your photo, painted as Mosaic")


async def test_the_language_of_another_person_is_not_taken_over(talk: Talk) -> None:
    first = await talk.says("Bitte als mosaic malen, danke!", PHOTO)
    answer = await talk.says(NAME, PHOTO, to=first, sender="Ben <ben@example.org>")
    assert said(answer).startswith("Here is your photo")


@pytest.mark.parametrize("text", ["", "mosaic", "mosaic, thank you, muchas gracias", "foto mosaic", "Тест"])
async def test_in_doubt_it_is_english(talk: Talk, text: str) -> None:
    assert said(await talk.says(text, PHOTO)).startswith("Here is your photo")


@pytest.mark.parametrize(
    ("field", "begins"),
    [("de-AT", "Hier ist"), ("fr", "Voici"), ("nl", "Here is"), ("de, en", "Here is"), ("\u00e9", "Here is")],
)
async def test_the_header_counts_where_the_words_are_not_clear(talk: Talk, field: str, begins: str) -> None:
    assert said(await talk.says("mosaic", PHOTO, Content_Language=field)).startswith(begins)


async def test_clear_words_count_more_than_the_header(talk: Talk) -> None:
    answer = await talk.says(MAILS["it"]["ask"], PHOTO, Content_Language="en-US")
    assert said(answer).startswith("Ecco la tua foto")


@pytest.mark.parametrize("code", CODES)
async def test_a_note_of_the_conversation_is_translated(talk: Talk, code: str) -> None:
    first = await talk.says(MAILS[code]["ask"], PHOTO)
    english = "It was at full strength already, so I painted it as it was."
    text = said(await talk.says(MAILS[code]["stronger"], to=first))
    assert (english in text) == (code == "en")


async def test_the_hint_of_a_remembered_photo_says_that_a_name_is_enough(talk: Talk) -> None:
    text = said(await talk.says("Bitte mosaic!", PHOTO))
    assert "Antworte einfach mit seinem Namen" in text
    page = await talk.says("mosaic please", PHOTO)
    assert page is not None
    html = page.get_body(("html",))
    assert html is not None
    assert "In-Reply-To=%3C" in html.get_content()


async def test_without_a_proof_the_hint_asks_for_the_photo(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    async with Talk(ledger, balancer, sink, authserv_id=["mx.example"]) as talk:
        assert "Send the photo again with its name" in said(await talk.says("mosaic please", PHOTO))
        passed = "mx.example; dmarc=pass header.from=example.org"
        answer = await talk.says("mosaic please", PHOTO, Authentication_Results=passed)
        assert "Answer with its name" in said(answer)


async def test_who_gets_the_answer_of_another_is_asked_for_the_photo(talk: Talk) -> None:
    answer = await talk.says("mosaic please", PHOTO, Reply_To="Ben <ben@example.org>")
    assert "Send the photo again with its name" in said(answer)


async def test_what_is_about_the_sender_is_answered_in_the_language_of_its_words(talk: Talk) -> None:
    assert said(await talk.says("", subject="stopp")).startswith("Du hörst nichts mehr von mir.")
    assert said(await talk.says("", subject="weiter")).startswith("Schön, dass du wieder da bist")
    assert said(await talk.says("", subject="lösche meine Fotos")).startswith(
        "Deine Fotos und Mails sind gelöscht."
    )
    assert said(await talk.says("", subject="Hilfe")).startswith("Schick mir ein Foto")
    assert said(await talk.says("", subject="Stile")).startswith("Ich male in 3 Stilen.")


async def test_a_deletion_without_a_proof_is_refused_in_the_language_of_its_words(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    async with Talk(ledger, balancer, sink, authserv_id=["mx.example"]) as talk:
        answer = said(await talk.says("", subject="私の写真を削除"))
        assert answer.startswith("何も削除していません。")
        assert "7 日後" in answer.replace("\u00a0", " ")


async def test_where_nothing_is_kept_the_hint_asks_for_the_photo(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    async with Talk(ledger, balancer, sink, keep_days=0) as talk:
        assert "Send the photo again with its name" in said(await talk.says("mosaic please", PHOTO))
