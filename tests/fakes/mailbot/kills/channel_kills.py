"""Kills the bot at every place of the walk of a message in Telegram or by phone, with the harness of mail.

A part of an answer is one request to the provider. As with SMTP there is one window in which it can go out
twice: the provider has taken it, and `sent` is not committed. At each death the harness looks who is in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

from mailbot.replies.chat import read
from tests.fakes.mailbot.channels import twilio
from tests.fakes.mailbot.channels.bot_api import TOKEN, FakeBotApi
from tests.fakes.mailbot.channels.memory import large_photo
from tests.fakes.mailbot.channels.twilio import FakeTwilio
from tests.fakes.mailbot.kills.kill_harness import Harness, Kill, Outcome
from tests.fakes.mailbot.kills.kill_mails import FATES, Fate, Sample
from tests.fakes.mailbot.kills.kill_plan import plan, sides
from tests.fakes.mailbot.kills.kill_sources import MailboxSource
from tests.fakes.mailbot.servers.dovecot import Dovecot
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.runner.balancer import FakeBalancer

#: Every place that only a message of Telegram passes, or that it passes in its own way.
TELEGRAM_POINTS: Mapping[str, str] = {
    **sides("telegram getUpdates", sides=("before", "answered")),
    **sides("telegram getFile", sides=("before", "answered")),
    **sides("telegram file", sides=("before", "answered")),
    **sides("spool write", sides=("half",)),
    **sides("spool fsync"),
    **sides("commit accept"),
    **sides("commit lease"),
    **sides("parse"),
    **sides("commit noted"),
    **sides("commit muted"),
    **sides("commit admit"),
    **sides("balancer", sides=("before", "answered")),
    **sides("commit finish"),
    **sides("spool unlink", "help"),
    **sides("commit take"),
    **sides("telegram sendPhoto", sides=("before", "sent", "answered")),
    **sides("telegram sendDocument", sides=("before", "sent", "answered")),
    **sides("telegram sendMessage", "help", ("before", "sent", "answered")),
    **sides("commit sent"),
    **sides("commit deferred", "delayed"),
    **sides("commit failed", "refused"),
    **sides("commit postpone", "busy"),
}
#: Every place that a text message passes in its own way.
SMS_POINTS: Mapping[str, str] = {
    **sides("commit add"),
    **sides("twilio list", "missed", ("before", "answered")),
    **sides("twilio media list", "missed", ("before", "answered")),
    **sides("commit add_missed", "missed"),
    **sides("commit listed", "missed"),
    **sides("twilio media", sides=("before", "answered")),
    **sides("commit accept"),
    **sides("commit remove"),
    **sides("balancer", sides=("before", "answered")),
    **sides("commit finish"),
    **sides("commit take"),
    **sides("twilio send", sides=("before", "sent", "answered")),
    **sides("commit sent"),
    **sides("commit deferred", "delayed"),
    **sides("commit failed", "refused"),
}
#: What is said to the bot between the deaths.
MIX = ("photo", "photo", "album", "help", "refused", "busy", "delayed")


class Mailbox(MailboxSource):
    """A mailbox that stays empty, beside another channel's table."""

    def __init__(
        self,
        dovecot: Dovecot,
        user: str,
        points: Mapping[str, str],
        table: str,
        waiting: Callable[[], int],
        *further: str,
    ) -> None:
        """`further` are kinds of messages beside those of all channels."""
        super().__init__(dovecot, user)
        self.points, self.mix = points, (*MIX, *further)
        self._table, self._waiting = table, waiting

    @property
    def table(self) -> str:
        return f"{super().table}\n{self._table}"

    def waiting(self) -> int:
        return self._waiting() + super().waiting()


class ChatHarness(Harness):
    """As `Harness`; each message comes from a chat of its own, known by the number of its sample."""

    #: Parts of an answer by the kind of message, and of all other kinds.
    parts: Mapping[str, Mapping[str, int]]
    photo: Mapping[str, int]
    name: str
    _in_window: Counter[tuple[str, str]]

    def sent(self) -> list[tuple[str, str, bytes]]:
        """What the provider has taken: chat, part, content."""
        raise NotImplementedError

    def chat(self, number: int) -> str:
        """The chat of a sample."""
        raise NotImplementedError

    def say(self, chat: str, kind: str, words: str, photos: Sequence[bytes]) -> None:
        """A person writes, and the provider has a fault for its kind."""
        raise NotImplementedError

    def part(self, content: bytes) -> str:
        """The part that a row of the outbox is."""
        raise NotImplementedError

    def deliver(self, kill: Kill, kind: str) -> None:
        """One more message, and the fault that one of its kind meets."""
        number = len(self.samples) + 1
        said = Sample(number=number, kind=kind, body=b"")
        self.samples.append(said)
        kill.mails.append(said)
        if kind == "busy":
            self._balancer.faults.append((503, "Too many at once.", "RunnerDied"))
        count = {"help": 0, "refused": 0, "album": 2}.get(kind, 1)
        photos = [large_photo(10 * number + at) for at in range(count)]
        self.say(self.chat(number), kind, "mosaic" if photos else "help", photos)

    def _note_window(self, kill: Kill) -> None:
        copies = Counter((chat, part) for chat, part, _ in self.sent())
        query = f"""SELECT outbox.recipient, letter.content
            FROM outbox JOIN letter ON letter.outbox = outbox.id
            WHERE state IN ('sending', 'pending') AND channel = '{self.name}'"""
        rows = self._rows(query)
        waiting = Counter((recipient.partition(":")[2], self.part(content)) for recipient, content in rows)
        kinds = {self.chat(said.number): said.kind for said in self.samples}
        for part, left in waiting.items():
            # All that went out, less those parts of the kind whose `sent` is committed.
            done = self.parts.get(kinds[part[0]], self.photo).get(part[1], 0) - left
            extra = copies[part] - done - self._in_window[part]
            if extra > 0:
                self._in_window[part] += extra
                kill.window.append(f"{part[1]} to {part[0]}")

    def outcomes(self) -> list[Outcome]:
        """What became of every part of every answer; asked for after `settle`."""
        failed = {row[0] for row in self._rows("SELECT recipient FROM outbox WHERE state = 'failed'")}
        sent: dict[tuple[str, str], list[bytes]] = {}
        for chat, part, content in self.sent():
            sent.setdefault((chat, part), []).append(content)
        found = []
        for said in self.samples:
            chat = self.chat(said.number)
            for part, count in self.parts.get(said.kind, self.photo).items():
                copies = sent.get((chat, part), [])
                found.append(
                    Outcome(
                        sample=said,
                        fate="answered" if len(set(copies)) == count else None,
                        copies=len(copies) - count + 1,
                        explained=1 + self._in_window[chat, part],
                        identical=len(set(copies)) <= count,
                    )
                )
            if FATES.get(said.kind) == "failed":
                fate: Fate | None = "failed" if f"{self.name}:{chat}" in failed else None
                found.append(Outcome(sample=said, fate=fate, copies=0, explained=0, identical=True))
        return found


class TelegramHarness(ChatHarness):
    """People in Telegram."""

    name = "telegram"
    photo: Mapping[str, int] = {"sendPhoto": 1, "sendDocument": 1}
    parts: Mapping[str, Mapping[str, int]] = {
        "help": {"sendMessage": 1},
        "refused": {},
        "album": {"sendPhoto": 2, "sendDocument": 2},
    }

    def __init__(
        self, folder: Path, dovecot: Dovecot, user: str, sink: Sink, balancer: FakeBalancer, api: FakeBotApi
    ) -> None:
        table = f'[telegram]\nenabled = true\napi = "{api.url}"\n'
        source = Mailbox(dovecot, user, TELEGRAM_POINTS, table, lambda: len(api.updates))
        super().__init__(folder, source, sink, balancer)
        self.environment = {"MAILBOT_TELEGRAM_TOKEN": TOKEN}
        self._api, self._in_window = api, Counter()

    def sent(self) -> list[tuple[str, str, bytes]]:
        return [(each.chat, each.method, each.content or each.text.encode()) for each in self._api.sent]

    def chat(self, number: int) -> str:
        return str(number)

    def say(self, chat: str, kind: str, words: str, photos: Sequence[bytes]) -> None:
        if kind == "delayed":
            self._api.fault("sendPhoto", {"error_code": 429, "parameters": {"retry_after": 0}})
        elif kind == "refused":
            self._api.blocked.add(chat)
        self._api.says(words, *photos, chat=int(chat))

    def part(self, content: bytes) -> str:
        part = read(content)
        return ("sendDocument" if part.is_file else "sendPhoto") if part.picture else "sendMessage"


class TwilioHarness(ChatHarness):
    """People with phones."""

    name = "sms"
    photo: Mapping[str, int] = {"message": 1}
    parts: Mapping[str, Mapping[str, int]] = {"refused": {}, "album": {"message": 2}}

    def __init__(
        self, folder: Path, dovecot: Dovecot, user: str, sink: Sink, balancer: FakeBalancer, phone: FakeTwilio
    ) -> None:
        values = {name: str(value) for name, value in phone.settings.model_dump().items()}
        lines = [f'{name} = "{values[name]}"' for name in ("number", "account", "public_url", "api")]
        table = "\n".join(["[sms]", "enabled = true", f"port = {values['port']}", *lines])
        source = Mailbox(dovecot, user, SMS_POINTS, table, lambda: len(phone.calling), "missed")
        phone.page_size = 1000
        super().__init__(folder, source, sink, balancer)
        self.environment = {"MAILBOT_TWILIO_TOKEN": twilio.TOKEN}
        self._phone, self._in_window = phone, Counter()

    def sent(self) -> list[tuple[str, str, bytes]]:
        return [(each.to, "message", each.picture or each.body.encode()) for each in self._phone.sent]

    def chat(self, number: int) -> str:
        return f"+1555{number:07d}"

    def say(self, chat: str, kind: str, words: str, photos: Sequence[bytes]) -> None:
        if kind == "delayed":
            self._phone.faults.append((429, {"code": 20429, "message": "Too Many Requests"}))
        elif kind == "refused":
            self._phone.unreachable.add(chat)
        message = self._phone.message(words, *photos, sender=chat)
        if kind == "missed":  # the next life finds it in Twilio's list
            self._phone.misses(message)
        else:
            self._phone.deliver(message)

    def part(self, content: bytes) -> str:
        return "message"


async def kill_at_each(harness: ChatHarness, points: Collection[str]) -> None:
    """Kill the bot once at each place; nothing may be lost, and some must have hit the window."""
    for point, nth in plan(1, points=points):
        await harness.kill_at(point, nth)
    await harness.settle()
    outcomes = harness.outcomes()
    assert [outcome for outcome in outcomes if not outcome.is_right] == []
    assert any(outcome.copies > 1 for outcome in outcomes), "nothing hit the window"
    assert len(harness.kills) == len(points)
