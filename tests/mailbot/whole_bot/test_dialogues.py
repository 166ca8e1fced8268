"""Dialogues of three to six turns over Dovecot, with the headers and quotes of Gmail, Outlook and Apple Mail.

The table was written without a look at the code.

"""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator

import pytest

from mailbot.config import Imap
from mailbot.inbox import Inbox
from mailbot.storage.ledger import Ledger
from tests.fakes.mailbot.bot import answering, text_of, until_settled
from tests.fakes.mailbot.dialogues import DIALOGUES, Came, Client, Gallery, judge
from tests.fakes.mailbot.servers.dovecot import Dovecot
from tests.fakes.mailbot.servers.smtp import Sink


@pytest.fixture
async def gallery() -> AsyncIterator[Gallery]:
    async with Gallery() as server:
        yield server


@pytest.mark.parametrize("number", range(len(DIALOGUES)))
async def test_a_dialogue(
    number: int, dovecot: Dovecot, user: str, imap: Imap, ledger: Ledger, gallery: Gallery, sink: Sink
) -> None:
    dialogue = DIALOGUES[number]
    client = Client(program=dialogue["client"], lang=dialogue["lang"], address="ellen@mail.example")
    answer, sent, wrong = None, list[bytes](), dict[int, str]()
    async with answering(Inbox(imap, Dovecot.credentials, 1_000_000), ledger, gallery, sink):
        for at, turn in enumerate(dialogue["turns"]):
            jobs, answers = len(gallery.jobs), len(sink.received)
            dovecot.deliver(user, client.write(turn, answer))
            sent.append(client.photo if turn["photo"] else b"")
            await until_settled(ledger, at + 1)
            state = await ledger.read(_last_state)
            if state == "done":
                answer = (await sink.wait_for(answers + 1))[-1]
            came = Came(
                lang=dialogue["lang"],
                state=state,
                text=text_of(answer) if state == "done" else "",
                queries=gallery.jobs[jobs:],
                photos=gallery.photos[jobs:],
                sent=sent,
            )
            if problem := judge(turn["expect"], came):
                wrong[at] = problem
    assert wrong == {}


def _last_state(db: sqlite3.Connection) -> str:
    (state,) = db.execute("SELECT state FROM message ORDER BY id DESC LIMIT 1").fetchone()
    return str(state)
