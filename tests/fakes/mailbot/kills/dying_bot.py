"""A bot that is killed at a chosen place: `python -m tests.fakes.mailbot.kills.dying_bot CONFIG`, a life a
line on stdin.

A line is `{"target": NAME, "nth": N}`; each is answered twice on stdout: with the pid of the bot that was
started, and with how it ended (negative: the signal). The bot is `mailbot.app.serve` with all its modules as
they are, in a process of its own; that is a fork of this one, since its imports take a second.
"""

from __future__ import annotations

import asyncio
import ctypes
import json
import logging
import os
import signal
import sys
from pathlib import Path
from typing import Any

from mailbot import app, inbox, outbox
from mailbot import bot as bot_module
from mailbot.channels import telegram_source, twilio
from mailbot.config import MailbotConfigFile
from mailbot.retention import retention
from styles.service.config import load
from tests.fakes.mailbot.kills.death_points import Points, instrument

PR_SET_PDEATHSIG = 1


def main(config: Path) -> None:
    """Until stdin ends."""
    for line in sys.stdin:
        order = json.loads(line)
        sys.stdout.flush()
        if (child := os.fork()) == 0:
            _live(config, order["target"], order["nth"])
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _live(file: Path, target: str, nth: int) -> None:
    """One life; never returns."""
    code = 1
    try:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        logging.basicConfig(
            filename=file.parent / "bot.log", level="INFO", format="%(levelname)s %(message)s"
        )
        logging.getLogger("aioimaplib").setLevel("ERROR")
        logging.info("to die at %s, time %d", target, nth)
        instrument(Points(target, nth, file.parent / "crossings"), file.parent)
        modules: tuple[Any, ...] = (bot_module, inbox, outbox, telegram_source, twilio)
        telegram_source.ALBUM_SECONDS = 0.05
        for module in modules:
            module.FIRST_DELAY = 0.05
        retention.DELETION_PAUSE = 0.1
        app.DRAIN_SECONDS = 0.1
        asyncio.run(app.serve(load(file, MailbotConfigFile)))
        code = 0
    except BaseException:
        logging.exception("the bot ends")
    finally:
        os._exit(code)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
