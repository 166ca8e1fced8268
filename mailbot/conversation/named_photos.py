"""Read a mail by what its photos are called: "cat in the scream, dog in mosaic", of cat.jpg and dog.jpg.

by_names  a mail and what it was read as -> the same, or what it asks for by the names of its files
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from mailbot.conversation.photo_names import with_numbers
from mailbot.intents.command_types import Command, Paint
from mailbot.intents.details.photo_calls import call
from mailbot.intents.names.catalogue import Catalogue
from mailbot.intents.paintings.photo_numbers import numbers_of
from mailbot.intents.sentence_reader import SentenceReader
from mailbot.parsing.mail_parser import StyleRequest
from styles.errors import PainterError
from styles.language.language_detection import detect
from styles.language.lexicon import lexicon
from styles.language.tokens import tokenize


def by_names(
    request: StyleRequest, command: Command, read: Callable[[StyleRequest], Command], catalogue: Catalogue
) -> Command:
    """Return what a mail asks for if words of the files' names mean the photos, else its `command`.

    They do where the photos that they name get styles of their own, or are the only ones that are wanted, and
    no more words are left unread.
    """
    if not isinstance(command, Paint) or command.chosen != "named" or _are_apart(command):
        return command
    names = [photo.name for photo in request.images]
    text = with_numbers(request.text, names, catalogue)
    numbers = {at for at in range(len(names)) if call(at) in text}
    if not numbers:
        return command
    try:
        named = read(replace(request, text=text))
    except PainterError:
        return command
    if not isinstance(named, Paint):
        return command
    is_apart = _are_apart(named) and numbers <= set(named.photos)
    is_only = set(named.photos) == numbers and _chooses(text, catalogue)
    return named if (is_apart or is_only) and _unread(named) <= _unread(command) else command


def _chooses(text: str, catalogue: Catalogue) -> bool:
    """Tell whether a text wants only some photos, by their numbers: "only photo 1"."""
    sentences = SentenceReader(catalogue, lexicon(detect(tokenize(text)))).sentences(text, "text")
    return any("only" in one.kinds and any(map(numbers_of, one.items)) for one in sentences)


def _are_apart(paint: Paint) -> bool:
    """Tell whether photos of a mail are painted in different styles, each in its own."""
    styles = {job.style for job in paint.jobs}
    return len(set(paint.photos)) == len(paint.photos) and len(styles) > 1


def _unread(command: Command) -> int:
    """Return how many pieces of a mail were not understood."""
    return len(command.not_understood) if isinstance(command, Paint) else 0
