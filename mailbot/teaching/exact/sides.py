"""Tell the painting from the photo: by the words of a mail, the names of files, or the signs of a camera."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from mailbot.intents.learning_intents import LearningAim
from mailbot.parsing.cameras import is_from_camera
from mailbot.parsing.photos import Photo
from mailbot.sender_policy import silence
from mailbot.teaching import naming
from mailbot.teaching.exact.choices import Guess
from mailbot.teaching.lesson_errors import NoPainting, OnePictureMissing
from mailbot.teaching.lessons import Lesson
from mailbot.teaching.taught_mail import TaughtMail


class Choice(NamedTuple):
    """Hold which of several pictures is to be the painting."""

    painting: int | None  #: as a person tells it, 0 for the first one; None where it is guessed
    is_swapped: bool = False  #: photo and painting are the other way round than that


def sides(pictures: Sequence[Photo], told: int | None = None) -> tuple[Photo, Photo, bool]:
    """Return painting and photo of two pictures or more, and whether that is a guess.

    What is not told is guessed by what a camera writes: the first picture without that is the painting, or
    else the first. The photo is the first other one.
    """
    is_guess = told is None or told >= len(pictures)
    painting = pictures[0 if is_guess else told or 0]
    if is_guess:
        painting, is_guess = naming.painting_of(pictures)
    if is_guess:
        uncertain = (each for each in pictures if not is_from_camera(each.image, each.kind))
        painting = next(uncertain, painting)
    return painting, next(each for each in pictures if each is not painting), is_guess


def told(mail: TaughtMail) -> Choice:
    """Return the choice of a mail that begins a lesson."""
    return Choice(mail.intent.painting if mail.photos else None)


def swapped(mail: TaughtMail, answered: Lesson | None) -> Choice:
    """Return the choice of a mail that wants photo and painting to change places.

    “The other way round” is meant against the lesson that was `answered`.
    """
    if mail.intent.painting is not None and mail.photos:
        return told(mail)
    return Choice(answered.painting, not answered.is_swapped) if answered else Choice(None, is_swapped=True)


def numbers(mail: TaughtMail, choice: Choice) -> tuple[int, int]:
    """Return the numbers of painting and photo among a mail's pictures, 0 for the first one."""
    painting, photo, _ = sides(mail.photos, choice.painting)
    found = mail.photos.index(painting), mail.photos.index(photo)
    return found[::-1] if choice.is_swapped else found


def sides_of(mail: TaughtMail, lesson: Lesson) -> tuple[Photo, Photo | None, Guess | None]:
    """Return painting and photo, and what to tell of the painting where it is a guess which is which.

    Raises `NoPainting`, or `UnsupportedMail` where it is known what the mail holds instead.
    """
    photos = mail.photos
    if not photos:
        silence.check(mail.request)
    if mail.intent.wanted is LearningAim.LEARN and photos:
        if lesson.painting is not None and lesson.painting < len(photos):
            return photos[lesson.painting], None, None
        painting, is_guess = naming.painting_of(photos)
        return painting, None, Guess() if is_guess else None
    if len(photos) < mail.intent.pictures:
        raise NoPainting if mail.intent.wanted is LearningAim.LEARN else OnePictureMissing
    painting, photo, is_guess = sides(photos, lesson.painting)
    is_guess = is_guess and mail.intent.wanted is not LearningAim.SWAP and mail.intent.painting is None
    if lesson.is_swapped:
        painting, photo = photo, painting
    guess = Guess(number=photos.index(painting), file_name=naming.telling_name(painting.name))
    return painting, photo, guess if is_guess else None
