"""Nothing of a mail in the logs: no subject, no words, no address, no file name, whatever goes wrong."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from itertools import cycle, islice

import pytest

from mailbot.config import Imap
from mailbot.inbox import Inbox
from mailbot.parsing.mail_parser import StyleRequest
from mailbot.sender_policy import silence
from mailbot.storage.ledger import Ledger
from runner.client import RunnerClient
from styles.contract import StyleJob, StyleResult
from tests.emails.corpus import Case, cases
from tests.fakes.mailbot.bot import ADDRESS, Folder, answering, until_settled
from tests.fakes.mailbot.servers.dovecot import Dovecot
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.runner.balancer import FakeBalancer

CASES = [case for case in cases() if len(case.raw) < 100_000]
#: Words shorter than this are in any log, by chance.
SHORTEST = 5
#: Not ours: the tests' own SMTP server and balancer tell what they are given.
FAKES = ("mail.log", "aiohttp.access")


def secrets_of(case: Case) -> set[str]:
    """What no log may say of this mail."""
    request = case.request
    raw_ids = re.findall(rb"<[\w.-]{4,}@[\w.-]+>", case.raw)
    found = {match.decode().strip("<>") for match in raw_ids}
    if request is not None:
        found |= _of_request(request)
    return {secret for secret in found if len(secret) >= SHORTEST} - {ADDRESS}


def _of_request(request: StyleRequest) -> set[str]:
    words = [*request.subject.split(), *request.text.split()]
    names = [photo.name for photo in request.images]
    return {request.sender, request.name, request.subject, *request.text.splitlines(), *words, *names}


def leaked(records: Iterable[logging.LogRecord], secrets: set[str]) -> set[str]:
    """The secrets in these records; our own words may be those of any mail."""
    told = [record for record in records if record.levelno >= logging.INFO and record.name not in FAKES]
    templates = " ".join([*(str(record.msg) for record in told), *silence.REASONS]).lower()
    text = "\n".join(logging.Formatter().format(record) for record in told).lower()
    return {secret for secret in secrets if _says(text, secret) and not _says(templates, secret)}


def _says(text: str, secret: str) -> bool:
    """As a whole word: `_paint` is a function of ours."""
    return bool(re.search(rf"(?<!\w){re.escape(secret.lower())}(?!\w)", text))


@pytest.fixture
def secrets() -> set[str]:
    found: set[str] = set().union(*(secrets_of(case) for case in CASES))
    assert {"jane@mail.example", "Nachtcafé — night café", "holiday.jpg", "Jörg"} & found
    return found


def test_a_leak_is_noticed(caplog: pytest.LogCaptureFixture, secrets: set[str]) -> None:
    caplog.set_level(logging.INFO)
    logging.getLogger("mailbot.bot").info("a mail of %s", "jane@mail.example")
    try:
        raise ValueError("cannot read holiday.jpg")
    except ValueError:
        logging.getLogger("other").exception("oh")
    assert {"jane@mail.example", "holiday.jpg"} <= leaked(caplog.records, secrets)


async def test_the_corpus_from_the_mailbox_to_the_answers(
    caplog: pytest.LogCaptureFixture,
    secrets: set[str],
    dovecot: Dovecot,
    user: str,
    imap: Imap,
    ledger: Ledger,
    balancer: FakeBalancer,
    sink: Sink,
) -> None:
    """Over real servers, with a painter and an SMTP server that refuse some of what they are asked."""
    caplog.set_level(logging.WARNING, "aioimaplib")  # as `mailbot serve` does
    caplog.set_level(logging.INFO)
    faults = ((422, "No.", "Unpaintable"), (415, "No photo.", "NotAnImage"), (503, "Later.", "RunnerDied"))
    balancer.faults.extend(islice(cycle(faults), 60))
    refusals = ("451 4.3.0 later, jane@mail.example", "550 5.1.1 <jane@mail.example> is unknown", "drop")
    sink.faults.extend(islice(cycle(refusals), 15))
    for case in CASES:
        dovecot.deliver(user, case.raw)
    inbox = Inbox(imap, Dovecot.credentials, 36_000_000)
    async with answering(inbox, ledger, balancer, sink, replies_per_hour=1_000):
        await until_settled(ledger, len(CASES))
    assert len(caplog.records) > len(CASES) // 2
    assert leaked(caplog.records, secrets) == set()


class _Indiscreet(RunnerClient):
    """A painter with a fault of its own, whose error says what the mail said."""

    async def run(self, job: StyleJob, timeout: float | None = None) -> StyleResult:  # noqa: ASYNC109 - as the client's
        raise ValueError(f"cannot paint for {job.sender}: {job.style}")


async def test_errors_of_ours_say_where_and_not_what(
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    secrets: set[str],
    ledger: Ledger,
    balancer: FakeBalancer,
    sink: Sink,
) -> None:
    caplog.set_level(logging.INFO)
    monkeypatch.setattr("mailbot.bot.FIRST_DELAY", 0.001)
    inbox = Folder(*(case.raw for case in CASES))
    async with answering(inbox, ledger, balancer, sink, replies_per_hour=1_000) as bot:
        bot._responder._painter._client = _Indiscreet("")
        await until_settled(ledger, len(CASES))
    assert "ValueError at" in caplog.text
    assert "test_privacy.py" in caplog.text
    assert leaked(caplog.records, secrets) == set()
