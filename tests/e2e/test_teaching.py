"""A painting that is mailed to a mailbox on Dovecot becomes a style, and a photo is painted in it by mail.

It is the real learning, by a loss network with random weights, for some seconds.
"""

from __future__ import annotations

import os
import signal
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.fakes.mailbot.bot import text_of
from tests.fakes.mailbot.mails import mail, photo, png_header
from tests.fakes.mailbot.servers.dovecot import Dovecot
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.styles.training_material import make_material
from tests.fakes.system import System

pytestmark = pytest.mark.slow  # a minute of training

ANN = "Ann Teacher <ann@example.org>"


def lesson(subject: str, number: int, painting: bytes) -> bytes:
    return mail(subject, "", [("canvas.jpg", painting)], ANN, message_id=f"<{number}@example.org>")


def said(answers: list[EmailMessage], number: int) -> str:
    """The last answer to a mail."""
    found = [a for a in answers if a["In-Reply-To"] == f"<{number}@example.org>"]
    return " ".join(text_of(found[-1]).split()) if found else ""


async def test_from_mail_to_live_though_the_bot_is_killed(
    tmp_path: Path, dovecot: Dovecot, sink: Sink
) -> None:
    user = dovecot.add_user(tmp_path.name)
    features = make_material(tmp_path) / "features.safetensors"
    settings = (
        f'teachers = ["@example.org"]\nteaching_minutes = 0.5\n'
        f'[mail.imap]\nhost = "127.0.0.1"\nport = {dovecot.port}\ntls = "none"\nusername = "{user}"\n'
        f'[mail.smtp]\nhost = "127.0.0.1"\nport = {sink.port}\ntls = "none"\n'
    )
    system = System(tmp_path, settings, runner=f'learn = true\nfeatures = "{features}"\n')
    try:
        await system.start({"MAILBOT_IMAP_PASSWORD": Dovecot.password})
        dovecot.deliver(user, lesson("learn: zephyrine", 1, photo(640, 480, seed=3)))
        (notice,) = await sink.wait_for(1)
        assert "I am learning from it" in text_of(notice)
        os.kill(system.pid("bot"), signal.SIGKILL)
        answers = await sink.wait_for(2, 300)
        assert "I have learnt “Zephyrine” from your painting." in said(answers, 1)

        dovecot.deliver(user, mail("zephyrine", "", None, "eve@example.org", message_id="<2@example.org>"))
        answers = await sink.wait_for(3, 120)
        assert [part for part in answers[2].walk() if part.get_content_type() == "image/jpeg"]
        assert "Zephyrine" in said(answers, 2)

        for number, hostile in enumerate((png_header(60_000, 60_000), png_header(1, 10_000)), start=3):
            dovecot.deliver(user, lesson(f"learn: hostile{number}x", number, hostile))
        answers = await sink.wait_for(5, 300)
        assert "I could not open that file as a photo." in said(answers, 3)
        assert "Your picture is only one or two pixels wide or high" in said(answers, 4)
    finally:
        system.stop()
