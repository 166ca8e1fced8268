"""Write the mails about lessons that were stopped, and styles that were deleted."""

from __future__ import annotations

from collections.abc import Sequence

from mailbot.languages.translator import Translator
from mailbot.parsing.headers import clean
from mailbot.replies.mime import ReplyContext, seal
from mailbot.replies.text_and_html import Letter
from mailbot.teaching.lesson_letters import MAX_NAME


def reply_stopped(
    context: ReplyContext,
    *,
    was_running: bool,
    name: str = "",
    was_stopped: bool = False,
    goes_on: bool = False,
    is_halt: bool = False,
    is_learnt: bool = False,
    is_declined: bool = False,
) -> bytes:
    """Confirm that nothing more is learnt from a painting, and say which one, and whether others go on.

    `was_stopped` says that an earlier mail has stopped it. Where it came too late (`is_learnt`), say how to
    have the style deleted. After a mere "stop" (`is_halt`) that stopped nothing, say how to ask for silence.
    Where no lesson had begun, an offer was declined.
    """
    say, further = context.say, ""
    title = say.gettext("I have stopped, and kept nothing of it.")
    if not (was_running or was_stopped):
        title = say.gettext("There is nothing to stop: I am learning nothing for you just now.")
        if is_declined:
            title = say.gettext("All right, I learn nothing from these mails.")
        if is_learnt:
            learnt = say.gettext("I have learnt “{title}” from your painting.", title=clean(name, MAX_NAME))
            deleted = say.gettext("To have it deleted, answer with “{delete}”.", delete=say.gettext("delete"))
            title, further = (learnt, deleted) if goes_on else (title, say.sentences(learnt, deleted))
    elif name:
        further = say.gettext("It was “{title}”.", title=clean(name, MAX_NAME))
    if is_halt and not was_running:
        further = say.sentences(
            further, say.gettext("If you want no more mail from me, write “unsubscribe”.")
        )
    if goes_on and (was_running or was_stopped or is_learnt or is_declined):
        others = say.gettext(
            "Other paintings of yours go on. To stop the next one, write “{stop}” again.",
            stop=say.gettext("stop learning"),
        )
        further = say.sentences(further, others)
    return seal(context, Letter(say=say, title=title, paragraphs=(further,) if further else ()))


def reply_kept(context: ReplyContext) -> bytes:
    """Confirm that nothing is changed, after a “no” to the question whether something should be."""
    say = context.say
    title = say.gettext("All right, everything stays as it is.")
    return seal(context, Letter(say=say, title=title, paragraphs=()))


def reply_retired(
    context: ReplyContext, names: Sequence[str], *, kept: Sequence[str] = (), has_stopped: bool = False
) -> bytes:
    """Confirm which styles are deleted, which are kept, and that nothing more is learnt, if it was."""
    say = context.say
    paragraphs: list[str] = []
    title = say.gettext("I have deleted nothing.") if kept else say.gettext("I know no style of yours.")
    if names:
        title = say.ngettext("Your style is deleted.", "Your {count} styles are deleted.", len(names))
        paragraphs.append(say.gettext("Nobody can ask for {styles} any more.", styles=_quoted(say, names)))
        if has_stopped:
            paragraphs.append(say.gettext("I have stopped learning, too, and kept nothing of it."))
    elif has_stopped:
        title = say.gettext("I have stopped, and kept nothing of it.")
    if kept:
        paragraphs.append(
            say.ngettext(
                "{styles} stays: it was handed over to somebody else, or I paint it when a mail names no "
                "style. Ask my owner about it.",
                "{styles} stay: they were handed over to somebody else, or I paint them when a mail names no "
                "style. Ask my owner about them.",
                len(kept),
                styles=_quoted(say, kept),
            )
        )
    return seal(context, Letter(say=say, title=title, paragraphs=tuple(paragraphs)))


def _quoted(say: Translator, names: Sequence[str]) -> str:
    return say.both([say.gettext("“{words}”", words=clean(name, MAX_NAME)) for name in names])
