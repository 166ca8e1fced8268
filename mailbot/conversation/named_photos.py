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
from mailbot.parsing.mail_parser import StyleRequest
from styles.errors import PainterError


def by_names(
    request: StyleRequest, command: Command, read: Callable[[StyleRequest], Command], catalogue: Catalogue
) -> Command:
    """Return what a mail asks for if words of the files' names mean the photos, else its `command`.

    They do where the photos that they name get styles of their own, and no more words are left unread.
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
    is_fit = isinstance(named, Paint) and _are_apart(named) and numbers <= set(named.photos)
    return named if is_fit and _unread(named) <= _unread(command) else command


def _are_apart(paint: Paint) -> bool:
    """Tell whether photos of a mail are painted in different styles, each in its own."""
    styles = {job.style for job in paint.jobs}
    return len(set(paint.photos)) == len(paint.photos) and len(styles) > 1


def _unread(command: Command) -> int:
    """Return how many pieces of a mail were not understood."""
    return len(command.not_understood) if isinstance(command, Paint) else 0
