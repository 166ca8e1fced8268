"""Write the answers to questions about teaching."""

from __future__ import annotations

from mailbot.parsing.headers import clean
from mailbot.replies.mime import ReplyContext, seal
from mailbot.replies.text_and_html import Letter
from mailbot.teaching.lesson_letters import MAX_NAME, Expectation, about_alias, about_expectation, asked_by
from styles.contract import StyleSummary


def reply_explained(context: ReplyContext) -> bytes:
    """Explain to a teacher how the bot is taught."""
    say = context.say
    how = say.gettext(
        "I learn a style from a painting of yours, too: attach a photo of it, and write “learn: my garden”, "
        "with your own name for it."
    )
    paragraphs = (
        how,
        say.gettext(
            "Take the photo straight from the front, in daylight and without a flash, so that the painting "
            "fills it."
        ),
        say.gettext(
            "Some minutes later I answer with a photo in your style. From then on its name beside a photo is "
            "all that you need to write."
        ),
        say.gettext(
            "While I learn, answer with “{stop}” if you change your mind. Afterwards “{delete}” deletes the "
            "style, and “call it my garden” gives it another name.",
            stop=say.gettext("stop learning"),
            delete=say.gettext("delete"),
        ),
    )
    letter = Letter(
        say=say, title=say.gettext("This is how you teach me your painting."), paragraphs=paragraphs
    )
    return seal(context, letter)


def reply_progress(context: ReplyContext, *, name: str, expected: Expectation) -> bytes:
    """Tell when a lesson's answer is expected; `name` is the style's, "" for one perfect picture."""
    say = context.say
    title = say.gettext("I am still painting your photo exactly like the painting.")
    if name:
        title = say.gettext("I am still learning “{name}” from your painting.", name=clean(name, MAX_NAME))
    if expected.is_waiting:
        title = say.gettext("Your painting still waits for its turn.")
    stop = say.gettext("To stop it, answer with “{stop}”.", stop=say.gettext("stop learning"))
    paragraphs = tuple(filter(None, (about_expectation(context, expected), stop)))
    return seal(context, Letter(say=say, title=title, paragraphs=paragraphs))


def reply_ready(context: ReplyContext, *, title: str, style: str, alias: str) -> bytes:
    """Tell that a style is learnt, and how to ask for it."""
    say, name = context.say, asked_by(style, alias)
    letter = Letter(
        say=say,
        title=say.gettext("I have learnt “{title}” from your painting.", title=clean(title, MAX_NAME)),
        paragraphs=(about_alias(context, alias, name),),
        hint=say.gettext("Send a photo with this as the subject:"),
        hinted=(StyleSummary(name=name, title=title, aliases={}),),
    )
    return seal(context, letter)
