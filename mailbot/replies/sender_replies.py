"""Write the answers to what a mail says about its sender, and to an artist who makes a version live."""

from __future__ import annotations

from mailbot.replies.mime import ReplyContext, seal
from mailbot.replies.text_and_html import Letter
from mailbot.storage.erasure import DeletionCounts


def reply_stop(context: ReplyContext) -> bytes:
    """Confirm that the sender gets no more answers."""
    say = context.say
    letter = Letter(
        say=say,
        title=say.gettext("You will hear nothing more from me."),
        paragraphs=(
            say.gettext(
                "Should you change your mind, write “{start}”, and I answer again.",
                start=say.gettext("start"),
            ),
        ),
    )
    return seal(context, letter)


def reply_start(context: ReplyContext) -> bytes:
    """Confirm that the sender gets answers again."""
    say = context.say
    if context.request.images:
        again = say.gettext(
            "Send your photo once more with a style's name as the subject, and it comes back painted."
        )
    else:
        again = say.gettext("Send me a photo with a style's name as the subject, and it comes back painted.")
    letter = Letter(
        say=say,
        title=say.gettext("Welcome back: I answer your mails again."),
        paragraphs=(again,),
        hint=say.gettext("The styles, to be written as the subject:"),
        hinted=tuple(context.styles),
    )
    return seal(context, letter)


def reply_live(context: ReplyContext, style: str, version: int) -> bytes:
    """Confirm that a version is live by its artist's answer."""
    say = context.say
    letter = Letter(
        say=say,
        title=say.gettext("{style}, version {version}, is live.", style=style, version=version),
        paragraphs=(say.gettext("The next mail that asks for it is painted with it."),),
    )
    return seal(context, letter)


def reply_deleted(context: ReplyContext, gone: DeletionCounts) -> bytes:
    """Confirm that a person's photos and mails are deleted."""
    say = context.say
    kept = say.gettext("I had kept no mails of yours.")
    if gone.mails:
        kept = say.ngettext("I had kept one mail of yours.", "I had kept {count} mails of yours.", gone.mails)
    unsent = ""
    if gone.answers:
        unsent = say.ngettext(
            "One answer to you had not been sent.",
            "{count} answers to you had not been sent.",
            gone.answers,
        )
    rest = say.gettext(
        "With what I painted of them they are gone here, and within a few minutes from my mailbox; "
        "so is this request."
    )
    letter = Letter(
        say=say,
        title=say.gettext("Your photos and mails are deleted."),
        paragraphs=(
            say.sentences(kept, unsent, rest),
            say.gettext("The answers in your own mailbox are yours to keep or to delete."),
        ),
    )
    return seal(context, letter)
