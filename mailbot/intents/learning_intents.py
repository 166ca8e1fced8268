"""Read what a mail asks about learning: “learn: my garden”, “exactly like this painting”, “delete my styles”.

An intent to learn is a whole sentence, between courtesies, or the beginning of a line before a colon. So a
letter about learning to swim has none. Words that end something, such as “delete”, count only in an answer
about a painting that was learnt: `lessons.py` knows of which.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache

from mailbot.intents.learning.answers import is_idle
from mailbot.intents.learning.deletions import deletes_all, deletes_plainly, left_of_deletion, withholds
from mailbot.intents.learning.exact_wishes import is_exact, may_be_exact
from mailbot.intents.learning.learning_words import COLON, folded, is_refused, row, says, sentences_in
from mailbot.intents.learning.orders.plain_orders import is_plain
from mailbot.intents.learning.own_names import name_behind_stop, own_name
from mailbot.intents.learning.painters.other_names import is_card
from mailbot.intents.learning.painters.questions import asks_how, asks_when
from mailbot.intents.learning.painters.refusals import refuses_to_teach, takes_back
from mailbot.intents.learning.painters.spoken_wishes import asks_to_learn, name_behind_wish, says_to_learn
from mailbot.intents.learning.painters.told_names import (
    bare_told,
    framed_name,
    name_after_colon,
    names_behind,
    told_name,
)
from mailbot.intents.learning.picture_sides import learnt_number, side_in, swap_in
from mailbot.intents.learning.renamings import is_remark, new_name, renaming
from mailbot.intents.learning.spoken_names import name_behind
from mailbot.intents.learning.stops import cancels, is_mere_stop, says_no, stops_plainly, wants_stop
from mailbot.intents.learning.wishes import begins_to_learn, is_whole, wish_of
from mailbot.intents.learning.written_names import clean_name
from mailbot.intents.request_places import bare_subject, own_subject
from mailbot.parsing.mail_parser import StyleRequest
from mailbot.parsing.photos import Photo
from styles.language.tokens import key

#: Lines of a text that are read, characters of one, and of one that may tell a story beside a picture.
LINES, LONGEST, LONGEST_STORY = 8, 200, 800
LONGEST_NAME = 60  #: characters of a style's name as people write it
_A_PHOTO = Photo(name="", image=b"", kind="")  #: in place of each one of a mail that is remembered
_DASH = re.compile(r"\s+[-–—]+\s+")  #: for a colon, in a subject: "LEARN - my garden"


class LearningAim(Enum):
    """List the requests about learning that a mail can make."""

    LEARN = "learn"
    EXACTLY = "exactly"
    WAIT = "wait"  #: a photo, until the style of its thread is learnt
    SWAP = "swap"  #: of photo and painting
    CANCEL = "cancel"
    HALT = "halt"  #: "stop", which asks for silence while nothing is learnt
    DECLINE = "decline"  #: the offer to learn the picture of the mail before
    RETIRE = "retire"
    RETIRE_ALL = "retire_all"
    RENAME = "rename"
    EXPLAIN = "explain"  #: how the bot is taught
    PROGRESS = "progress"  #: how far a lesson is
    KEEP = "keep"  #: “no”, where the bot has asked whether a loose phrase was an order


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningIntent:
    """Describe an intent about learning."""

    wanted: LearningAim
    called: str = ""  #: what the style is called, as it is written
    is_clear: bool = True  #: not “new style: mosaic”, of others than teachers, nor a loose phrase
    left: str = ""  #: in a sentence that wants a style deleted or renamed, what may be its name
    painting: int | None = None  #: which of two pictures is the painting, 0 for the first; for `SWAP`
    style: str = ""  #: the style of its author of which a better photo makes a new version
    replaces: bool = False  #: the picture takes the place of the one that is learnt in its thread

    @property
    def pictures(self) -> int:
        """The pictures that it needs: one perfect picture is made of two."""
        return 2 if self.wanted in (LearningAim.EXACTLY, LearningAim.SWAP) else 1

    @property
    def name(self) -> str:
        """The name of the new style: what it is called, up to a length."""
        return self.called[:LONGEST_NAME].strip()


def read(request: StyleRequest) -> LearningIntent | None:
    """Return the intent of a mail, None for a mail about something else. It is read once for one answer."""
    return _read(replace(request, images=(_A_PHOTO,) * len(request.images), recipes=(), language=""))


@lru_cache(maxsize=16)  # mails that are answered at the same time
def _read(request: StyleRequest) -> LearningIntent | None:
    lines = list(lines_of(request))
    sentences = sentences_of(request)
    if (wish := clear_wish(request)) and not is_taken_back(request):
        number = learnt_number(sentences) if len(request.images) > 1 else None
        return replace(wish, painting=number)
    if len(request.images) > 1 and (is_clear := any(map(is_exact, sentences))) | may_be_exact(sentences):
        return LearningIntent(wanted=LearningAim.EXACTLY, is_clear=is_clear, painting=side_in(sentences))
    if request.images:
        return _of_picture(request, lines)
    is_reply = bool(request.references)
    if is_reply and name_behind_stop(request.text):
        return None  # `resumed` reads the name
    answer = _of_all(lines, sentences) or _of_thread(lines, sentences, is_reply=is_reply)
    return answer or _question(lines, sentences, is_reply=is_reply)


def clear_wish(request: StyleRequest) -> LearningIntent | None:
    """Return the wish to learn that a line is by itself, whatever else the mail says."""
    for line in (*lines_of(request), _DASH.sub(": ", bare_subject(own_subject(request))[0], count=1)):
        if intent := _learn(line):
            return intent
    if not any(map(is_whole, sentences_of(request))):
        return None
    story = list(lines_of(request, LONGEST_STORY))
    return LearningIntent(wanted=LearningAim.LEARN, called=told_name(story))


def is_taken_back(request: StyleRequest) -> bool:
    """Tell whether a mail refuses anywhere to have its picture learnt."""
    own = (bare_subject(own_subject(request))[0], *request.text.splitlines())
    return takes_back(list(sentences_in("\n".join(own))), request.text)


def _of_picture(request: StyleRequest, lines: Sequence[str]) -> LearningIntent | None:
    """Return the intent of ordinary words beside a picture, which may be one that a mail program adds."""
    if request.references and is_mere_stop(request.text):
        return LearningIntent(wanted=LearningAim.HALT)
    is_one = len(request.images) == 1
    return _ordinary(lines, list(lines_of(request, LONGEST_STORY))) if is_one else None


def _of_all(lines: Sequence[str], sentences: Sequence[str]) -> LearningIntent | None:
    """Return the intent that the beginning of a mail is in any thread: “stop learning”."""
    firsts = [next(sentences_in(line), "") for line in lines[:2]]
    if any(map(deletes_all, firsts)):
        return LearningIntent(wanted=LearningAim.RETIRE_ALL, is_clear=is_plain(sentences, deletes_all))
    is_clear = stops_plainly(sentences)
    return LearningIntent(wanted=LearningAim.CANCEL, is_clear=is_clear) if any(map(cancels, firsts)) else None


def _of_thread(lines: Sequence[str], sentences: Sequence[str], *, is_reply: bool) -> LearningIntent | None:
    """Return the intent of words that count in the thread of a lesson only, or while one is under way."""
    swap = swap_in(sentences) if is_reply else None
    if swap:
        return LearningIntent(wanted=LearningAim.SWAP, painting=swap.painting, is_clear=swap.is_plain)
    if found := _of_style(lines, sentences, is_reply=is_reply):
        return found
    is_refusal = is_reply and refuses_to_teach(sentences)
    if is_refusal or wants_stop(sentences):
        return LearningIntent(wanted=LearningAim.HALT, is_clear=is_refusal or stops_plainly(sentences))
    if is_reply and withholds(sentences):
        return LearningIntent(wanted=LearningAim.RETIRE, is_clear=False)
    is_no = is_reply and says_no("\n".join(lines))
    return LearningIntent(wanted=LearningAim.HALT, is_clear=False) if is_no else None


def _ordinary(lines: Sequence[str], story: Sequence[str]) -> LearningIntent | None:
    """Return the wish to learn that a line is in words of its own, which only a teacher means so."""
    sentences = list(sentences_in("\n".join(story)))
    if asks_how(sentences):
        return LearningIntent(wanted=LearningAim.EXPLAIN, is_clear=False)
    if not lines or takes_back(sentences, "\n".join(story)):
        return None
    found = next((name for line in lines if (name := wish_of(line)) is not None), None)
    if found is None:
        found = name_behind(lines[0]) or ("" if key(lines[0]) in row("new_style") else None)
    if found is None and (begun := _begun(lines)):
        return begun
    if found is None and not (asks_to_learn(sentences) or says_to_learn(lines[0], sentences)):
        return None
    called = told_name(story) or bare_told(found or "") or name_behind_wish(lines)
    return LearningIntent(wanted=LearningAim.LEARN, called=called, is_clear=False)


def _question(lines: Sequence[str], sentences: Sequence[str], *, is_reply: bool) -> LearningIntent | None:
    """Return the question that a mail without a picture is; a wish without one asks how it is done, too."""
    is_how, is_when = asks_how(sentences), asks_when(sentences)
    is_wish = asks_to_learn(sentences) and not refuses_to_teach(sentences)
    if is_wish and not (is_how or is_reply) and (called := told_name(lines)):
        return LearningIntent(wanted=LearningAim.LEARN, called=called)  # its picture may come in a reply
    if is_when and is_reply and not is_how:
        return LearningIntent(wanted=LearningAim.PROGRESS)
    is_bare = bool(lines) and key(lines[0]) in row("head") and all(map(is_idle, lines[1:]))
    if is_how or is_bare or is_wish:
        return LearningIntent(wanted=LearningAim.EXPLAIN, is_clear=is_how)
    return LearningIntent(wanted=LearningAim.PROGRESS) if is_when else None


def _begun(lines: Sequence[str]) -> LearningIntent | None:
    """Return the wish that begins as "Learn my garden" does, if a name is told, or is all below “learn”."""
    called = clean_name(new_name(lines))
    if lines and key(lines[0]) in row("head"):
        called = called or framed_name(lines[1:]) or own_name("\n".join(lines[1:]), is_asked=True)
        is_wish = bool(called) or all(map(is_idle, lines[1:]))
    else:
        is_wish = bool(called) and any(map(begins_to_learn, lines))
    return LearningIntent(wanted=LearningAim.LEARN, called=called, is_clear=False) if is_wish else None


def _of_style(lines: Sequence[str], sentences: Sequence[str], *, is_reply: bool) -> LearningIntent | None:
    """Return the wish to have a style called otherwise, or deleted: outside of its thread by its name."""
    found = renaming(lines)
    old = clean_name(found.old) if found and not is_idle(found.old) else ""  # "rename it to"
    if found and (called := clean_name(found.name)) and (is_reply or old):
        is_clear = bool(old) or not (is_remark(found) or is_card(lines))
        return LearningIntent(wanted=LearningAim.RENAME, called=called, is_clear=is_clear, left=old)
    deletion = _deletion(sentences)
    return deletion if is_reply or (deletion and deletion.left) else None


def _deletion(sentences: Sequence[str]) -> LearningIntent | None:
    """Return the wish to have a style deleted that one of the sentences is, the clearest one."""
    found = [left for sentence in sentences if (left := left_of_deletion(sentence)) is not None]
    left = min(found, key=len, default=None)
    if left is None:
        return None
    return LearningIntent(wanted=LearningAim.RETIRE, left=left, is_clear=deletes_plainly(sentences))


def sentences_of(request: StyleRequest) -> Sequence[str]:
    """Return the sentences of these lines."""
    return list(sentences_in("\n".join(lines_of(request))))


def lines_of(request: StyleRequest, longest: int = LONGEST) -> Iterator[str]:
    """Yield the subject, unless it is that of the mail before, and the first lines of the text."""
    subject = bare_subject(own_subject(request))[0]
    written = [line.strip() for line in request.text.splitlines() if line.strip()][:LINES]
    yield from (line[:longest] for line in (subject, *written) if line)


def _learn(line: str) -> LearningIntent | None:
    """Return the intent of a line that names the style: "learn: my garden", "learn this as my garden"."""
    head, *rest = COLON.split(line, maxsplit=1)
    if is_refused(folded(head)):
        return None
    is_clear = is_whole(head) or says(head, "head")
    if rest and (is_clear or says(head, "new_style")):
        return LearningIntent(wanted=LearningAim.LEARN, called=name_after_colon(rest[0]), is_clear=is_clear)
    names = (name for sentence, name in names_behind(line) if is_whole(sentence))
    name = next(names, None)
    return None if name is None else LearningIntent(wanted=LearningAim.LEARN, called=name)
