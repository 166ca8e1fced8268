"""Show `mailbot status` as one screen of text."""

from __future__ import annotations

from datetime import datetime

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from mailbot.admin.ledger_summary import Overview, ReplyCounts, masked_overview
from mailbot.admin.status import Status
from styles.service.sanitize import shown
from styles.service.units import age, size

#: Colours of states; others are plain.
COLOURS = {
    **dict.fromkeys(("sent", "ready"), "green"),
    **dict.fromkeys(("failed", "bounced", "quarantined", "away", "not ready"), "red"),
    **dict.fromkeys(("pending", "sending", "working", "accepted"), "yellow"),
}

#: Words that people use for some states and kinds of answers.
WORDS = {
    "accepted": "waiting",
    "working": "at work",
    "silent": "in silence",
    "pending": "to be sent",
    "sending": "being sent",
    "failed": "refused",
    "bounced": "came back",
    "error": "told why not",
}


def screen(status: Status, *, addresses: bool) -> RenderableType:
    """Return the whole screen; addresses are masked unless `addresses`."""
    found = status.ledger if addresses else masked_overview(status.ledger)
    parts: list[RenderableType] = [_summary(status)]
    parts += [table for table in (_latest(found), _postponed(found), _refused(found)) if table.rows]
    parts += [Text(f"! {words}", style="bold red") for words in status.attention]
    if not status.attention:
        parts.append(Text("Nothing needs you.", style="green"))
    return Group(*parts)


def _summary(status: Status) -> Table:
    found = status.ledger
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_column(style="bold")
    table.add_row("bot", _bot(found))
    polled_at = found.bot.polled_at if found.bot else None
    polled = "not looked into yet" if polled_at is None else f"looked into {age(found.at - polled_at)} ago"
    table.add_row("mailbox", Text(f"{status.mailbox}, {polled}"))
    mails, answers, sizes = found.mails, found.answers, found.sizes
    put_off = f" ({len(found.postponed)} put off)" if found.postponed else ""
    table.add_row(
        "mails",
        f"{mails['accepted']} waiting{put_off}, {mails['working']} being worked on, "
        f"{mails['done']} answered, {mails['silent']} left in silence, {mails['quarantined']} in quarantine",
    )
    oldest = f" (the oldest {age(found.oldest_answer)} old)" if found.oldest_answer is not None else ""
    table.add_row(
        "answers",
        f"{answers['pending']} to be sent and {answers['sending']} being sent{oldest}, "
        f"{answers['sent']} sent, {answers['failed']} refused, {answers['bounced']} came back",
    )
    table.add_row("last hour", _given(found.hour, status.caps["replies_per_hour"]))
    table.add_row("last day", _given(found.day, status.caps["replies_per_day"], status.caps["total_per_day"]))
    table.add_row("disk", f"ledger {size(sizes.ledger)}, spool {size(sizes.spool)} in {sizes.spooled} files")
    services = (Text.assemble(f"{name} ", _state(state)) for name, state in status.services.items())
    table.add_row("services", Text(", ").join(services))
    return table


def _given(given: ReplyCounts, per_person: int, in_all: int = 0) -> str:
    """Return a sentence on the answers that were sent, and on their limits."""
    total = f" of {in_all}" if in_all else ""
    return f"{given.answers}{total} answers to {given.people} people; {given.most} of {per_person} to one"


def _bot(found: Overview) -> Text:
    if found.bot is None:
        return Text("has not run yet", style="red")
    if found.bot.is_alive(found.at):
        return Text(f"at work for {age(found.at - found.bot.started_at)}, process {found.bot.pid}", "green")
    how = "was stopped" if found.bot.stopped else "gave its last sign of life"
    return Text(f"{how} {age(found.at - found.bot.at)} ago", style="red")


def _state(word: str) -> Text:
    return Text(WORDS.get(word, word), style=COLOURS.get(word, ""))


def _latest(found: Overview) -> Table:
    table = _table("The last mails", "mail", "came", "from", "answer", "state", "after", "engine")
    for each in found.latest:
        table.add_row(
            str(each.id),
            _when(each.accepted_at, found.at),
            Text(shown(each.sender, 40) or ("deleted" if each.erased else "-")),
            WORDS.get(each.kind, each.kind) or "-",
            _state(each.state),
            age(each.seconds),
            f"{each.engine_seconds:.2f} s" if each.engine_seconds else "-",
        )
    return table


def _table(title: str, *columns: str) -> Table:
    return Table(*columns, title=title, title_justify="left", title_style="bold", box=None)


def _postponed(found: Overview) -> Table:
    table = _table("Put off", "mail", "due in", "times", "because")
    for each in found.postponed:
        due = age(max(0.0, each.next_at - found.at))
        table.add_row(str(each.id), due, str(each.times), Text(shown(each.reason)))
    return table


def _refused(found: Overview) -> Table:
    table = _table("Refused", "mail", "when", "to", "what the server said")
    for each in found.refused:
        words = shown(" ".join(each.error.split()))  # a server's answer may have lines
        table.add_row(str(each.id), _when(each.at, found.at), Text(shown(each.recipient, 40)), Text(words))
    return table


def _when(at: float, now: float) -> str:
    """Return the time of day, with the date if it was not in the last twelve hours."""
    moment = datetime.fromtimestamp(at)
    return f"{moment:%H:%M:%S}" if now - at < 43_200 else f"{moment:%d %b %H:%M}"
