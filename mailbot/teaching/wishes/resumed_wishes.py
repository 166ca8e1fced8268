"""Read what a reply adds to a wish to teach: the painting that was forgotten, or a “yes” to an offer.

The ledger has the wish, if its lesson was refused. Else it stands in the subject, “Re: learn: my garden”.
"""

from __future__ import annotations

from dataclasses import replace

from mailbot.intents import learning_intents
from mailbot.intents.learning.painters import near_wishes
from mailbot.intents.learning.painters.told_names import framed_name
from mailbot.intents.learning_intents import LearningAim, LearningIntent
from mailbot.parsing.mail_parser import StyleRequest
from mailbot.teaching.lessons import Lesson


def wish_before(request: StyleRequest) -> LearningIntent | None:
    """Return the wish to teach that the subject of a reply repeats."""
    if not (request.references and request.text) or learning_intents.is_taken_back(request):
        return None
    wish = learning_intents.read(replace(request, text=""))
    return wish if wish and wish.wanted in (LearningAim.LEARN, LearningAim.EXACTLY) else None


def wish_of(lesson: Lesson, request: StyleRequest) -> LearningIntent | None:
    """Return the wish of a lesson that was refused, None if a reply cannot complete it."""
    return wish_again(lesson, request) if lesson.is_unmet else None


def wish_again(lesson: Lesson, request: StyleRequest) -> LearningIntent | None:
    """Return the wish of a lesson for other pictures, None for a refusal, or for one picture of two."""
    if not lesson.is_exact and learning_intents.is_taken_back(request):
        return None
    if not lesson.is_exact:
        before = None if lesson.name else wish_before(request)
        told = framed_name(request.text.splitlines())  # “Here it is. Let's rather call it Moss”
        called = told or (before.called if before else lesson.written)
        return LearningIntent(wanted=LearningAim.LEARN, called=called)
    return LearningIntent(wanted=LearningAim.EXACTLY) if len(request.images) > 1 else None


def offered(before: StyleRequest) -> LearningIntent | None:
    """Return the wish that the bot offered to fulfil after the mail before; None if it offered nothing."""
    if not before.images:
        return None
    if not near_wishes.is_near(before):
        is_alike = near_wishes.seems_alike(before)
        return LearningIntent(wanted=LearningAim.EXACTLY) if is_alike else None
    return LearningIntent(wanted=LearningAim.LEARN, called=near_wishes.near_name(before))


def of_photo_before(request: StyleRequest, before: StyleRequest) -> LearningIntent | None:
    """Return the wish of a reply for the pictures of the mail before: “No, learn it”, “the first like …”."""
    wish = learning_intents.read(replace(request, images=before.images))
    is_alike = wish is not None and wish.wanted is LearningAim.EXACTLY and near_wishes.seems_alike(before)
    return wish if wish and (wish.wanted is LearningAim.LEARN or is_alike) else None


def of_stopped(lesson: Lesson, request: StyleRequest) -> LearningIntent | None:
    """Return the wish to learn the right picture after a lesson of the wrong one was stopped."""
    is_stopped = lesson.cancelled_at is not None and not lesson.style
    return replacing(wish_again(lesson, request)) if is_stopped else None


def of_learnt(lesson: Lesson) -> LearningIntent | None:
    """Return the wish to learn a new version of a lesson's style, None where it has none."""
    if not lesson.style:
        return None
    return LearningIntent(wanted=LearningAim.LEARN, called=lesson.written, style=lesson.style)


def replacing(wish: LearningIntent | None) -> LearningIntent | None:
    """Return a wish whose picture takes the place of the one before."""
    return replace(wish, replaces=True) if wish else None


def renaming(lesson: Lesson, intent: LearningIntent) -> LearningIntent | None:
    """Return the wish for another name; after a refusal it is the one to learn, under that name."""
    if not (lesson.name or lesson.style) or lesson.cancelled_at is not None:
        return None
    return replace(intent, wanted=LearningAim.LEARN) if lesson.is_unmet else intent
