"""Find the pictures of a thread that a reply means: its last answer may show fewer than there are.

    meant    a reply and the pictures of the last answer -> the pictures that it is about
    is_more_wanted  whether a reply names a photo that is wanted as well
    alike    a reply that wants a photo painted like another one -> its text without that, and the photo
    both_mixed  "the two mixed" -> the reply with the last two styles of the thread

"The second at 40%" behind an answer with one picture, "the other", "both" and the name of another photo are
about the whole thread. Where an answer shows several pictures, its own numbers count.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from mailbot.conversation.earlier_mails import EarlierMails
from mailbot.conversation.mail_reader import MailReader
from mailbot.conversation.picture_likeness import without_model
from mailbot.conversation.unclear_photos import short_sentences
from mailbot.intents.changes.heard_changes import means_all
from mailbot.intents.changes.phrase_patterns import replaced
from mailbot.intents.changes.picture_choices import chooses_more, wants_alike
from mailbot.intents.changes.relative_changes import MAX_TEXT
from mailbot.intents.details.photo_calls import call
from mailbot.intents.paintings.photo_numbers import REST, numbers_of, with_middle
from mailbot.intents.sentence import Sentence
from mailbot.parsing.mail_parser import StyleRequest
from mailbot.parsing.photos import Photo
from mailbot.storage.conversations import Remembered
from mailbot.storage.ledger_rows import Message, PaintedFrom
from styles.language.language_detection import detect
from styles.language.lexicon import relative
from styles.language.tokens import fold, tokenize, words
from styles.language.word_rows import reply, reply_row

#: Kinds of words beside a "both" that is a clause of its own: "both versions again, small".
_SMALL = ("again", "versions", "article", "photo", "courtesy", "limit", "and")


async def meant(
    message: Message, request: StyleRequest, reader: MailReader, earlier: EarlierMails, last: Remembered
) -> tuple[StyleRequest, Remembered]:
    """Return a reply, and the pictures that it is about: those of the `last` answer, or of the whole thread.

    Where it is about "the others", it has their numbers instead.
    """
    found = await _found(message, request, reader, earlier, last)
    if not found.painted or found.painted == last.painted:
        return request, found
    if _numbers(request.text, reader) == {REST}:
        return _with_count(request, reader, len(found.painted)), found
    return await _renumbered(request, reader, earlier, found), found


async def _found(
    message: Message, request: StyleRequest, reader: MailReader, earlier: EarlierMails, last: Remembered
) -> Remembered:
    thread = await earlier.of_thread(message, request)
    if len(thread.painted) == 1 and _means_both(request, reader):
        whole = await earlier.of_thread(message, request, is_whole=True)
        return _of(whole, whole.painted[-2:]) if len(whole.painted) > 1 else last
    if not last.painted:
        return last
    if (unpainted := await _unpainted(request, reader, earlier, last, thread)) is not None:
        return unpainted
    if all(each in last.painted for each in thread.painted):
        return last
    found = await _sent(earlier, thread)
    said = reader.with_numbers(request, [photo.name for photo, _ in found.values()])
    return _with_last(said, reader, last, await _of_whole(request, reader, earlier, last, thread))


async def _renumbered(
    request: StyleRequest, reader: MailReader, earlier: EarlierMails, found: Remembered
) -> StyleRequest:
    """Return a reply that names the photos of all `found` pictures with their numbers among these."""
    sent = await _sent(earlier, found)
    said = reader.with_numbers(request, [photo.name for photo, _ in sent.values()])
    named = [photo for at, photo in enumerate(sent) if call(at) in said.text]
    if named != [each.photo for each in found.painted]:
        return request
    places = {call(at): call(named.index(photo)) for at, photo in enumerate(sent) if photo in named}
    text = re.sub(r"photo \d+", lambda match: places.get(match[0], match[0]), said.text)
    return replace(request, text=text)


def _with_count(request: StyleRequest, reader: MailReader, count: int) -> StyleRequest:
    """Return a reply with the numbers of `count` pictures for its "the others"."""
    numbers, text = " and ".join(map(call, range(count))), request.text
    for item in (item for one in _sentences(text, reader) for item in one.items):
        if REST in numbers_of(item):
            said = f"{numbers} too" if item.has("further") else numbers  # "the other as well" is both
            text = replaced(text, item, said)
    return replace(request, text=text)


async def is_more_wanted(
    message: Message, request: StyleRequest, reader: MailReader, earlier: EarlierMails
) -> bool:
    """Tell whether a reply names a photo of its thread that is wanted as well: "lovely! The cat too"."""
    found = await _sent(earlier, await earlier.of_thread(message, request))
    said = reader.with_numbers(request, [photo.name for photo, _ in found.values()])
    return said != request and any(map(chooses_more, _sentences(said.text, reader)))


async def alike(
    message: Message, request: StyleRequest, reader: MailReader, earlier: EarlierMails
) -> tuple[str, Remembered] | None:
    """Return the text of a reply without "like the other", and the photo as the other one was painted."""
    thread = await earlier.of_thread(message, request)
    found = await _sent(earlier, thread)
    said = reader.with_numbers(request, [photo.name for photo, _ in found.values()]).text
    photos = list(found)
    if (read := without_model(said, reader.catalogue, len(photos))) is None:
        return None
    at, model, text = read
    recipe = next((each.recipe for each in thread.painted if each.photo == photos[model]), None)
    if recipe is None:
        return None
    painted = PaintedFrom(source=found[photos[at]][1], photo=photos[at], recipe=recipe)
    return re.sub(r"photo \d+", "", text), _with_photos(thread, [painted])


async def _sent(earlier: EarlierMails, thread: Remembered) -> dict[str, tuple[Photo, int]]:
    """Return all photos of the mails of a thread, those that were left out as well."""
    return await earlier.photos([replace(mail, photos=()) for mail in thread.mails])


async def _unpainted(
    request: StyleRequest, reader: MailReader, earlier: EarlierMails, last: Remembered, thread: Remembered
) -> Remembered | None:
    """Return a photo that was left out so far, as the last picture, where a reply names it or its number."""
    found = await _sent(earlier, thread)
    painted = {each.photo for each in thread.painted}
    left = [photo for photo in found if photo not in painted]
    if not left:
        return None
    said = reader.with_numbers(request, [photo.name for photo, _ in found.values()]).text
    named = [photo for number, photo in enumerate(found, start=1) if f"photo {number}" in said]
    if not named:
        count = len(found)
        numbers = _numbers(request.text, reader, count)
        is_rest = numbers == {REST} and len(thread.painted) == 1
        is_numbered = count > len(last.painted) and numbers and REST not in numbers
        named = [photo for at, photo in enumerate(found) if is_numbered and {at, at - count} & numbers]
        named = left if is_rest else named
    if not named or not set(named) <= set(left):
        return None
    recipe = last.painted[-1].recipe
    wanted = [PaintedFrom(source=found[photo][1], photo=photo, recipe=recipe) for photo in named]
    return _with_photos(thread, wanted)


async def _of_whole(
    request: StyleRequest, reader: MailReader, earlier: EarlierMails, last: Remembered, thread: Remembered
) -> Remembered:
    """Return the pictures that a reply means by the name of a photo, or by other words."""
    found = await earlier.photos(thread.mails)
    said = reader.with_numbers(request, [photo.name for photo, _ in found.values()]).text
    named = {photo for number, photo in enumerate(found, start=1) if f"photo {number}" in said}
    if said != request.text and named - {each.photo for each in last.painted}:
        return thread
    return _of_numbers(request.text, reader, last, thread)


async def both_mixed(message: Message, request: StyleRequest, earlier: EarlierMails) -> StyleRequest:
    """Return a reply that wants "both mixed" with the names of the last two styles, else as it is."""
    if not reply_row("mix_both").is_in(" ".join(words(request.text))):
        return request
    whole = await earlier.of_thread(message, request, is_whole=True)
    styles = list(dict.fromkeys(each.recipe.style for each in whole.painted if "," not in each.recipe.style))
    if len(styles) < 2:
        return request
    return replace(request, text=f"{' + '.join(styles[-2:])}\n{request.text}")


def _of_numbers(text: str, reader: MailReader, last: Remembered, thread: Remembered) -> Remembered:
    """Return the pictures that a reply means by numbers, or by words such as "both" and "the other"."""
    shown, numbers = last.painted, _numbers(text, reader, len(thread.painted))
    known, short = relative(detect(tokenize(text[:MAX_TEXT]))), _sentences(text, reader)
    if numbers == {REST}:
        return _of(thread, [each for each in thread.painted if each not in shown])
    if any(not -len(shown) <= number < len(shown) for number in numbers - {REST}):
        return thread
    is_more = len(shown) == 1 and (numbers or any(means_all(one, known) for one in short))
    return thread if is_more else last


def _numbers(text: str, reader: MailReader, count: int = 0) -> set[int]:
    """Return the numbers of pictures, of `count` photos, in the short sentences of a text."""
    said = (with_middle(one, count) for one in _sentences(text, reader))
    return {number for one in said for item in one.items for number in numbers_of(item)}


def _means_both(request: StyleRequest, reader: MailReader) -> bool:
    """Tell whether a reply is about two pictures: "both at 65%", "both versions, small"."""
    known = relative(detect(tokenize(request.text[:MAX_TEXT])))
    both = {fold(phrase) for phrase in reply("both")}
    return any(
        item.text in both
        and (means_all(one, known) or all(i.text in both or i.has(*_SMALL) for i in one.clause(at)))
        for one in _sentences(request.text, reader)
        for at, item in enumerate(one.items)
    )


def _sentences(text: str, reader: MailReader) -> list[Sentence]:
    """Return the short sentences of a text."""
    return short_sentences(text, reader.catalogue)[0]


def _with_last(request: StyleRequest, reader: MailReader, last: Remembered, meant: Remembered) -> Remembered:
    """Return pictures as the last one, where a reply wants these like it: "and the other one too"."""
    if not any(chooses_more(one) or wants_alike(one) for one in _sentences(request.text, reader)):
        return meant
    recipe = last.painted[-1].recipe
    shown = {each.photo for each in last.painted}
    painted = (each if each.photo in shown else replace(each, recipe=recipe) for each in meant.painted)
    return replace(meant, painted=tuple(painted))


def _with_photos(thread: Remembered, painted: Sequence[PaintedFrom]) -> Remembered:
    """Return a thread as if these pictures were its last answer; their photos may be new to it."""
    mails = (
        replace(mail, photos=tuple(each.photo for each in painted if each.source == mail.message))
        for mail in thread.mails
    )
    kept = tuple(mail for mail in mails if mail.photos)
    return replace(thread, mails=kept, count=len(painted), painted=tuple(painted))


def _of(thread: Remembered, painted: Sequence[PaintedFrom]) -> Remembered:
    """Return what is known of some pictures of a thread."""
    photos = {each.photo for each in painted}
    kept = (
        replace(mail, photos=tuple(each for each in mail.photos if each in photos)) for mail in thread.mails
    )
    mails = tuple(mail for mail in kept if mail.photos)
    count = sum(len(mail.photos) for mail in mails)
    return replace(thread, mails=mails, count=count, painted=tuple(painted))
