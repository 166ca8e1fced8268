"""Run the mail server to play with, by `python -m mailbot.local_mail --config FILE`."""

from __future__ import annotations

import asyncio
import logging

import typer

from mailbot.config import MailbotConfigFile
from mailbot.local_mail.server import serve
from styles.service import logs
from styles.service.cli import CONFIG, ConfigFile, one_line_errors
from styles.service.config import load


def main(config: ConfigFile = CONFIG) -> None:
    """Run the mail server of [mail.local] until Ctrl-C or SIGTERM. It forgets all mail when it ends."""
    logs.set_up("mail")
    logging.getLogger("mail.log").setLevel("WARNING")  # aiosmtpd's, which reports every SMTP command
    with one_line_errors():
        asyncio.run(serve(load(config, MailbotConfigFile)))


if __name__ == "__main__":
    typer.run(main)
