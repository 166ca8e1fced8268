"""`mailbot send`: what comes back is saved, and nothing is overwritten. The command itself: tests/e2e."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from mailbot import send_test_photo
from mailbot.replies.mime import FOLLOWED
from mailbot.send_test_photo import ReceivedReply, answers, compose, save
from tests.fakes.mailbot.local_mail import BOT, JANE, local_mail
from tests.fakes.mailbot.mails import photo


def test_what_is_there_already_stays(tmp_path: Path) -> None:
    def came(content: bytes) -> ReceivedReply:
        return ReceivedReply(text="", pictures=(("dune-mosaic.jpg", content),))

    assert save(came(b"1"), tmp_path) == [tmp_path / "dune-mosaic.jpg"]
    assert save(came(b"2"), tmp_path) == [tmp_path / "dune-mosaic-2.jpg"]
    assert save(came(b"3"), tmp_path) == [tmp_path / "dune-mosaic-3.jpg"]
    assert [path.read_bytes() for path in sorted(tmp_path.iterdir())] == [b"2", b"3", b"1"]


async def test_after_a_notice_all_parts_of_the_answer_are_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(send_test_photo, "LOOK_SECONDS", 0.01)
    asked = "<asked@mail.example>"

    def answer(text: str, *names: str, to: str = asked, follows: bool = False) -> bytes:
        files = [(name, photo()) for name in names]
        message = compose(BOT, JANE, "Re: udnie", text, files, [to])
        if follows:
            message[FOLLOWED] = "yes"
        return message.as_bytes()

    async with local_mail() as server:
        coming = answers(server.config.mail, JANE, asked, 60)
        await server.accounts.deliver([JANE], answer("of another mail", to="<other@mail.example>"))
        await server.accounts.deliver([JANE], answer("It will take 90 s.", follows=True))
        notice = await asyncio.to_thread(next, coming)
        await server.accounts.deliver([JANE], answer("Part 1 of 2.", "a.jpg"))
        first = await asyncio.to_thread(next, coming)
        await server.accounts.deliver([JANE], answer("Part 2 of 2.", "b.jpg"))
        rest = await asyncio.to_thread(list, coming)
    assert [reply.text for reply in (notice, first, *rest)] == [
        "It will take 90 s.",
        "Part 1 of 2.",
        "Part 2 of 2.",
    ]


async def test_an_answer_without_pictures_is_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(send_test_photo, "LOOK_SECONDS", 0.01)
    asked = "<asked@mail.example>"
    async with local_mail() as server:
        said = compose(BOT, JANE, "Re: udnie", "I do not know this style.", answered=[asked])
        await server.accounts.deliver([JANE], said.as_bytes())
        reading = asyncio.to_thread(lambda: list(answers(server.config.mail, JANE, asked, 3600)))
        (answer,) = await asyncio.wait_for(reading, 60)
    assert answer.text == "I do not know this style."
