"""Find styles by what their paintings show: "he who screams on a bridge", "the one with the yellow field".

A whole sentence can hold most words of a description on a style's card. A form such as "the one with …" leads
to words of which each may be from another name of the style.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from mailbot.intents.details import bounds
from mailbot.intents.mentions.anaphora import asks_alike
from mailbot.intents.names.catalogue import Catalogue
from mailbot.intents.names.name_index import Grade, NamedStyles
from mailbot.intents.sentence import FIRST_CJK, NUMBERED, Item, Mention, Sentence
from styles.language.tokens import words

#: Words up to which a sentence describes a painting.
_LONGEST = 18
#: Items behind "the one with", and those before the last word of "the yellow one".
_BEHIND, _BEFORE = 6, 4
#: Items behind such a form that hold a longer description: "…, the red walls and the yellow lamps".
_FURTHER = 18
#: Sentences between a description and the request that means it.
_BACK = 2
#: Kinds of words for options, which are no options in a description: "a huge wave".
_OF_OPTIONS = frozenset(("size", "strength", "intents", "amounts", "percent"))
#: Kinds of words of a request, and of a tale, beside words that fit a style.
_ASKED = ("ask", "want", "make", "fit", "that", "described", "style_of")
_TOLD = ("letter", "caption", "own", "place", "statement")
#: The same of a sentence that names the style too.
_WISHED, _LETTER = ("ask", "make", "described", "style_of"), ("letter", "caption", "own", "not", "not_after")
#: Kinds of words behind which a part of several styles is described.
_OF_PARTS = ("amounts", "one_each", "separate", "percent", "parts")
#: Kinds of words that end such a form.
_ENDS = ("courtesy", "ask", "for", "make", "limit", "strength", "size", "described", "percent")


def with_description(sentence: Sentence, catalogue: Catalogue) -> Sentence:
    """Return a sentence that names no style with the one that it describes: "he who screams on a bridge"."""
    items = sentence.items
    if sentence.where == "tag":
        return sentence
    if len(sentence.words) > _LONGEST:
        return _with_form(sentence, catalogue)
    if _is_caption(items):
        return sentence
    if any(item.mention and item.mention.grade > Grade.WORD for item in items):
        return _with_hint(sentence, catalogue)
    said = [word for item in sentence.words for word in words(item.raw)]
    entry = catalogue.described(said) if sentence.where == "text" else None
    told = [at for at, item in enumerate(items) if entry and _tells(catalogue, entry, item)]
    if entry and told:
        return _mentioned(sentence, range(told[0], told[-1] + 1), entry)
    found = _with_form(sentence, catalogue)
    return _with_hint(sentence, catalogue) if found is sentence else found


def with_told(sentences: Sequence[Sentence], catalogue: Catalogue) -> list[Sentence]:
    """Return sentences with the painting of which one tells, where the next asks for something "like that".

    "My teacher showed us a man on a bridge who holds his face. Can you make my dog like that?"
    """
    found = list(sentences)
    for at, one in enumerate(sentences):
        if one.where != "text" or one.has_mention or not asks_alike(one):
            continue
        for before in range(at, max(-1, at - 1 - _BACK), -1):
            items = found[before].items
            if any(item.mention and item.mention.grade > Grade.WORD for item in items):
                break
            entry = catalogue.hinted([word for item in found[before].words for word in words(item.raw)])
            told = [n for n, item in enumerate(items) if entry and _fits(catalogue, entry, item)]
            if entry and told and found[before].where == "text":
                kept = tuple(replace(item, kinds=item.kinds - _OF_OPTIONS) for item in items)
                bare = replace(found[before], items=kept)
                found[before] = _mentioned(bare, range(told[0], told[-1] + 1), entry)
                break
    return found


def _with_form(sentence: Sentence, catalogue: Catalogue) -> Sentence:
    """Return a sentence with the style that a form describes: "like the one with …"."""
    items = sentence.items
    if any(item.mention and item.mention.grade > Grade.WORD for item in items):
        return sentence
    for span in _forms(items):
        if guessed := catalogue.guessed(_said(items, span)):
            return _mentioned(sentence, _extended(items, span, guessed, catalogue), guessed)
        behind = range(span.start, min(len(items), span.start + _FURTHER))
        if items[span.start].has("described") and (hinted := catalogue.hinted(_said(items, behind))):
            last = max(at for at in behind if _fits(catalogue, hinted, items[at]))
            return _mentioned(sentence, range(span.start, last + 1), hinted)
    return sentence


def _with_hint(sentence: Sentence, catalogue: Catalogue) -> Sentence:
    """Return a sentence with the style that several of its words fit: "can you make him swirly with stars?".

    It asks for something, or is no tale. If it names that style, it does both, and refuses nothing.
    """
    named = [one.styles for item in sentence.items if (one := item.mention) and one.grade > Grade.WORD]
    is_asked = not sentence.kinds.isdisjoint(_ASKED)
    is_tale = any(item.has(*_TOLD) and not item.has("article") for item in sentence.items)
    is_wish = is_asked or not is_tale
    if named:
        is_clear = not any(item.has(*_LETTER) and not item.has("article") for item in sentence.items)
        is_wish = is_clear and not sentence.kinds.isdisjoint(_WISHED)
    if sentence.where != "text" or not is_wish:
        return sentence
    entry = catalogue.hinted([word for item in sentence.words for word in words(item.raw)])
    if entry and any(set(entry.styles).isdisjoint(styles) for styles in named):
        return sentence
    told = [at for at, item in enumerate(sentence.items) if entry and _fits(catalogue, entry, item)]
    is_more = any(not sentence.styles_at(at) for at in told) or not named
    if "keep" in sentence.kinds and any(sentence.items[at].has("color") for at in told):
        return sentence  # "ma femme voudrait garder les couleurs"
    if not (entry and told and is_more) or (not is_asked and _is_scattered(sentence.items, told)):
        return sentence
    if told[0] and sentence.items[told[0] - 1].has("size"):  # "the big water"
        told.insert(0, told[0] - 1)
    forms = [span for span in _forms(sentence.items) if not set(span).isdisjoint(told)]
    start, end = (
        min([told[0], *(span.start for span in forms)]),
        max([told[-1] + 1, *(s.stop for s in forms)]),
    )
    return _mentioned(sentence, range(start, end), entry)


def _is_scattered(items: Sequence[Item], told: Sequence[int]) -> bool:
    """Tell whether more unknown words stand between those that fit a style than these, or a place's name."""
    if any(item.has("venue") for item in items[told[0] : told[-1]]):
        return True
    between = (item for at, item in enumerate(items[told[0] : told[-1]], told[0]) if at not in told)
    return sum(item.is_unknown for item in between) > len(told)


def _fits(catalogue: Catalogue, entry: NamedStyles, item: Item) -> bool:
    """Tell whether a word is one of those by which a style is described; "great, make it big" has none."""
    is_option = item.has("size", "strength", "percent", "praise")
    return not is_option and catalogue.descriptions.fits(entry.styles[0], words(item.raw))


def _extended(items: Sequence[Item], span: range, entry: NamedStyles, catalogue: Catalogue) -> range:
    """Return a span with the words behind it that fit its style too: "…, salmon, amber and violet"."""
    end = span.stop
    for at in range(span.stop, len(items)):
        if _fits(catalogue, entry, items[at]):
            end = at + 1
        elif not (items[at].text == "," or items[at].has("and", "article", "with")):
            break
    return range(span.start, end)


def _is_caption(items: Sequence[Item]) -> bool:
    """Tell whether a sentence is about the photo: "my son and his friends at the café, by night"."""
    first = next((item for item in items if not item.has("own", "article")), None)
    is_caption = first is not None and first.has("caption")
    return is_caption and not any(item.has("ask", "make", "want") for item in items)


def _tells(catalogue: Catalogue, entry: NamedStyles, item: Item) -> bool:
    is_option = item.has("size", "strength")
    return not is_option and catalogue.descriptions.tells(entry.styles[0], words(item.raw))


def with_detail(sentence: Sentence, catalogue: Catalogue) -> Sentence:
    """Return a sentence with an artist and the painting that a form tells: "van Gogh, the one with stars"."""
    artists = [set(item.mention.styles) for item in sentence.items if item.mention]
    several = [styles for styles in artists if len(styles) > 1]
    for span in _forms(sentence.items) if several else ():
        guessed = catalogue.guessed(_said(sentence.items, span))
        if guessed and any(styles.issuperset(guessed.styles) for styles in several):
            return _mentioned(sentence, span, guessed)
    return sentence


def with_parts(sentence: Sentence, catalogue: Catalogue) -> Sentence:
    """Return a sentence with the styles described behind a share: "half the man who screams, half wave".

    Another style must be named behind another share.
    """
    items = sentence.items
    named = [item.mention for item in items if item.mention and item.mention.grade > Grade.WORD]
    leads = [at for at, item in enumerate(items) if item.text == "%" or item.has(*_OF_PARTS)]
    for at in leads if named and len(leads) > 1 else ():
        end = bounds.behind(items, at, _ends_part)
        part = items[at + 1 : end]
        is_plain = not any(item.has(*_OF_OPTIONS, "strength_word", "letter") for item in part)
        is_free = is_plain and (end == len(items) or items[end].mention is None)
        found = catalogue.hinted(_said(items, range(at + 1, end))) if is_free else None
        if found and all(set(found.styles).isdisjoint(mention.styles) for mention in named):
            return with_parts(_mentioned(sentence, range(at + 1, end), found), catalogue)
    return sentence


def _ends_part(item: Item) -> bool:
    is_named = item.mention is not None and item.mention.grade > Grade.WORD
    return item.is_mark or is_named or item.is_number or item.has("and", *_OF_PARTS)


def _said(items: Sequence[Item], span: range) -> list[str]:
    return [word for at in span if not items[at].has("described_end") for word in words(items[at].raw)]


def _mentioned(sentence: Sentence, span: range, entry: NamedStyles) -> Sentence:
    """Return a sentence with the items of a span as a mention."""
    items = sentence.items
    number = max((at for at in span if items[at].has(*NUMBERED)), default=-1)  # "the second as that big wave"
    span = range(number + 1, span.stop) if -1 < number < span.stop - 1 else span
    raw = " ".join(items[at].raw for at in span)
    mention = Item(
        text=raw, raw=raw, mention=Mention(grade=entry.grade, styles=entry.styles, raw=raw, is_described=True)
    )
    return replace(sentence, items=(*items[: span.start], mention, *items[span.stop :]))


def _forms(items: Sequence[Item]) -> Iterator[range]:
    """Yield the indices of the items that describe a painting: "the one with …", "the … one"."""
    for at, item in enumerate(items):
        if item.has("described"):
            yield range(at, min(bounds.behind(items, at, _is_end), at + 1 + _BEHIND))
        elif item.has("described_end"):
            start = bounds.before(items, at, lambda one: _is_end(one) or _is_start(one))
            is_led = start < at and (
                (bool(start) and _is_start(items[start - 1])) or item.raw[0] >= FIRST_CJK
            )
            if is_led and at - start <= _BEFORE:
                yield range(start, _end(items, at))


def _end(items: Sequence[Item], at: int) -> int:
    """Return the index behind a description whose noun is at `at`.

    It goes on after a genitive or “with”: "that guy's sky", "the guy with the ear".
    """
    goes_on = items[at].raw.endswith(("'s", "’s")) or any(item.has("with") for item in items[at + 1 : at + 2])
    if not goes_on:
        return at + 1
    return min(bounds.behind(items, at, _is_end), at + 1 + _BEHIND)


def _is_end(item: Item) -> bool:
    is_named = item.mention is not None and item.mention.grade > Grade.WORD
    return item.is_mark or is_named or item.has(*_ENDS)


def _is_start(item: Item) -> bool:
    return item.has("article", "cue", "style_of", "make", "want") and item.raw[0] < FIRST_CJK
