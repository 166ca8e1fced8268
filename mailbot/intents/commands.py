"""Read what a mail asks for: painted photos, the list, help, or something about its sender.

    sender_commands   stop, start and "delete my photos", as a whole subject or text
    mail_intent       everything else, in any sentence
    jobs              an intent and the mail's photos -> jobs

A photo without a request gets the default style, and the answer says how to choose one. Only a clear request
for an unknown style raises `UnknownStyle`: a painter or a technique, or the words behind "in the style of".
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from mailbot.config import REPLY_BYTES
from mailbot.intents.changes.relative_changes import Change
from mailbot.intents.command_types import Command, Help, ListStyles, Paint
from mailbot.intents.jobs import MailJobs, Order, make_jobs, with_versions, without_versions
from mailbot.intents.mail_intent import MailIntent, read_intent
from mailbot.intents.names.catalogue import Catalogue
from mailbot.intents.paintings.style_selection import Selection
from mailbot.intents.sender_orders.sender_commands import sender_command
from mailbot.parsing.mail_parser import StyleRequest
from styles.contract import StyleOptions, StyleSummary
from styles.errors import NoImage
from styles.language.intents import Intent


def read(
    request: StyleRequest,
    styles: Sequence[StyleSummary],
    default: str,
    job_prefix: str,
    reply_bytes: int = REPLY_BYTES,
    *,
    own: Collection[str],
    usual: Mapping[tuple[int, str], StyleOptions] = MappingProxyType({}),
    change: Change | None = None,
    only: Collection[int] = (),
) -> Command:
    """Return what the mail asks for. Job ids are `{job_prefix}-1`, `-2` and so on.

    There are as many jobs as answers of `reply_bytes` have room for. `own` are the bot's addresses, of
    which the tags are read. `usual` are the options where the mail says nothing (`make_jobs`). A
    reply has the `change` that it means; words such as "bigger" are then left to the conversation. `only`
    are the numbers of the photos that it means, if some are left out.

    Raises `NoImage`, `UnknownStyle`, and `BadOption` for an impossible strength or blend.
    """
    if change is None and (command := sender_command(request)):  # the conversation has read that of a reply
        return command
    catalogue = Catalogue.of(styles)
    request, pins = without_versions(request, catalogue.names)
    intent = read_intent(request, catalogue, own, change=change)
    decision = _decide(intent, catalogue, catalogue.default(default), len(request.images))
    if not isinstance(decision, Order):
        return decision
    painted = only or set(range(len(request.images))) - intent.unpainted
    if decision.chosen == "surprise":  # "surprise me again"
        former = {style for _, style in usual}
        rest = tuple(name for name in decision.choices if name not in former)
        decision = replace(decision, choices=rest or decision.choices)
    decision = replace(decision, of_photos=intent.of_photos)
    batch = make_jobs(request, decision, intent.options, job_prefix, reply_bytes, usual, painted)
    return Paint(
        jobs=tuple(with_versions(job, pins) for job in batch.jobs),
        said=intent.options,
        photos=batch.photos,
        wanted=batch.wanted,
        in_one=batch.in_one,
        chosen=decision.chosen,
        alternatives=intent.selection.alternatives if intent.selection else (),
        not_understood=intent.not_understood,
        passed_over=intent.passed_over,
        doubted=intent.doubted,
        mentioned=intent.mentioned if decision.chosen == "default" else (),
        is_order_guessed=bool(decision.photos and intent.selection and intent.selection.is_in_order)
        and len(request.images) > 1,
        left_out=() if only else _left_out(request, batch),
        refused=frozenset() if intent.intent or intent.selection else intent.refused,
    )


def _left_out(request: StyleRequest, made: MailJobs) -> tuple[str, ...]:
    """Return the names of the photos that are left out because the mail is about others."""
    if len(made.jobs) < made.wanted:
        return ()
    return tuple(photo.name for number, photo in enumerate(request.images) if number not in made.photos)


def _decide(  # noqa: PLR0911 - a return a row
    intent: MailIntent, catalogue: Catalogue, default: str, count: int
) -> Help | ListStyles | Order:
    """Apply the decision table: the first row that fits the intent and the `count` of the mail's photos."""
    has_photo = bool(count)
    match intent:
        case MailIntent(intent=Intent.SHEET, selection=None) if has_photo:
            return Order()  # a sheet
        case MailIntent(intent=Intent.SHEET | Intent.LIST) if not has_photo:
            return ListStyles()
        case MailIntent(intent=Intent.HELP) if not has_photo:
            return Help()
        case _ if not has_photo:
            raise NoImage
        case MailIntent(problem=problem) if problem:
            raise problem
        case MailIntent(selection=Selection() as selection):
            return _order(selection, intent.refused, count)
        case MailIntent(intent=Intent.HELP):
            return Help()
        case MailIntent(intent=Intent.LIST):
            return ListStyles()
        case MailIntent(intent=None) if not intent.refused:
            return Order(choices=(default,), chosen="default")
        case _:  # a surprise, or only refused styles
            rest = tuple(name for name in catalogue.names if name not in intent.refused)
            several = intent.several if intent.intent else 1
            return Order(choices=rest or (default,), several=several, chosen="surprise")


def _order(selection: Selection, refused: Collection[str], count: int) -> Order:
    """Return what is painted of `count` photos for the styles that a mail names."""
    kept = [at for at, name in enumerate(selection.names) if name not in refused] or range(
        len(selection.names)
    )
    is_guessed = selection.is_in_order and count != len(kept)
    return Order(
        choices=tuple(selection.names[at] for at in kept),
        own=tuple(selection.own[at] for at in kept if selection.own),
        each=selection.how == "each",
        photos=() if is_guessed or len(kept) < len(selection.names) else selection.photos,
    )
