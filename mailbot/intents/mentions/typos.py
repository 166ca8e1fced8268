"""Find misspelt names of styles in sentences that name none.

Only short sentences are searched, and in longer ones the words behind a request: "sarry nite please",
"could you do it in the gret wave?". Words that the lexicon knows are no typos by themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import chain, pairwise

from mailbot.intents.details import bounds
from mailbot.intents.details.misspelt_options import is_plain
from mailbot.intents.details.works import with_work
from mailbot.intents.learned.wish_model import with_learned
from mailbot.intents.mentions.deciding_sentences import all_refused
from mailbot.intents.mentions.described_styles import with_description, with_detail, with_parts, with_told
from mailbot.intents.mentions.evidence import WeighedSentence, weigh_sentence
from mailbot.intents.mentions.namesakes import without_namesakes
from mailbot.intents.mentions.pictured_styles import is_pictured, with_picture
from mailbot.intents.names.catalogue import Catalogue
from mailbot.intents.names.name_index import SHORTEST_TYPO, Grade, NamedStyles
from mailbot.intents.names.name_spellings import phonetic
from mailbot.intents.sentence import FIRST_CJK, ROMAN, Item, Mention, Sentence
from styles.language.lexicon import Lexicon
from styles.language.tokens import words

#: Sentences of a text that are searched for misspelt names.
_SPELT = 12
#: Words up to which a whole sentence is searched, and the words of a misspelt name.
_SHORT, _LONGEST = 8, 5
#: Words of the first clause of a longer sentence, up to which it is searched.
_FEW = 3
#: Kinds behind which a longer sentence is searched.
_LEADS = ("cue", "style_of", "want", "make")


def with_typo(sentence: Sentence, catalogue: Catalogue) -> Sentence:
    """Return the sentence with its misspelt names as mentions."""
    items = list(sentence.items)
    is_short = len(sentence.words) <= _SHORT
    at = 0
    while at < len(items):
        is_searched = is_short or _is_led(items, at) or _is_brief(items, at)
        if is_searched and (found := _longest(items, at, catalogue)):
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


def _is_brief(items: list[Item], at: int) -> bool:
    """Tell whether an item begins a text, with a clause of few words: "Kandinsqui, for the school fair"."""
    end = bounds.behind(items, -1, lambda item: item.is_mark or item.has("for"))
    return at < end <= _FEW


def _longest(items: list[Item], at: int, catalogue: Catalogue) -> tuple[int, NamedStyles] | None:
    """Return the end and the styles of the longest misspelt name that begins at an item."""
    window: list[Item] = []
    for item, after in zip(items[at : at + _LONGEST], [*items[at + 1 :], None], strict=False):
        if after and (after.text == "%" or after.has("percent")):
            break  # "compositon 60%", "Sternennaht 60 Prozent"
        if ROMAN.fullmatch(item.raw) and not catalogue.word(item.text):
            break  # "Composición VIII" is no slip of "Composición VII"
        if item.is_mark or (item.mention and item.mention.styles and item.mention.grade > Grade.WORD):
            break
        window.append(item)
    for length in range(len(window), 0, -1):
        part = window[:length]
        is_other = length > 1 and any(item.is_elsewhere for item in part)  # "mosaik" alone is "mosaic"
        is_said = is_other or _is_edge(part[0]) or _is_edge(part[-1])
        is_name = not is_said and any((i.is_unknown and not i.kinds) or i.is_elsewhere for i in part)
        if is_name and (entry := catalogue.typo(words(" ".join(item.text for item in part)))):
            return at + length, entry
    return None


def _is_edge(item: Item) -> bool:
    """Tell whether a word cannot begin or end a misspelt name."""
    return item.has("courtesy", "ask", "cue", "and", "or", "with", "not", "instead", "for", "before_not")


def described_or_misspelt(sentence: Sentence, catalogue: Catalogue, known: Lexicon) -> Sentence:
    """Return a sentence with the style that it describes, else with its misspelt names."""
    described = with_description(with_detail(sentence, catalogue), catalogue)
    if described is not sentence:
        return _with_sized(described, catalogue)  # "la grande honda"
    elsewhere = _with_elsewhere(sentence, catalogue, known)
    return with_work(with_typo(sentence, catalogue), catalogue) if elsewhere is sentence else elsewhere


def _with_elsewhere(sentence: Sentence, catalogue: Catalogue, known: Lexicon) -> Sentence:
    """Return a short sentence with the misspelt name of a style that the catalogue lacks: "monnet please"."""
    if len(sentence.words) > _SHORT:
        return sentence
    names = _names_elsewhere(tuple(known.elsewhere))
    items = list(sentence.items)
    is_asked = not sentence.kinds.isdisjoint(("ask", "want", "make", "style_of"))
    for at, item in enumerate(items):
        is_other = is_plain(item) and not catalogue.typo((item.text,))
        name = names.get(_heard(item.text), "") if is_other else ""
        if name and (is_asked or _is_led(items, at)):  # "la cara de Pablo" is nobody's style
            mention = Mention(grade=Grade.TYPO, styles=(), raw=item.raw, movement=known.elsewhere[name])
            items[at] = replace(item, mention=mention)
    return sentence if items == list(sentence.items) else replace(sentence, items=tuple(items))


@lru_cache(maxsize=16)
def _names_elsewhere(names: tuple[str, ...]) -> Mapping[str, str]:
    """Return names of one word by how they sound."""
    return {_heard(name): name for name in names if name.isalpha() and len(name) >= SHORTEST_TYPO}


def _heard(name: str) -> str:
    """Return a name as it sounds, without a silent letter at its end: "renoire"."""
    return phonetic(name).rstrip("e")


def with_more(one: WeighedSentence, catalogue: Catalogue, extra: float) -> WeighedSentence:
    """Return a short sentence that names a style with the misspelt ones beside it."""
    sentence = with_parts(with_detail(_with_sized(one.sentence, catalogue), catalogue), catalogue)
    one = one if sentence is one.sentence else weigh_sentence(sentence, extra)
    if not (one.named and one.sentence.unknown and len(one.sentence.words) <= _SHORT):
        return one
    spelt = weigh_sentence(with_typo(one.sentence, catalogue), extra)
    return spelt if len(spelt.named) > len(one.named) else one


def _with_sized(sentence: Sentence, catalogue: Catalogue) -> Sentence:
    """Return a sentence in which a size belongs to the title or the description beside it.

    It is a misspelt word before a title, "la grand vague", or ends a description: "quella col cappello
    enorme".
    """
    items = list(sentence.items)
    fits = catalogue.descriptions.fits
    for at in reversed(range(1, len(items) - 1)):
        named, size = items[at : at + 2]
        is_word = size.has("size") and not size.mention and " " not in size.text
        is_form = is_word and items[at - 1].has("described") and named.mention and named.mention.styles
        if is_form and named.mention and fits(named.mention.styles[0], words(size.raw)):
            raw = f"{named.raw} {size.raw}"
            items[at : at + 2] = [Item(text=raw, raw=raw, mention=replace(named.mention, raw=raw))]
    for at, (size, named) in reversed([*enumerate(pairwise(items))]):
        if not (size.has("size") and not size.mention and named.mention and named.mention.styles):
            continue
        raw = f"{size.raw} {named.raw}"
        entry = catalogue.typo(words(raw))
        is_one_word = size.raw >= FIRST_CJK and fits(named.mention.styles[0], words(size.raw))  # "大海浪"
        if is_one_word or (entry and entry.styles == named.mention.styles):
            mention = replace(named.mention, raw=raw)
            items[at : at + 2] = [Item(text=raw, raw=raw, mention=mention)]
    return sentence if len(items) == len(sentence.items) else replace(sentence, items=tuple(items))


def with_unnamed(
    groups: Sequence[Sequence[Sentence]],
    catalogue: Catalogue,
    known: Lexicon,
    extra_of: Callable[[Sequence[Sentence]], Callable[[Sentence], float]],
) -> list[list[WeighedSentence]]:
    """Weigh the sentences of a mail, with the styles that it describes or misspells.

    In a long mail the learned model adds its evidence. `extra_of` takes all sentences, and says what evidence
    the rest of the mail gives to one.
    """
    weighed, extra = _weighed(groups, extra_of)
    more = [[with_more(one, catalogue, extra(one.sentence)) for one in group] for group in weighed]
    learned = with_learned(without_namesakes(more))
    if _is_named(learned):
        return _with_exact(learned, catalogue, extra)
    told = [
        [
            described_or_misspelt(sentence, catalogue, known) if at < _SPELT else sentence
            for at, sentence in enumerate(group)
        ]
        for group in groups
    ]
    told = [with_told(group, catalogue) for group in told]
    found = with_learned(without_namesakes(_weighed(told, extra_of)[0]))
    if _is_named(found):
        return found
    refused = {
        name for group in found for one in group for at in one.refused for name in one.sentence.styles_at(at)
    }
    pictured = [with_picture(group, catalogue, refused) for group in groups]
    if pictured == groups:
        return found
    seen = with_learned(without_namesakes(_weighed(pictured, extra_of)[0]))
    return seen if any(map(is_pictured, chain.from_iterable(seen))) else found


def _with_exact(
    groups: list[list[WeighedSentence]], catalogue: Catalogue, extra: Callable[[Sentence], float]
) -> list[list[WeighedSentence]]:
    """Return the sentences, with a misspelt title by itself, where others name only its artist.

    "Edtaonisel??" above "the Picabia one".
    """
    named = [one.sentence.styles_at(at) for one in chain.from_iterable(groups) for at in one.named]
    if any(len(styles) == 1 for styles in named):
        return groups
    meant = {name for styles in named for name in styles}

    def spelt(one: WeighedSentence) -> WeighedSentence:
        if one.sentence.has_mention or len(one.sentence.words) > _FEW:
            return one
        found = weigh_sentence(with_typo(one.sentence, catalogue), extra(one.sentence))
        styles = [set(found.sentence.styles_at(at)) for at in found.scores]
        return found if styles and all(each < meant for each in styles) else one

    return [[spelt(one) for one in group] for group in groups]


def _is_named(groups: Sequence[Sequence[WeighedSentence]]) -> bool:
    """Tell whether a mail asks for a style, and does not refuse it elsewhere."""
    every = [*chain.from_iterable(groups)]
    named = {name for one in every for at in one.named for name in one.sentence.styles_at(at)}
    return not named <= all_refused(every)


def _weighed(
    groups: Sequence[Sequence[Sentence]],
    extra_of: Callable[[Sequence[Sentence]], Callable[[Sentence], float]],
) -> tuple[list[list[WeighedSentence]], Callable[[Sentence], float]]:
    """Return the weighed sentences, and the evidence that the mail gives to each."""
    extra = extra_of([sentence for group in groups for sentence in group])
    return [[weigh_sentence(sentence, extra(sentence)) for sentence in group] for group in groups], extra
