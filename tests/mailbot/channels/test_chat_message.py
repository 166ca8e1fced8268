"""Messages of channels as requests."""

from __future__ import annotations

import pytest

from mailbot.channels.chat_message import ChatFile, ChatMessage, address, identity, read_request
from mailbot.parsing.mail_parser import CHAT, ParseError
from tests.fakes.mailbot.mails import heic, mail, photo


def test_a_message_is_a_request_of_its_channels_sender() -> None:
    files = (ChatFile(type="image/jpeg", content=photo()), ChatFile(type="image/heic", content=heic()))
    message = ChatMessage(
        sender="12345",
        name="Ann\x07",
        id="<1@t>",
        text=" mosaic ",
        answered="<0@t>",
        language="de",
        files=files,
    )
    request = read_request("telegram", message.encode())
    assert (request.sender, request.automation.from_address) == ("telegram:12345", "telegram:12345")
    assert (request.text, request.subject, request.content_language) == ("mosaic", "", "de")
    assert (request.message_id, request.references) == ("<1@t>", (CHAT, "<0@t>"))
    assert [image.kind for image in request.images] == ["jpeg", "heic"]
    assert request.name == "Ann"


def test_what_is_no_photo_has_its_reason() -> None:
    video = ChatMessage(sender="1", id="<1@t>", files=(ChatFile(name="a.mp4", type="video/mp4"),))
    assert read_request("telegram", video.encode()).unsupported == "video"
    assert read_request("mail", mail("mosaic")).subject == "mosaic"


@pytest.mark.parametrize("body", [b"", b"\xff", b"\x81\xa1a\x01", b"From: a@b\r\n\r\nhello"])
def test_bytes_that_are_no_message_are_an_error(body: bytes) -> None:
    with pytest.raises(ParseError):
        read_request("telegram", body)


def test_an_identity_is_no_address_and_gives_its_sender_back() -> None:
    assert "@" not in identity("sms", "+4915112345")
    assert address(identity("sms", "+4915112345")) == "+4915112345"
