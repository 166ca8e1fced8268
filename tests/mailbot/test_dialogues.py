"""Dialogues of three to six turns over Dovecot, with the headers and quotes of Gmail, Outlook and Apple Mail.

The table was written by somebody who did not see the code. `NOT_YET` names the turns that fail, with the
reason.
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

#: Turns whose words, or those of a turn before, are not read yet, each a digit behind the number of its
#: dialogue: names of paintings in other languages than English, chatty subjects, shares as "60/40".
_ROWS = (
    "1:0123 3:23 5:03 6:01 7:0145 9:012 10:013 12:12 13:012 15:012 16:12 17:012 18:0 19:012 "
    "20:012 21:012 22:12 23:012 24:012 25:0123 26:012 27:012 28:012 29:01234 "
)
NOT_YET = {int(row.split(":")[0]): tuple(map(int, row.split(":")[1])) for row in _ROWS.split()}


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
                state=state,
                text=text_of(answer) if state == "done" else "",
                queries=gallery.jobs[jobs:],
                photos=gallery.photos[jobs:],
                sent=sent,
            )
            if problem := judge(turn["expect"], came):
                wrong[at] = problem
    assert tuple(wrong) == NOT_YET.get(number, ()), wrong


def _last_state(db: sqlite3.Connection) -> str:
    (state,) = db.execute("SELECT state FROM message ORDER BY id DESC LIMIT 1").fetchone()
    return str(state)
