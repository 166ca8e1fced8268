"""Run the mail server to play with, by `python -m mailbot.local_mail --config FILE`."""

from __future__ import annotations

import asyncio
import logging

import typer

from mailbot.config import MailbotConfigFile
from styles.service.command_line import CONFIG, ConfigFile, load_service, one_line_errors
from styles.service.optional_libraries import require


def main(config: ConfigFile = CONFIG) -> None:
    """Run the mail server of [mail.local] until Ctrl-C or SIGTERM. It forgets all mail when it ends."""
    with one_line_errors():
        settings = load_service(config, MailbotConfigFile, "mail")
        logging.getLogger("mail.log").setLevel("WARNING")  # aiosmtpd's, which reports every SMTP command
        require("local", "The mail server to play with")
        from mailbot.local_mail.server import serve  # which needs the extra

        asyncio.run(serve(settings))


if __name__ == "__main__":
    typer.run(main)
