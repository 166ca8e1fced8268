"""Name what is learnt, and tell a painting from a photo by the names of their files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mailbot.parsing.headers import clean
from mailbot.parsing.mail_parser import StyleRequest
from mailbot.parsing.photos import Photo
from mailbot.replies.pictures import MAX_STEM_BYTES, made_safe
from mailbot.teaching.lessons import Lesson
from mailbot.teaching.taught_mail import TaughtMail
from styles.language.reserved_names import is_reserved
from styles.language.tokens import key
from styles.language.word_rows import command

#: Names that cameras and phones give to photos, those of paintings too.
_CAMERA = re.compile(r"(?:img|dsc|dscf|dscn|pxl|mvimg|p|dcim|signal|whatsapp image)[ _-]?\d", re.IGNORECASE)
#: Names that programs give to pictures: "image0.jpeg", "photo.jpg", "Unknown-2.png".
_PROGRAM = re.compile(r"(?:image|photo|picture|unknown|attachment|unnamed|file)[ _()-]*\d*$", re.IGNORECASE)
#: Characters of a file's name that an answer repeats.
MOST_FILE_NAME = 40
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,5}$")
#: Fewest letters of a file's name that is a style's.
_SHORTEST = 4
#: Numbers that are tried behind a name.
_MOST_TRIES = 100


def candidates(request: StyleRequest, painting: Photo) -> Iterator[str]:
    """Yield names for a style, where the mail names none: of the file, then of the person, with numbers."""
    stem = " ".join(_SUFFIX.sub("", painting.name).replace("_", " ").replace("-", " ").split())
    is_name = len(re.sub(r"[^A-Za-z]", "", stem)) >= _SHORTEST and not _CAMERA.match(stem)
    if is_name and not is_reserved(stem):
        yield stem
    whose = _person(request)
    yield whose
    yield from (f"{whose} {number}" for number in range(2, _MOST_TRIES))


def title(name: str) -> str:
    """Return the title of a style: its name as it was written, with a capital in front."""
    words = clean(name.replace("-", " "), 100)
    return words[:1].upper() + words[1:]


def written(mail: TaughtMail, lesson: Lesson) -> str:
    """Return what a style is called: as a later mail says, or the mail with its painting."""
    return lesson.called or mail.intent.name or lesson.name


def artist(request: StyleRequest) -> str:
    """Return the person who sends a painting, as the card credits them: never by their address."""
    name = clean(request.name, 100)
    return "" if "@" in name else name


def is_painting_name(file_name: str) -> bool:
    """Tell whether the name of a file says that it is a painting."""
    said = key(file_name)
    return any(
        re.search(rf"(?<![a-z]){re.escape(word)}(?![a-z])", said)
        for word in command("teaching")["painting"].words
    )


def painting_of(pictures: Sequence[Photo]) -> tuple[Photo, bool]:
    """Return the painting among pictures, the first one where no name tells it, and whether it is a guess."""
    named = [each for each in pictures if is_painting_name(each.name)]
    painting = (named or pictures)[0]
    return painting, len(pictures) > 1 and len(named) != 1 and painting is pictures[0]


def telling_name(file_name: str) -> str:
    """Return the name of a file by which a person may know it, "" for that of a camera or a program."""
    stem = _SUFFIX.sub("", file_name)
    is_plain = len(re.sub(r"[^A-Za-z]", "", stem)) < _SHORTEST or _CAMERA.match(stem) or _PROGRAM.match(stem)
    return "" if is_plain else clean(file_name, MOST_FILE_NAME)


def picture_name(photo: str) -> str:
    """Return the file name of a photo that was painted exactly like a painting."""
    stem = made_safe(_SUFFIX.sub("", photo), MAX_STEM_BYTES) or "photo"
    return f"{stem}-painted.jpg"


def _person(request: StyleRequest) -> str:
    name = next(iter(artist(request).split()), "") or request.automation.from_address.partition("@")[0]
    return f"{name} canvas"
