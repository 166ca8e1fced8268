"""Answers as the parts of a chat."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mailbot.languages.translator import translator
from mailbot.parsing.mail_parser import StyleRequest
from mailbot.replies import chat, letters
from mailbot.replies.chat import ChatPart
from mailbot.replies.text_and_html import Letter
from styles.errors import UnknownStyle
from styles.language.lexicon import LANGUAGES
from tests.fakes.mailbot.replies.composed import about, asks, job, result
from tests.fakes.mailbot.replies.results import reply_results


def in_chat(photos: int = 1) -> StyleRequest:
    return replace(asks(photos=photos), channel="telegram", sender="telegram:1")


def parts(content: bytes) -> list[ChatPart]:
    return [chat.read(piece) for piece in chat.pieces("telegram", content)]


def test_each_picture_is_shown_and_sent_as_a_file() -> None:
    results = [result(preview=b"small"), result(preview=b"less")]
    content = reply_results(about(in_chat(2)), [job(), job()], results)
    shown, file, second, _ = parts(content)
    assert (shown.picture, file.picture, second.picture) == (b"small", result().image, b"less")
    assert [part.is_file for part in parts(content)] == [False, True, False, True]
    assert file.name.endswith(".jpg")
    assert "Starry Night" in shown.text
    assert second.text


def test_a_picture_without_a_preview_is_sent_once() -> None:
    assert len(parts(reply_results(about(in_chat()), [job()], [result()]))) == 1


def test_words_alone_are_one_part_within_the_limit() -> None:
    (part,) = parts(letters.reply_help(about(in_chat())))
    assert not part.picture
    assert 0 < len(part.text) <= chat.MAX_TEXT


def test_a_mail_stays_whole() -> None:
    content = letters.reply_help(about(asks()))
    assert chat.pieces("mail", content) == (content,)


def test_a_text_message_is_one_picture_and_160_plain_characters() -> None:
    request = replace(asks(photos=1), channel="sms", sender="sms:+15552223333")
    (part,) = parts(reply_results(about(request), [job()], [result()]))
    assert part.picture == result().image
    assert part.buttons == ()
    (styles,) = parts(
        letters.reply_error(about(request), UnknownStyle("what Picasso painted in his blue period, in Paris"))
    )
    assert len(styles.text) <= chat.MAX_SMS
    assert styles.text.endswith("...")
    assert styles.text.isascii()


@pytest.mark.parametrize("language", ["en", *LANGUAGES])
def test_help_fits_into_a_text_message_and_names_stop(language: str) -> None:
    request = replace(asks(photos=0), channel="sms", sender="sms:+15552223333", language=language)
    (part,) = parts(letters.reply_help(about(request)))
    assert "STOP" in part.text
    assert not part.text.endswith("...")


def test_a_text_message_without_spaces_is_cut_between_characters() -> None:
    request = replace(asks(photos=1), channel="sms", sender="sms:+15552223333")
    (part,) = parts(chat.pack(request, Letter(say=translator("ja"), title="絵が届く。 " + "絵" * 200)))
    assert len(part.text) == chat.MAX_SMS


def test_buttons_are_for_an_answer_that_needs_no_photo() -> None:
    context = replace(about(in_chat()), remembers=True)
    shown, file = parts(reply_results(context, [job()], [result(preview=b"small")]))
    assert (shown.buttons, file.answered) == ((), context.request.message_id)
    assert "all styles" in file.buttons[-1]
    assert "Mosaic" in [words for row in file.buttons for words in row]
    assert parts(reply_results(about(in_chat()), [job()], [result()]))[0].buttons == ()
