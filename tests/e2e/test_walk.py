"""A mailed photo comes back painted: through every process, by both kinds of mailbox."""

from __future__ import annotations

import asyncio
import io
import re
from email.message import EmailMessage
from pathlib import Path

from PIL import Image
from typer.testing import CliRunner

from mailbot.cli import app
from tests.fakes.mailbot.mails import mail, photo
from tests.fakes.mailbot.servers.dovecot import Dovecot
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.system import System, ask


async def test_by_the_embedded_mail_server(local_system: System) -> None:
    answer = await ask(local_system, mail("great wave", message_id="<w@x>"), "<w@x>")
    assert "The Great Wave off Kanagawa" in answer.text
    name, painted = answer.pictures[0]
    assert name == "beach-great-wave.jpg"
    assert Image.open(io.BytesIO(painted)).size == (320, 240)

    answer = await ask(local_system, mail("grate wafe", message_id="<t@x>"), "<t@x>")
    assert "The Great Wave off Kanagawa" in answer.text

    answer = await ask(local_system, mail("picasso please", message_id="<u@x>"), "<u@x>")
    assert "starry-night" in answer.text
    assert not answer.pictures

    answer = await ask(local_system, mail("great wave", images=[], message_id="<n@x>"), "<n@x>")
    assert "photo" in answer.text
    assert not answer.pictures

    broken = mail("great wave", images=[("a.jpg", b"\xff\xd8\xff\xe0 nothing more")], message_id="<b@x>")
    answer = await ask(local_system, broken, "<b@x>")
    assert "could not open" in answer.text

    answer = await ask(local_system, mail("help", images=[], message_id="<h@x>"), "<h@x>")
    assert "great-wave" in answer.text


async def test_no_line_of_the_log_says_twice_whose_it_is(local_system: System) -> None:
    lines = local_system.log.read_text().splitlines()
    assert any("registry │" in line for line in lines)
    assert [line for line in lines if re.search(r"(\w+) │ [\d\-:, ]*([A-Z]+ )?\1\b", line)] == []


async def test_what_is_asked_in_plain_words(local_system: System) -> None:
    large = mail("great wave and the scream, full size", images=[("p.jpg", photo(2400, 1600))])
    answer = await ask(local_system, large, "<one@mail.example>")
    name, painted = answer.pictures[0]
    assert name == "p-great-wave-and-the-scream.jpg"
    assert Image.open(io.BytesIO(painted)).size == (2400, 1600)
    assert "The Great Wave off Kanagawa" in answer.text
    assert "The Scream" in answer.text

    answer = await ask(local_system, mail("all styles", message_id="<s@x>"), "<s@x>")
    name, painted = answer.pictures[0]
    assert name == "beach-all-styles.jpg"
    assert Image.open(io.BytesIO(painted)).size > (900, 700)  # nine pictures of 320x240

    two = [("a.jpg", photo(seed=1)), ("b.jpg", photo(seed=2))]
    answer = await ask(local_system, mail("surprise me", images=two, message_id="<r@x>"), "<r@x>")
    assert len(answer.pictures) == 2

    tagged = mail(to="bot+the-scream-60@painter.example", message_id="<a@x>")
    answer = await ask(local_system, tagged, "<a@x>")
    assert answer.pictures[0][0] == "beach-the-scream.jpg"


async def test_send_command_saves_the_painted_photo(local_system: System, tmp_path: Path) -> None:
    photo = tmp_path / "dune.png"
    Image.new("RGB", (90, 60), "orange").save(photo)
    options = ["--style", "starry night", "--config", str(local_system.config), "--out", str(tmp_path)]
    result = await asyncio.to_thread(CliRunner().invoke, app, ["send", str(photo), *options])
    assert result.exit_code == 0, result.output
    assert (tmp_path / "dune-starry-night.jpg").exists()
    options[1:2] = ["picasso", "--seconds", "10"]  # it may be a notice, so a picture is waited for
    result = await asyncio.to_thread(CliRunner().invoke, app, ["send", str(photo), *options])
    assert result.exit_code == 1
    assert "I know no style called “picasso”." in result.output


async def test_by_dovecot_and_a_foreign_smtp_server(
    real_system: System, dovecot: Dovecot, sink: Sink, tmp_path: Path
) -> None:
    dovecot.deliver(tmp_path.name, mail("starry night", message_id="<d@x>"))
    answer = (await sink.wait_for(1, 60))[0]
    assert answer["In-Reply-To"] == "<d@x>"
    assert answer["Auto-Submitted"] == "auto-replied"
    assert answer["To"] == "jane@mail.example" or "jane@mail.example" in answer["To"]
    (picture,) = [p for p in answer.walk() if p.get_content_type() == "image/jpeg"]
    assert picture.get_content_disposition() == "inline"  # so small that it is its own preview
    assert picture.get_filename() == "beach-starry-night.jpg"
    assert isinstance(picture, EmailMessage)
    assert Image.open(io.BytesIO(picture.get_content())).size == (320, 240)
    assert real_system.stop() == 0
    assert len(dovecot.mails(tmp_path.name, "Processed")) == 1


async def test_the_registry_down(real_system: System, dovecot: Dovecot, sink: Sink, tmp_path: Path) -> None:
    """What a runner holds keeps working; the rest waits until the registry is back."""
    user = tmp_path.name
    dovecot.deliver(user, mail("starry night", message_id="<1@x>"))
    await sink.wait_for(1, 60)
    # Stopped rather than killed, so that it stays away: connections are taken and never answered.
    registry = real_system.pid("registry")
    real_system.signal(registry, "SIGSTOP")
    try:
        dovecot.deliver(user, mail("starry night", message_id="<2@x>"))
        dovecot.deliver(user, mail("great wave", message_id="<3@x>"))
        answers = await sink.wait_for(2, 60)
        assert answers[1]["In-Reply-To"] == "<2@x>"
    finally:
        real_system.signal(registry, "SIGCONT")
    answers = await sink.wait_for(3, 60)
    assert answers[2]["In-Reply-To"] == "<3@x>"
    assert any(p.get_content_type() == "image/jpeg" for p in answers[2].walk())
