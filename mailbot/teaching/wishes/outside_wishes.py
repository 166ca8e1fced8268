"""Read wishes that depend on the styles there are: to teach in words of one's own, to delete by a name."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import Protocol

from mailbot.intents import learning_intents
from mailbot.intents.learning.deletions import means
from mailbot.intents.learning_intents import LearningAim, LearningIntent
from mailbot.parsing.mail_parser import StyleRequest
from mailbot.teaching.taught_mail import author_of
from registry.client import LearningClient
from styles.errors import PainterError


class NamingThread(Protocol):
    """Tell whether a mail names a style, or chooses one; `MailThread` does."""

    def names_style(self, request: StyleRequest) -> bool:
        """Tell whether the text of a mail without a picture names a style, and nothing unknown."""

    def chooses_style(self, request: StyleRequest) -> bool:
        """Tell whether the words of a mail choose a style, and may hold others besides."""


def spoken(request: StyleRequest, thread: NamingThread) -> LearningIntent | None:
    """Return a teacher's wish to have a picture learnt that is not clear by itself.

    Words that choose a style beside the new one's name are about a photo to be painted.
    """
    wish = learning_intents.read(request) if request.images else None
    if wish is None or wish.wanted is not LearningAim.LEARN or wish.is_clear:
        return None
    subject, text = (said.replace(wish.called, "") for said in (request.subject, request.text))
    is_painted = thread.chooses_style(replace(request, subject=subject, text=text))
    return None if is_painted else wish


def of_stranger(request: StyleRequest, thread: NamingThread) -> LearningIntent | None:
    """Return the wish to teach of somebody who is no teacher, where the mail names no style to paint."""
    intent = learning_intents.read(request) if request.images else None
    if intent is None or intent.wanted is not LearningAim.LEARN:
        return None
    texts = (f"{request.subject}\n{request.text}", intent.called)  # "new style: mosaic"
    is_painted = any(text and thread.names_style(replace(request, text=text)) for text in texts)
    return None if is_painted else intent


async def deletion(
    client: LearningClient, request: StyleRequest, thread: NamingThread
) -> LearningIntent | None:
    """Return the wish to have a style deleted that a new mail names: “delete silver grove”.

    So is a wish to rename the style of another person, which the answer refuses.
    """
    intent = None if request.images or request.references else learning_intents.read(request)
    is_renaming = intent is not None and intent.wanted is LearningAim.RENAME
    if not (intent and (is_renaming or intent.wanted is LearningAim.RETIRE) and client.token):
        return None
    with contextlib.suppress(PainterError):
        own = await client.styles_of(author_of(request))
        is_own = any(means(intent.left, style.name, style.title) for style in own)
        is_known = is_own or thread.names_style(replace(request, subject="", text=intent.left))
        return intent if is_known and not (is_renaming and is_own) else None
    return None
