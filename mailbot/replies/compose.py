"""Write the bot's answers: the painted photos, help, the list of styles, or an error.

Each function returns the final RFC 5322 bytes, the same for the same arguments. Phones behind a carrier's
gateway get one text and one picture; all others get html beside the text. Of the mail's words an answer only
repeats its subject, the photos' file names and an unknown style's name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mailbot.config import REPLY_BYTES
from mailbot.intents.sender_commands import unsure
from mailbot.parsing import carriers
from mailbot.replies.content import ANOTHER_STYLE, Letter
from mailbot.replies.mime import ReplyContext, seal
from mailbot.replies.pictures import show
from mailbot.replies.wording import about_left_over, about_seconds, none_painted, title
from mailbot.storage.erasure import Forgotten
from styles.contract import StyleJob, StyleResult
from styles.errors import (
    ImageTooLarge,
    NoImage,
    NotAnImage,
    OwnPainting,
    PainterError,
    PhotoGone,
    UnknownStyle,
    Unpaintable,
)
from styles.language.examples import examples

#: Advice behind the error's own sentence.
_ADVICE: dict[type[PainterError], str] = {
    OwnPainting: "To have it in another style, send the original photo with the style's name as the subject.",
    PhotoGone: "Please attach it again: photos are deleted here after some days, or at once if you wish so.",
    NoImage: "Attach a photo to a mail, write a style's name as its subject, and it comes back painted.",
    NotAnImage: "JPEG, PNG, HEIC, WebP, AVIF, GIF and TIFF work: please send the photo as one of these.",
    ImageTooLarge: "Please send a smaller copy: most phones offer “Large” or “Medium” when mailing one.",
    Unpaintable: "Please try another photo, or a fresh copy of this one.",
    UnknownStyle: "Please send the photo again with one of these as the subject:",
}
_AFTER_A_SHEET = "One of them in full? Send the photo again with its name as the subject:"


def reply_results(
    context: ReplyContext,
    jobs: Sequence[StyleJob],
    results: Sequence[StyleResult | PainterError],
    *,
    photos: Sequence[int] = (),
    left_over: int | None = None,
    reply_bytes: int = REPLY_BYTES,
    note: str = "",
) -> bytes:
    """Answer with the painted photos, and a line for each that could not be painted.

    `photos` are the numbers of the photos that `jobs` and `results` are of; without them, these are of the
    first photos, in their order. `left_over` is the number of paintings without a job, and `note` says how
    their style was chosen.
    """
    request, styles = context.request, context.styles
    painted = [request.images[number] for number in photos] or request.images
    shown = show(painted, jobs, results, styles, reply_bytes)
    left_over = len(request.images) - len(jobs) if left_over is None else left_over
    if not shown.pictures and not left_over and len({error.message for error in shown.errors}) == 1:
        return reply_error(context, shown.errors[0])
    used = {job.style for job in jobs}
    letter = Letter(
        title=title([job.style for job in shown.jobs], len(request.images), styles)
        if shown.pictures
        else none_painted(len(jobs), left_over),
        paragraphs=(note,) if note and shown.pictures else (),
        pictures=shown.pictures,
        problems=shown.problems,
        left_over=about_left_over(left_over, is_each=len(set(photos)) < len(photos)),
        hint=_AFTER_A_SHEET if used == {""} else ANOTHER_STYLE,
        hinted=tuple(style for style in styles if style.name not in used),
    )
    return _answer(context, letter)


def reply_wait(context: ReplyContext, seconds: float) -> bytes:
    """Say in how long the answer will come, where that is long."""
    photos = "photo" if len(context.request.images) == 1 else "photos"
    letter = Letter(
        title=f"I have your {photos}, and it will take a while.",
        paragraphs=(f"Expect an answer in {about_seconds(seconds)}. There is nothing for you to do.",),
    )
    return _answer(context, letter)


def reply_error(context: ReplyContext, error: PainterError) -> bytes:
    """Explain why nothing was painted, and what to do about it."""
    advice = next((text for kind, text in _ADVICE.items() if isinstance(error, kind)), "")
    if error.retry:
        advice = "I kept trying for a while and had to give up. Please send the photo again later."
    if isinstance(error, NoImage) and (exact := unsure(context.request)):
        advice = f"Did you mean “{exact}”? Write these words and nothing else, and it is done. {advice}"
    shows = isinstance(error, NoImage | UnknownStyle)
    letter = Letter(
        title=error.message,
        suggested=error.near if isinstance(error, UnknownStyle) else (),
        paragraphs=(advice,) if advice else (),
        listed=tuple(context.styles) if shows else (),
        hint="The styles, to be written as the subject:",
        hinted=() if shows or error.retry else tuple(context.styles),
    )
    return _answer(context, letter)


def reply_help(context: ReplyContext) -> bytes:
    """Explain how to use the bot."""
    names = [style.name for style in context.styles]
    local, _, domain = context.bot_address.rpartition("@")
    tagged = f": {local}+{names[0]}@{domain}" if names else ""
    where = (
        "Attach one photo or several to a mail, and say in your own words what you would like: "
        f"as its subject, in the text, or in the address{tagged}."
    )
    letter = Letter(
        title="Send me a photo, and I paint it.",
        paragraphs=(where, "For example:"),
        examples=examples(names, short=True),
        hint="I paint in these styles:",
        hinted=tuple(context.styles),
    )
    return _answer(context, letter)


def reply_styles(context: ReplyContext) -> bytes:
    """List every style."""
    styles = context.styles
    count = f"{len(styles)} styles" if len(styles) != 1 else "one style"
    letter = Letter(
        title=f"I paint in {count}." if styles else "I have no styles at the moment.",
        paragraphs=("Send a photo with one of these as the subject:",) if styles else (),
        listed=tuple(styles),
    )
    return _answer(context, letter)


def reply_stop(context: ReplyContext) -> bytes:
    """Confirm that the sender gets no more answers."""
    letter = Letter(
        title="You will hear nothing more from me.",
        paragraphs=("Should you change your mind, write “start”, and I answer again.",),
    )
    return _answer(context, letter)


def reply_start(context: ReplyContext) -> bytes:
    """Confirm that the sender gets answers again."""
    again = "your photo once more" if context.request.images else "me a photo"
    letter = Letter(
        title="Welcome back: I answer your mails again.",
        paragraphs=(f"Send {again} with a style's name as the subject, and it comes back painted.",),
        hinted=tuple(context.styles),
    )
    return _answer(context, letter)


def reply_deleted(context: ReplyContext, gone: Forgotten) -> bytes:
    """Confirm that a person's photos and mails are deleted."""
    mails = "one mail of yours" if gone.mails == 1 else f"{gone.mails or 'no'} mails of yours"
    unsent = {0: "", 1: ", one of them with an answer that had not been sent"}.get(
        gone.answers, f", with {gone.answers} answers that had not been sent"
    )
    letter = Letter(
        title="Your photos and mails are deleted.",
        paragraphs=(
            f"I had kept {mails}{unsent}. With what I painted of them they are gone here, and within a few "
            "minutes from my mailbox; so is this request.",
            "The answers in your own mailbox are yours to keep or to delete.",
        ),
    )
    return _answer(context, letter)


def _answer(context: ReplyContext, letter: Letter) -> bytes:
    limits = carriers.limits(context.request.sender)
    if not limits.html:
        letter = replace(letter, is_text_message=True, pictures=letter.pictures[: limits.max_pictures])
    return seal(context, letter)
