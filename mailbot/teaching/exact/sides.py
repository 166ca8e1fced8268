"""Tell the painting from the photo: by the words of a mail, the names of files, or the signs of a camera."""

from __future__ import annotations

from collections.abc import Sequence

from mailbot.intents.learning_intents import LearningAim
from mailbot.parsing.cameras import is_from_camera
from mailbot.parsing.photos import Photo
from mailbot.sender_policy import silence
from mailbot.teaching import naming
from mailbot.teaching.exact.choices import Guess
from mailbot.teaching.lesson_errors import NoPainting, OnePictureMissing
from mailbot.teaching.lessons import Lesson
from mailbot.teaching.taught_mail import TaughtMail


def sides(pictures: Sequence[Photo]) -> tuple[Photo, Photo, bool]:
    """Return painting and photo of two pictures or more, and whether that is a guess.

    It is guessed by what a camera writes: the first picture without that is the painting, or else the first.
    """
    painting, is_guess = naming.painting_of(pictures)
    if is_guess:
        uncertain = (each for each in pictures if not is_from_camera(each.image, each.kind))
        painting = next(uncertain, painting)
    return painting, next(each for each in pictures if each is not painting), is_guess


def is_swapped(mail: TaughtMail, answered: Lesson | None) -> bool:
    """Tell whether photo and painting are the other way round than guessed, as a mail wants them now.

    “The other way round” is meant against the lesson that was `answered`.
    """
    if mail.intent.painting is None or not mail.photos:
        return not (answered and answered.is_swapped)
    return is_told_swapped(mail)


def is_told_swapped(mail: TaughtMail) -> bool:
    """Tell whether a mail says itself that photo and painting are the other way round than guessed."""
    if mail.intent.painting is None or not mail.photos:
        return False
    return mail.photos.index(_guessed(mail)) != mail.intent.painting


def _guessed(mail: TaughtMail) -> Photo:
    return sides(mail.photos)[0] if len(mail.photos) > 1 else mail.photos[0]


def painting_number(mail: TaughtMail, lesson: Lesson) -> int:
    """Return which of a mail's pictures a lesson has for the painting, 0 for the first one."""
    painting, photo, _ = sides(mail.photos)
    return mail.photos.index(photo if lesson.is_swapped else painting)


def sides_of(mail: TaughtMail, lesson: Lesson) -> tuple[Photo, Photo | None, Guess | None]:
    """Return painting and photo, and what to tell of the painting where it is a guess which is which.

    Raises `NoPainting`, or `UnsupportedMail` where it is known what the mail holds instead.
    """
    photos = mail.photos
    if not photos:
        silence.check(mail.request)
    if mail.intent.wanted is LearningAim.LEARN and photos:
        painting, is_guess = naming.painting_of(photos)
        return painting, None, Guess() if is_guess else None
    if len(photos) < mail.intent.pictures:
        raise NoPainting if mail.intent.wanted is LearningAim.LEARN else OnePictureMissing
    painting, photo, is_guess = sides(photos)
    is_guess = is_guess and mail.intent.wanted is not LearningAim.SWAP and mail.intent.painting is None
    if lesson.is_swapped:
        painting, photo = photo, painting
    guess = Guess(number=photos.index(painting), file_name=naming.telling_name(painting.name))
    return painting, photo, guess if is_guess else None
