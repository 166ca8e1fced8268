"""Read the sentences of a mail, and weigh the styles that they mention.

    MailSentences  the sentences of a mail with the evidence of their mentions, and its words
    read_sentences  request -> MailSentences

Every sentence of the text is read, the subject, and the tags of the bot's addresses (`sentence.py`). Each
mention of a style is weighed (`evidence.py`), in a long mail by a learned model too (`learned/`). If none is
a request, misspelt names are sought (`typos.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial

from mailbot.intents.changes.change_items import with_steps
from mailbot.intents.changes.complaints import without_likeness
from mailbot.intents.changes.relative_changes import Change
from mailbot.intents.details.misspelt_options import with_options
from mailbot.intents.details.sign_offs import without_sign_off
from mailbot.intents.details.thanked_photos import without_thanked
from mailbot.intents.mentions.context import extra_of
from mailbot.intents.mentions.evidence import WeighedSentence
from mailbot.intents.mentions.typos import with_unnamed
from mailbot.intents.names.catalogue import Catalogue
from mailbot.intents.paintings.photo_numbers import with_middle, with_pointed
from mailbot.intents.request_places import bare_subject, is_forward, numbered, plain, tags
from mailbot.intents.sentence import Sentence
from mailbot.intents.sentence_reader import SentenceReader
from mailbot.intents.stories.guesses import with_described
from mailbot.parsing.mail_parser import StyleRequest
from styles.language.language_detection import detect
from styles.language.lexicon import Lexicon, lexicon, relative
from styles.language.tokens import tokenize

#: Characters of a mail by which its language is found.
_SAMPLE = 2000
#: Words of a person's own up to which a forwarded mail may say what is wished.
_FEW = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSentences:
    """Hold the weighed sentences of a mail: those of the place that counts first, then the others."""

    groups: Sequence[Sequence[WeighedSentence]]
    words: Lexicon
    is_reply: bool


def read_sentences(
    request: StyleRequest, catalogue: Catalogue, own: Collection[str], *, change: Change | None = None
) -> MailSentences:
    """Return the sentences of a mail; `own` are the bot's addresses, of which the tags are read.

    In a reply that means the `change` of a painting, words such as "bigger" are no options.
    """
    subject, is_reply = bare_subject(request.subject)
    is_reply = is_reply or bool(request.references)
    written = numbered(request, catalogue)
    forwarded = request.forwarded if is_forward(request.subject) else ""
    languages = detect(tokenize(f"{subject}\n{request.text[:_SAMPLE]}\n{forwarded[:_SAMPLE]}"))
    reader = SentenceReader(catalogue, words := (relative if change else lexicon)(languages))
    count = max(len(request.images), change.count if change else 1)
    title = [_with_numbers(reader.one(plain(subject), "subject"), count)] if subject else []
    text = [_with_numbers(one, count) for one in without_sign_off(reader.sentences(written, "text"))]
    text = [without_thanked(one) for one in text]
    if forwarded and (not text or _names_nothing([*title, *text])):
        below = numbered(replace(request, text=forwarded), catalogue)
        text += [_with_numbers(one, count) for one in reader.sentences(below, "text")]
    address = [reader.one(tag, "tag") for tag in tags(request, own)]
    groups: Sequence[Sequence[Sentence]] = (text, title, address) if is_reply else (title, text, address)
    groups = [[with_options(one, words) for one in group] for group in groups]
    if change:
        is_mixed, wished = bool(change.mixes), (without_likeness(group, words) for group in groups)
        groups = [[with_steps(one, words, is_mixed=is_mixed) for one in group] for group in wished]
    extra = partial(extra_of, photos=len(request.images), is_reply=change is not None)
    weighed = with_described(with_unnamed(groups, catalogue, words, extra), catalogue, words, extra)
    return MailSentences(groups=weighed, words=words, is_reply=is_reply)


def _with_numbers(sentence: Sentence, count: int) -> Sentence:
    """Return a sentence in which "the middle one" and "this one" are photos by their numbers."""
    return with_pointed(with_middle(sentence, count), count)


def _names_nothing(sentences: Sequence[Sentence]) -> bool:
    """Tell whether a person's own words are few and name no style: "could you do what Priya asks below?"."""
    is_short = sum(len(one.words) for one in sentences) <= _FEW
    return is_short and not any(item.mention for one in sentences for item in one.items)
