"""Write the bot's answers: the painted photos, help, the list of styles, or an error.

`sender_replies.py` has those about the sender.
Each function returns the final RFC 5322 bytes, the same for the same arguments, in the language of the mail.
Phones behind a carrier's gateway get one text and one picture; all others get html beside the text. Of the
mail's words an answer only repeats its subject, the photos' file names and an unknown style's name.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import timedelta

from mailbot.intents.sender_orders.deletions import may_order
from mailbot.intents.sender_orders.sender_commands import DELETE, unsure
from mailbot.parsing import carriers
from mailbot.replies.chat import SMS
from mailbot.replies.mime import ReplyContext, seal
from mailbot.replies.pictures import show
from mailbot.replies.style_wording import about_left_over, none_painted, title
from mailbot.replies.text_and_html import Letter
from styles.contract import StyleJob, StyleResult, StyleSummary
from styles.errors import (
    ImageTooLarge,
    NoImage,
    NotAnImage,
    OwnPainting,
    PainterError,
    PhotoGone,
    UnclearReply,
    UnknownStyle,
    Unpaintable,
)
from styles.language.request_examples import example_names, examples
from styles.learning_errors import PictureUnused
from styles.translatable import gettext_noop

#: Short examples that are not about photos, and stand last: “stop” and “delete my photos”.
_LAST_EXAMPLES = 2
#: Advice behind the error's own sentence.
_ADVICE: dict[type[PainterError], str] = {
    OwnPainting: gettext_noop(
        "To have it in another style, send the original photo with the style's name as the subject."
    ),
    PhotoGone: gettext_noop(
        "Please attach it again: photos are deleted here after some days, or at once if you wish so."
    ),
    NoImage: gettext_noop(
        "Attach a photo to a mail, write a style's name as its subject, and it comes back painted."
    ),
    NotAnImage: gettext_noop(
        "JPEG, PNG, HEIC, WebP, AVIF, GIF and TIFF work: please send the photo as one of these."
    ),
    ImageTooLarge: gettext_noop(
        "Please send a smaller copy: most phones offer “Large” or “Medium” when mailing one."
    ),
    Unpaintable: gettext_noop("Please try another photo, or a fresh copy of this one."),
    PictureUnused: gettext_noop("I did nothing with the picture of your mail."),
    UnclearReply: gettext_noop("Answer with a style's name, or with “bigger” or “more subtle”."),
    UnknownStyle: gettext_noop("Please send the photo again with one of these as the subject:"),
}


def reply_results(
    context: ReplyContext,
    jobs: Sequence[StyleJob],
    results: Sequence[StyleResult | PainterError],
    *,
    photos: Sequence[int],
    left_over: int,
    reply_bytes: int,
    note: str,
) -> bytes:
    """Answer with the painted photos, and a line for each that could not be painted.

    `photos` are the numbers of the photos that `jobs` and `results` are of. `left_over` is the number of
    paintings without a job, and `note` says how their style was chosen.
    """
    request, styles, say = context.request, context.described, context.say
    painted = [request.images[number] for number in photos]
    shown = show(say, painted, jobs, results, styles, reply_bytes)
    if not shown.pictures and not left_over and len({error.message for error in shown.errors}) == 1:
        return reply_error(context, shown.errors[0])
    used = {job.style for job in jobs}
    letter = Letter(
        say=say,
        title=title(say, [job.style for job in shown.jobs], len(request.images), styles)
        if shown.pictures
        else none_painted(say, len(jobs), left_over),
        paragraphs=(note,) if note and shown.pictures else (),
        pictures=shown.pictures,
        problems=shown.problems,
        left_over=about_left_over(say, left_over, is_each=len(set(photos)) < len(photos)),
        hint=_one_in_full(context) if used == {""} else _another_style(context),
        hinted=tuple(style for style in context.styles if style.name not in used),
        answered=context.message_id if context.remembers else "",
    )
    return seal(context, letter)


def _another_style(context: ReplyContext) -> str:
    """Say what to do for another style."""
    if context.remembers:
        return context.say.gettext(
            "Another style? Answer with its name; in a new mail, attach the photo again:"
        )
    return context.say.gettext("Another style? Send the photo again with its name as the subject:")


def _one_in_full(context: ReplyContext) -> str:
    """Say what to do for one style of a sheet."""
    if context.remembers:
        return context.say.gettext(
            "One of them in full? Answer with its name; in a new mail, attach the photo again:"
        )
    return context.say.gettext("One of them in full? Send the photo again with its name as the subject:")


def reply_wait(context: ReplyContext, seconds: float) -> bytes:
    """Say in how long the answer will come, where that is long."""
    say = context.say
    letter = Letter(
        say=say,
        is_notice=True,
        title=say.ngettext(
            "I have your photo, and it will take a while.",
            "I have your photos, and it will take a while.",
            len(context.request.images),
        ),
        paragraphs=(
            say.gettext(
                "Expect an answer in about {duration}. There is nothing for you to do.",
                duration=timedelta(minutes=math.ceil(seconds / 60)),
            ),
        ),
    )
    return seal(context, letter)


def reply_error(context: ReplyContext, error: PainterError) -> bytes:
    """Explain why nothing was painted, and what to do about it."""
    say = context.say
    advised = next((text for kind, text in _ADVICE.items() if isinstance(error, kind)), "")
    advice = say.gettext(advised) if advised else ""
    if isinstance(error, UnknownStyle) and context.remembers:
        advice = say.gettext("Please answer with one of these; in a new mail, attach the photo again:")
    if error.retry:
        advice = say.gettext(
            "I kept trying for a while and had to give up. Please send the photo again later."
        )
    exact = unsure(context.request) if isinstance(error, NoImage) else ""
    if isinstance(error, UnclearReply) and may_order(context.request.text):
        exact = DELETE
    if exact:
        question = say.gettext(
            "Did you mean “{command}”? Write these words and nothing else, and it is done.",
            command=say.gettext(exact),
        )
        advice = say.sentences(question, advice)
    shows = isinstance(error, NoImage | UnknownStyle)
    can_answer = isinstance(error, UnclearReply | UnknownStyle)
    letter = Letter(
        say=say,
        title=say.gettext(error.template, **error.fields),
        suggested=error.near if isinstance(error, UnknownStyle) else (),
        paragraphs=(advice,) if advice else (),
        listed=tuple(context.styles) if shows else (),
        hint=say.gettext("I paint in these styles:")
        if isinstance(error, UnclearReply)
        else say.gettext("The styles, to be written as the subject:"),
        hinted=() if shows or error.retry else tuple(context.styles),
        answered=context.message_id if context.remembers and can_answer else "",
    )
    return seal(context, letter)


def reply_help(context: ReplyContext, *, learn: bool = False) -> bytes:
    """Explain how to use the bot, and to a teacher how it learns."""
    say, names = context.say, [style.name for style in context.styles]
    if context.request.channel == SMS and names:
        # NOTE: With the sentence before it, "Send me a photo, and I paint it.", at most 160 characters.
        how = say.gettext(
            "Write a style with it, such as “{style}”. “styles” lists all, “STOP” ends my answers.",
            style=example_names(names)[0].replace("-", " "),
        )
        return seal(
            context, Letter(say=say, title=say.gettext("Send me a photo, and I paint it."), paragraphs=(how,))
        )
    where = say.gettext(
        "Attach a photo to a mail, or several, and say in your own words what you would like, in the subject "
        "or in the text."
    )
    shown = examples(names, short=True, say=say.gettext)
    more = _for_mail_programs(context, learn=learn) if carriers.limits(context.request.sender).html else ()
    letter = Letter(
        say=say,
        title=say.gettext("Send me a photo, and I paint it."),
        paragraphs=(where, say.gettext("For example:")),
        examples=(*shown[:-_LAST_EXAMPLES], *more, *shown[-_LAST_EXAMPLES:]),
        hint=say.gettext("I paint in these styles:"),
        hinted=tuple(context.styles),
    )
    return seal(context, letter)


def _for_mail_programs(context: ReplyContext, *, learn: bool) -> Iterator[tuple[str, str]]:
    """Yield examples of an answer to a painting and of a teacher's mail, and their effect."""
    say = context.say
    if context.remembers:
        does = say.gettext("answer a painting so, and it comes again, larger")
        yield say.gettext("bigger"), does
    if learn:
        does = say.gettext("beside a photo of your painting, which becomes a style")
        yield say.gettext("learn: my garden"), does


def reply_styles(context: ReplyContext, own: Sequence[StyleSummary] = ()) -> bytes:
    """List every style, first those that are the sender's `own`: nobody else can ask for them."""
    say, names = context.say, {style.name for style in own}
    styles = (*own, *(style for style in context.styles if style.name not in names))
    shown = say.both([say.gettext("“{words}”", words=style.name) for style in own])
    alone = say.gettext("Only mails from your address can ask for {styles}.", styles=shown) if own else ""
    count = say.ngettext("I paint in one style.", "I paint in {count} styles.", len(styles))
    letter = Letter(
        say=say,
        title=count if styles else say.gettext("I have no styles at the moment."),
        paragraphs=tuple(
            filter(
                None,
                (alone, say.gettext("Send a photo with one of these as the subject:") if styles else ""),
            )
        ),
        listed=styles,
    )
    return seal(context, letter)
