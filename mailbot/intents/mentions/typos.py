"""Find misspelt names of styles in sentences that name none.

Only short sentences are searched, and in longer ones the words behind a request: "sarry nite please",
"could you do it in the gret wave?". Words that the lexicon knows are no typos by themselves.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from mailbot.intents.catalogue import Catalogue, Grade, NamedStyles
from mailbot.intents.mentions.evidence import WeighedSentence, weigh_sentence
from mailbot.intents.sentence import Item, Mention, Sentence
from styles.language.tokens import words

#: Words up to which a whole sentence is searched, and the words of a misspelt name.
_SHORT, _LONGEST = 8, 5
#: Words up to which a sentence describes a painting.
_LONGEST_DESCRIPTION = 18
#: Kinds behind which a longer sentence is searched.
_LEADS = ("cue", "style_of", "want", "make")


def with_description(sentence: Sentence, catalogue: Catalogue) -> Sentence:
    """Return a sentence that names no style with the one that it describes: "he who screams on a bridge"."""
    items = sentence.items
    if sentence.where != "text" or len(sentence.words) > _LONGEST_DESCRIPTION:
        return sentence
    if any(item.mention and item.mention.grade > Grade.WORD for item in items):
        return sentence
    said = [word for item in sentence.words for word in words(item.raw)]
    entry = catalogue.described(said)
    told = [
        at for at, item in enumerate(items) if entry and catalogue.tells(entry.styles[0], words(item.raw))
    ]
    if not (entry and told):
        return sentence
    raw = " ".join(item.raw for item in items[told[0] : told[-1] + 1])
    mention = Item(
        text=raw, raw=raw, mention=Mention(grade=entry.grade, styles=entry.styles, raw=raw, is_described=True)
    )
    return replace(sentence, items=(*items[: told[0]], mention, *items[told[-1] + 1 :]))


def with_typo(sentence: Sentence, catalogue: Catalogue) -> Sentence:
    """Return the sentence with its misspelt names as mentions."""
    items = list(sentence.items)
    is_short = len(sentence.words) <= _SHORT
    at = 0
    while at < len(items):
        if not (is_short or _is_led(items, at)):
            at += 1
        elif found := _longest(items, at, catalogue):
            end, entry = found
            raw = " ".join(item.raw for item in items[at:end])
            mention = Mention(grade=Grade.TYPO, styles=entry.styles, raw=raw)
            items[at:end] = [Item(text=raw, raw=raw, mention=mention)]
        at += 1
    return replace(sentence, items=tuple(items))


def _is_led(items: list[Item], at: int) -> bool:
    while at and items[at - 1].has("article") and not items[at - 1].has(*_LEADS):
        at -= 1
    return bool(at) and items[at - 1].has(*_LEADS)


def _longest(items: list[Item], at: int, catalogue: Catalogue) -> tuple[int, NamedStyles] | None:
    """Return the end and the styles of the longest misspelt name that begins at an item."""
    window: list[Item] = []
    for item in items[at : at + _LONGEST]:
        if item.is_mark or (item.mention and item.mention.styles and item.mention.grade > Grade.WORD):
            break
        window.append(item)
    for length in range(len(window), 0, -1):
        part = window[:length]
        is_other = length > 1 and any(item.is_elsewhere for item in part)  # "mosaik" alone is "mosaic"
        is_said = is_other or _is_edge(part[0]) or _is_edge(part[-1])
        is_name = not is_said and any((i.is_unknown and not i.kinds) or i.is_elsewhere for i in part)
        if is_name and (entry := catalogue.typo(" ".join(item.text for item in part).split())):
            return at + length, entry
    return None


def _is_edge(item: Item) -> bool:
    """Tell whether a word cannot begin or end a misspelt name."""
    return item.has("courtesy", "ask", "cue", "and", "or", "with", "not", "instead")


def described_or_misspelt(sentence: Sentence, catalogue: Catalogue) -> Sentence:
    """Return a sentence with the style that it describes, else with its misspelt names."""
    described = with_description(sentence, catalogue)
    return with_typo(sentence, catalogue) if described is sentence else described


def with_more(one: WeighedSentence, catalogue: Catalogue, extra: float) -> WeighedSentence:
    """Return a short sentence that names a style with the misspelt ones beside it."""
    sentence = _with_sized(one.sentence, catalogue)
    one = one if sentence is one.sentence else weigh_sentence(sentence, extra)
    if not (one.named and one.sentence.unknown and len(one.sentence.words) <= _SHORT):
        return one
    spelt = weigh_sentence(with_typo(one.sentence, catalogue), extra)
    return spelt if len(spelt.named) > len(one.named) else one


def _with_sized(sentence: Sentence, catalogue: Catalogue) -> Sentence:
    """Return a sentence in which a size is a misspelt word of the title behind it: "la grand vague"."""
    items = list(sentence.items)
    for at, (size, named) in reversed([*enumerate(pairwise(items))]):
        if not (size.has("size") and not size.mention and named.mention and named.mention.styles):
            continue
        raw = f"{size.raw} {named.raw}"
        entry = catalogue.typo(words(raw))
        if entry and entry.styles == named.mention.styles:
            mention = replace(named.mention, raw=raw)
            items[at : at + 2] = [Item(text=raw, raw=raw, mention=mention)]
    return sentence if len(items) == len(sentence.items) else replace(sentence, items=tuple(items))
