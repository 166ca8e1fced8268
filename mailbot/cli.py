"""Define the `mailbot` command: run everything, run the bot alone, send a photo to try it.

`admin/cli.py` has the commands that look after the ledger.
"""

from __future__ import annotations

import asyncio
import imaplib
import logging
import os
import re
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.logging import RichHandler
from rich.table import Table
from rich.text import Text

from mailbot import app as bot
from mailbot import local_programs, send_test_photo
from mailbot.admin import backup, cli, codes_view, login
from mailbot.config import MailbotConfigFile
from mailbot.doctor import all_checks as doctor
from mailbot.supervisor import NotReady, Supervisor
from mailbot.transport.credentials import to_read, to_send
from styles.service import logs
from styles.service.asyncio_tasks import cancel, stop_requested
from styles.service.command_line import CONFIG, ConfigFile, load_service, one_line_errors, program, say
from styles.service.config import LogsConfigFile, load

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_show_locals=False,
    help="A bot that paints: mail it a photo, name a style, and the photo comes back painted.",
)
console = Console()

#: A photo for the first try, where this runs in the project's own folder.
SAMPLE = Path("docs/photos/rocket.jpg")
#: A person of a channel.
CHAT = re.compile(r"telegram:\d{1,20}|sms:\+\d{5,15}", re.ASCII)
#: Colours of the programs' names before their lines.
COLOURS = {"mail": "magenta", "registry": "cyan", "balancer": "yellow", "bot": "green"}


@app.command()
def up(file: ConfigFile = CONFIG) -> None:
    """Run the whole system on this machine.

    That is the registry, the balancer with its runners, and the bot. Where the config names no mailbox,
    a mail server to play with is started too. Ctrl-C stops everything and loses nothing: what is not
    finished is taken up at the next start.
    """
    with one_line_errors(NotReady):
        if load(file, LogsConfigFile).logs.is_json:
            logs.set_up("up", as_json=True)
        else:
            handler = RichHandler(show_path=False)
            logging.basicConfig(level="WARNING", format="%(message)s", handlers=[handler])
        config = load(file, MailbotConfigFile)
        for find_credentials in (to_read, to_send):  # so that a bot without them does not end again and again
            find_credentials(config.mail)
        asyncio.run(_up(file, config))


@app.command()
def serve(file: ConfigFile = CONFIG) -> None:
    """Run the bot alone, beside a registry and a balancer."""
    logging.getLogger("aioimaplib").setLevel("WARNING")  # below that it logs what mails hold
    with one_line_errors():
        asyncio.run(bot.serve(load_service(file, MailbotConfigFile, "bot")))


def _chats(to: list[str] | None) -> list[str] | None:
    for chat in to or ():
        if not CHAT.fullmatch(chat):
            raise typer.BadParameter(f"{chat} is not written like telegram:12345 or sms:+15552223333.")
    return to


@app.command("doctor")
def examine(
    json: Annotated[bool, typer.Option("--json", help="Print the results as JSON.")] = False,
    channels: Annotated[
        bool, typer.Option("--channels", help="Send a marked message through each channel, and wait for it.")
    ] = False,
    to: Annotated[
        list[str] | None,
        typer.Option(
            help="With --channels: your own chat or phone, as telegram:12345 or sms:+15552223333.",
            metavar="CHAT",
            callback=_chats,
        ),
    ] = None,
    file: ConfigFile = CONFIG,
) -> None:
    """Check everything that the bot needs, and say what to mend.

    That is the config, the mailbox, the SMTP server, registry and balancer, and what lies on this machine.
    Without --channels nothing is sent, and no mail is read. A message to a chat asks for your answer there
    within two minutes. The exit code is 1 if something is to be mended.
    """
    logging.getLogger("aioimaplib").setLevel("CRITICAL")  # its errors are among the results
    os.umask(0o077)  # as the bot's: a folder for the ledger may be made
    results = asyncio.run(doctor.examine(file, os.environ, sends=channels, to=to or ()))
    if json:
        typer.echo(doctor.as_json(results))
    else:
        doctor.show(results, console)
    raise typer.Exit(0 if doctor.is_well(results) else 1)


@app.command("send")
def send_photo(
    photo: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The photo.")],
    style: Annotated[str, typer.Option(help="What to write in the subject; empty: the default style.")] = "",
    sender: Annotated[str, typer.Option("--from", help="Who sends it.")] = "you@painter.example",
    out: Annotated[Path, typer.Option(exists=True, file_okay=False, help="Folder for the picture.")] = Path(),
    seconds: Annotated[float, typer.Option(help="How long to wait for the picture.")] = 120.0,
    file: ConfigFile = CONFIG,
) -> None:
    """Mail a photo to the bot, and wait for the answer where the mail server is the one to play with.

    A notice of a long wait is shown, and the answer waited for.
    No file is overwritten: where one has the picture's name, the picture gets a number. The exit code is 1
    if no picture came back.
    """
    with one_line_errors(send_test_photo.MailNotTaken, imaplib.IMAP4.error):
        mail = load(file, MailbotConfigFile).mail
        files = [(photo.name, photo.read_bytes())]
        message = send_test_photo.compose(sender, mail.address, style, files=files)
        asyncio.run(send_test_photo.submit(message, mail.effective_smtp, to_send(mail)))
        say(console, f"Sent {photo.name} to {mail.address}.")
        if not mail.is_local:
            say(console, f"The answer comes to {sender}.")
            return
        came = []
        with console.status("Waiting for the picture… Ctrl-C ends this; the bot goes on."):
            for answer in send_test_photo.answers(mail, sender, str(message["Message-ID"]), seconds):
                came.append(answer)
                console.print(Text(answer.text))
                for saved in send_test_photo.save(answer, out):
                    console.print(Text(f"Saved {saved}", "green"), soft_wrap=True)
        if not came:
            raise TimeoutError(f"No answer within {seconds:.0f} s. The bot's lines may say why.")
    if not any(answer.pictures for answer in came):
        raise typer.Exit(1)


cli.register(app)
login.register(app)
backup.register(app)
codes_view.register(app)


async def _up(file: Path, config: MailbotConfigFile) -> None:
    supervisor = Supervisor(local_programs.programs(file, config), _print)
    stop = stop_requested()

    async def start() -> None:
        await local_programs.free_ports(config)
        await supervisor.startup()

    starting = asyncio.create_task(start())
    stopped = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait([starting, stopped], return_when=asyncio.FIRST_COMPLETED)
        if starting.done():
            await starting
            _welcome(file, config)
            await stopped
    finally:
        if logs.is_json():
            typer.echo(logs.json_line("up", "stopping"))
        else:
            console.print("Stopping…")
        await cancel(starting, stopped)
        await supervisor.shutdown()


def _print(name: str, line: str) -> None:
    if logs.is_json():
        typer.echo(line if logs.is_json_line(line) else logs.json_line(name, line))
        return
    console.print(Text.assemble((f"{name:>8} │ ", COLOURS.get(name, "")), line), soft_wrap=True)


def _welcome(file: Path, config: MailbotConfigFile) -> None:
    """Print where everything is, and how to send the first photo."""
    mail = config.mail
    rows = {"styles": config.registry.url + "/", "painters": config.balancer.url + "/v1/status"}
    if mail.is_local:
        rows["web mail"] = f"http://{mail.local.host}:{mail.local.web_port}/"
        rows["SMTP, IMAP"] = f"{mail.local.host}:{mail.local.smtp_port}, :{mail.local.imap_port}"
        rows["accounts"] = f"any address; the password is “{mail.local.password}”"
    elif mail.has_mailbox:
        rows["mailbox"] = f"{mail.effective_imap.username} at {mail.effective_imap.host}"
    if mail.lmtp.listen:
        rows["LMTP"] = mail.lmtp.listen
    rows["the bot"] = mail.address
    if logs.is_json():
        rows.pop("accounts", None)  # which has the password
        typer.echo(logs.json_line("up", "ready", addresses=rows))
        return
    table = Table(show_header=False, box=None, padding=(0, 2))
    for name, value in rows.items():
        table.add_row(name, Text(value))  # a password may have brackets, which rich would take for markup
    console.rule("[bold green]ready")
    console.print(table)
    option = "" if file == CONFIG else f" --config {file}"
    photo = SAMPLE if SAMPLE.exists() else "PHOTO.jpg"
    command = f"{program('mailbot')} send {photo} --style '{config.styles.default}'{option}"
    console.print(
        Text.assemble(
            f"\nSend a photo to {mail.address} with a style as the subject, or from another terminal:\n  ",
            (command, "bold"),
            "\nCtrl-C stops everything and loses nothing.\n",
        )
    )
