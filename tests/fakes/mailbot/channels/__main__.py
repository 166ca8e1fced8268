"""Try the bot in Telegram without an account: `python -m tests.fakes.mailbot.channels PHOTO WORDS`.

It plays Telegram for a bot of this machine at port 8081, says the words with the photo, and saves what comes
back into the current folder.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from tests.fakes.mailbot.channels.bot_api import TOKEN, FakeBotApi

PORT = 8081


async def main(photo: bytes, words: str) -> None:
    """Until picture and file came, or a word that says why not."""
    async with FakeBotApi(PORT) as api:
        print(f'[telegram] enabled = true, api = "{api.url}", and MAILBOT_TELEGRAM_TOKEN={TOKEN}')
        print("Waiting for the bot…")
        api.says(words, photo)
        seen = 0
        async with asyncio.timeout(120):
            while not any(sent.buttons or not sent.content for sent in api.sent[:seen]):
                for sent in (await api.wait_for(seen + 1))[seen:]:
                    print(sent.text or sent.name, *sent.buttons, sep="\n  ")
                    save(f"{sent.method}-{sent.name}", sent.content)
                seen = len(api.sent)


def save(name: str, content: bytes) -> None:
    """A picture into the current folder."""
    if content:
        Path(name).write_bytes(content)
        print(f"  saved as {name}")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]).read_bytes(), " ".join(sys.argv[2:])))
