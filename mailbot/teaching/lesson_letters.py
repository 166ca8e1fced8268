"""Write the mails about learning: when the answer comes, and what was learnt."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta

from mailbot.parsing.headers import clean
from mailbot.replies.mime import ReplyContext, seal
from mailbot.replies.text_and_html import Letter, Picture
from mailbot.teaching.exact.choices import Guess, about_choice
from styles.contract import StyleSummary

#: Characters of a name that an answer repeats.
MAX_NAME = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class LearntNews:
    """Hold what an answer tells of a style that was learnt."""

    style: str
    title: str
    alias: str  #: what moved to its version: `live`, `staged`, or the secret alias of a private one
    page: str  #: address of its page
    preview: bytes  #: a photo painted in it, a JPEG
    minutes: float = 0.0  #: of the training; 0 if it is not known any more
    steps: int = 0
    is_first_taken: bool = False  #: of several pictures the first was taken for the painting
    taken: str = ""  #: the name that it was to have, if another style got it meanwhile
    is_whole: bool = False  #: no painting was found in the picture, and all of it was learnt
    is_replaced: bool = False  #: another picture was to be learnt, and this one took its place


@dataclass(frozen=True, slots=True)
class Expectation:
    """Say when the answer of a lesson is expected."""

    seconds: float = 0.0  #: from now; 0 is unknown
    is_waiting: bool = False  #: its turn has not come yet
    place: int = 0  #: among the paintings that wait, from 1; 0 if it is unknown, or does not wait


def reply_learning(
    context: ReplyContext,
    expected: Expectation,
    *,
    name: str,
    guess: Guess | None,
    has_more: bool = False,
    is_swapped: bool = False,
    is_replaced: bool = False,
) -> bytes:
    """Say when the answer will come, how to stop, and the `name` of a style: a mere picture has none."""
    say, is_picture = context.say, not name
    title = say.gettext("I have your painting, and I am learning from it.")
    if expected.is_waiting:
        title = say.gettext("I have your painting, and it waits for its turn.")
    if is_picture:
        title = say.gettext("I have both pictures, and I paint the one exactly like the other.")
        if has_more:
            title = say.gettext("I have your pictures, and I paint one exactly like another.")
    stop = say.gettext("To stop it, answer with “{stop}”.", stop=say.gettext("stop learning"))
    choice = about_choice(context, is_picture=is_picture, guess=guess, has_more=has_more)
    swapped = say.gettext("Photo and painting have changed places.") if is_swapped else ""
    swapped = about_place(context, is_picture=is_picture) if is_replaced else swapped
    called = say.gettext(
        "The style will be called “{name}”. To choose another name, answer with “call it my garden”, with "
        "your own name for it.",
        name=clean(name, MAX_NAME),
    )
    paragraphs = (swapped, about_expectation(context, expected), choice, "" if is_picture else called, stop)
    letter = Letter(say=say, is_notice=True, title=title, paragraphs=tuple(filter(None, paragraphs)))
    return seal(context, letter)


def reply_learnt(context: ReplyContext, learnt: LearntNews) -> bytes:
    """Tell what was learnt, with a photo painted in it."""
    say = context.say
    title = clean(learnt.title, MAX_NAME)
    deleted = say.gettext("To have it deleted, answer with “{delete}”.", delete=say.gettext("delete"))
    renamed = say.gettext("To give it another name, answer with “call it my garden”.")
    facts = ""
    if learnt.steps:
        facts = say.gettext(
            "I looked at it for {duration}, and compared my attempts with it {count} times.",
            duration=timedelta(minutes=max(1, round(learnt.minutes))),
            count=learnt.steps,
        )
    first = about_choice(context, is_picture=False, guess=Guess() if learnt.is_first_taken else None)
    name = asked_by(learnt.style, learnt.alias)
    letter = Letter(
        say=say,
        title=say.gettext("I have learnt “{title}” from your painting.", title=title),
        paragraphs=tuple(
            filter(
                None,
                (
                    about_place(context, is_picture=False) if learnt.is_replaced else "",
                    say.sentences(facts, say.gettext("Below is a photo as I paint it now."), first),
                    _about_corners(context, learnt),
                    _about_name(context, learnt),
                    about_alias(context, learnt.alias, name),
                    say.gettext("Its page: {address}", address=learnt.page) if learnt.alias == "live" else "",
                    say.sentences(deleted, renamed),
                ),
            )
        ),
        pictures=(
            Picture(
                name=f"{learnt.style}.jpg",
                image=learnt.preview,
                subtype="jpeg",
                alt=say.gettext("A photo painted as {style}", style=title),
            ),
        ),
        hint=say.gettext("Send a photo with this as the subject:"),
        hinted=(StyleSummary(name=name, title=title, aliases={}),),
    )
    return seal(context, letter)


def _about_corners(context: ReplyContext, learnt: LearntNews) -> str:
    """Say that the whole picture was learnt, and how to leave out a wall: most painters have no token."""
    if not learnt.is_whole:
        return ""
    say, written = context.say, learnt.style if learnt.taken else clean(learnt.title, MAX_NAME)
    return say.sentences(
        say.gettext("I saw no wall and no frame around the painting, so I learnt from the whole picture."),
        say.gettext(
            "If there is one, crop the photo to the painting, or take another one straight from the front, "
            "and mail it as “learn: {name}” again.",
            name=written,
        ),
    )


def _about_name(context: ReplyContext, learnt: LearntNews) -> str:
    """Say why the style has another name than was asked for."""
    if not learnt.taken:
        return ""
    return context.say.gettext(
        "While I was learning, another style got the name “{taken}”, so yours is called “{name}”.",
        taken=learnt.taken,
        name=learnt.style,
    )


def reply_to_be_called(context: ReplyContext, name: str) -> bytes:
    """Confirm what a style will be called that is still learnt."""
    say, name = context.say, clean(name, MAX_NAME)
    return seal(context, Letter(say=say, title=say.gettext("The style will be called “{name}”.", name=name)))


def reply_renamed(context: ReplyContext, title: str, style: str, alias: str, before: str) -> bytes:
    """Tell what a style is called now, and that nobody can ask for it by the name `before` it."""
    say, name = context.say, asked_by(style, alias)
    gone = say.gettext("Nobody can ask for {styles} any more.", styles=say.gettext("“{words}”", words=before))
    letter = Letter(
        say=say,
        title=say.gettext("Your style is called “{title}” now.", title=clean(title, MAX_NAME)),
        paragraphs=(about_alias(context, alias, name), *((gone,) if before != style else ())),
    )
    return seal(context, letter)


def asked_by(style: str, alias: str) -> str:
    """Return what people write to ask for a style."""
    return f"{style}@staged" if alias == "staged" else style


def about_expectation(context: ReplyContext, expected: Expectation) -> str:
    """Say when the answer will come, and the place in the queue of a painting that waits; "" if unknown."""
    say = context.say
    place = say.gettext("Place in the queue: {place}.", place=expected.place) if expected.place else ""
    answer = ""
    if expected.seconds:
        duration = timedelta(minutes=max(1, math.ceil(expected.seconds / 60)))
        answer = say.gettext(
            "Expect an answer in about {duration}. There is nothing for you to do.", duration=duration
        )
    return say.sentences(place, answer)


def about_alias(context: ReplyContext, alias: str, name: str) -> str:
    """Say who may ask for the style."""
    say = context.say
    if alias == "live":
        return say.gettext(
            "From now on it is a style like any other: everybody may write “{name}”.", name=name
        )
    if alias == "staged":
        return say.gettext(
            "A maintainer looks at it before everybody gets it. Until then write “{name}”.", name=name
        )
    return say.gettext("It is yours alone: only mails from your address can ask for “{name}”.", name=name)


def about_place(context: ReplyContext, *, is_picture: bool) -> str:
    """Say that the picture was learnt in place of the one before; one perfect picture needs two."""
    if is_picture:
        return context.say.gettext(
            "These pictures took the place of those before, of which I have kept nothing."
        )
    return context.say.gettext("This picture took the place of the one before, of which I have kept nothing.")
