"""Try the bot in Telegram or by phone without an account.

    python -m tests.fakes.mailbot.channels PHOTO WORDS          plays Telegram, at port 8081
    python -m tests.fakes.mailbot.channels --sms PHOTO WORDS    plays Twilio, at port 8082

It says the words with the photo to the bot here, and saves what comes back into the current folder.
"""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path

from tests.fakes.mailbot.channels import twilio
from tests.fakes.mailbot.channels.bot_api import TOKEN, FakeBotApi
from tests.fakes.mailbot.channels.twilio import FakeTwilio

#: Of Telegram, of Twilio, and of the bot's webhook as config.toml has it.
PORT, TWILIO_PORT, WEBHOOK_PORT = 8081, 8082, 8482
#: Seconds for a bot that starts and paints.
PATIENT_SECONDS = 300


async def chat(photo: bytes, words: str) -> None:
    """Until picture and file came, or a word that says why not."""
    async with FakeBotApi(PORT, first=int(time.time())) as api:
        print(f'[telegram] enabled = true, api = "{api.url}", and MAILBOT_TELEGRAM_TOKEN={TOKEN}')
        print("Waiting for the bot…")
        api.says(words, photo)
        seen = 0
        while not any(sent.buttons or not sent.content for sent in api.sent[:seen]):
            for sent in (await api.wait_for(seen + 1, PATIENT_SECONDS))[seen:]:
                print(sent.text or sent.name, *sent.buttons, sep="\n  ")
                save(f"{sent.method}-{sent.name}", sent.content)
            seen = len(api.sent)


async def text(photo: bytes, words: str) -> None:
    """Until a text message came back."""
    async with FakeTwilio(TWILIO_PORT, WEBHOOK_PORT, first=int(time.time())) as phone:
        print(f"MAILBOT_TWILIO_TOKEN={twilio.TOKEN}, and in config.toml:\n\n[sms]\nenabled = true")
        for key, value in phone.settings.model_dump(
            include={"number", "account", "public_url", "api"}
        ).items():
            print(f'{key} = "{value}"')
        print("\nWaiting for the bot…")
        phone.deliver(phone.message(words, photo))
        async with asyncio.timeout(PATIENT_SECONDS):
            while not phone.sent:
                phone.came.clear()
                await phone.came.wait()
        print(phone.sent[0].body)
        save("painted.jpg", phone.sent[0].picture or b"")


def save(name: str, content: bytes) -> None:
    """A picture into the current folder."""
    if content:
        Path(name).write_bytes(content)
        print(f"  saved as {name}")


if __name__ == "__main__":
    photo, *words = [each for each in sys.argv[1:] if each != "--sms"] or ["--help"]
    if photo.startswith("-"):
        sys.exit(__doc__)
    plays = text if "--sms" in sys.argv else chat
    try:
        asyncio.run(plays(Path(photo).read_bytes(), " ".join(words)))
    except TimeoutError:
        sys.exit(
            f"The bot has not answered for {PATIENT_SECONDS} seconds. Does it run, with that config.toml?"
        )
