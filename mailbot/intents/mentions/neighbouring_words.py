"""Weigh the words on both sides of a mention.

words_before  the evidence of the words before it: "in the style of …", "on a …"
words_behind  that of the words behind it: "… please", "… contract"
preferred     that of a liked artist, and of a second choice
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mailbot.intents.mentions.captions import is_introduced, is_put_on
from mailbot.intents.names.name_index import Grade
from mailbot.intents.sentence import Item, Mention, Sentence

#: Points for and against, as those of `evidence.py`.
STYLE_OF = 5.0  #: "in the style of …"
WANTED = 4.0  #: directly behind a request or a verb of making: "do kandinsky"
ASKED_BEFORE = 2.0  #: directly behind a "please"
DECIDED = 8.0  #: directly behind a decision: "the committee has settled on kandinsky"
CUE = 1.1  #: directly behind "in", "as", "like"
CUE_OF_REQUEST = 3.0  #: that, behind a request or a verb of making: "paint this as …"
MADE = 2.0  #: that, behind a verb of making that is wanted: "I'd love to see her turned into …"
CUE_OF_PHOTO = 1.0  #: that, behind a word for the photo: "my dog as …"
AFTER = 2.0  #: "… style", "… version"
ASKED_AFTER = 3.0  #: "… please", "… is what I want"
LIMITED = 2.5  #: it begins the sentence with a "but" behind it: "starry night but 30 percent"
FIRST = 1.0  #: the sentence begins with it
PLACE = -3.0  #: "on a starry night"
A_THING = -2.0  #: "a great wave", with nothing for it before the article
NOUN_BEHIND = -2.0  #: "Turner contract"
OF_BEHIND = -3.0  #: "a wave of relief"
PLACE_BEHIND = -2.5  #: "starry night at the lake"
EXCLAIMED = -4.0  #: "what a starry night"
NAMESAKE = -3.0  #: "my dog Picasso"
FOR = 1.0  #: "fauvism for granny"
FOR_FIRST = 3.5  #: that, as the first words: "great wave for this pic of my dog swimming?"
COLON = 2.0  #: "style: wave", "dog: udnie"
A_BIT = 3.0  #: "just a little bit of Kandinsky on my cat"
INSTEAD = 2.0  #: "the same, but kandinsky", "the wheat field instead"
LIKED = 4.5  #: "I am fond of Turner"
FALLBACK = 4.0  #: "Dali, or if you don't have him, Munch"
FIT = 2.0  #: "… would be perfect"
#: Items between a style and what is said about it.
_NEAR = 4
#: Unknown words up to which "de" leads to the photo or the painter, and words of a sentence that is a tale.
_FEW, _LONG = 2, 14
#: Kinds of words that ask for something.
ASKING = ("ask", "want", "make")


def words_before(sentence: Sentence, at: int) -> float:  # noqa: PLR0911 - a return a row
    """Return the evidence of the words before a mention."""
    items = sentence.items
    first = at
    while first and _is_skipped(items, first - 1):
        first -= 1
    before = items[:first]
    article = bool(first < at)
    mention = items[at].mention
    is_artist = mention is not None and mention.is_artist
    is_form = len(sentence.words) < _LONG and any(item.has("described") for item in items[first:at])
    if not is_artist and is_form:
        return WANTED  # "dice que el de la señora del sombrero"
    if not before:
        is_led = at + 1 < len(items) and items[at + 1].has("limit")
        return (
            0.0 if article and items[at - 1].has("place") else FIRST + LIMITED * is_led
        )  # "una notte stellata"
    last = _lead(before)
    is_relative = last.has("exclaim") and len(before) > 1 and before[-2].has("article")  # "el que grita"
    if (last.has("exclaim") and not is_relative) or any(item.has("exclaim") for item in items[first:at]):
        return EXCLAIMED
    if last.has("caption") and mention and (mention.is_artist or not mention.styles):
        is_own = len(before) > 1 and before[-2].has("own") and "ask" not in sentence.kinds
        return 2 * NAMESAKE if is_own else NAMESAKE
    said = [item for item in before[-3:-1] if item.text != ","]  # "ce qu'il me faut, c'est un Turner"
    is_what = last.has("statement") and bool(said) and said[-1].has("want")
    is_turn = is_artist and last.has("copula", "statement") and bool(said) and said[-1].has("now")
    points = WANTED if is_what or is_turn else _of_lead(before, items[first:at], mention)
    if points:  # "what I would like is the Turner", "today it's Kandinsky"
        return points
    is_scene = mention is not None and mention.is_described and sentence.kinds.isdisjoint(ASKING)
    if last.has("place") and (is_scene or not last.has("cue")):
        return PLACE  # "au café toute la nuit"
    if last.text == "to" and not any(item.has("make") for item in before):
        return PLACE  # "I want my house to scream"
    if last.has("cue", "after"):
        earlier = before[:-1]
        if last.has("with", "of") and earlier and (earlier[-1].is_unknown or earlier[-1].has("letter")):
            return CUE  # "the mug with the great wave"
        score = CUE + CUE_OF_REQUEST * any(item.has(*ASKING) for item in earlier)
        is_made = bool(earlier) and earlier[-1].has("paint") and any(i.has("want") for i in earlier[:-1])
        score += MADE * is_made
        return score + CUE_OF_PHOTO * bool(earlier and earlier[-1].has("photo"))
    if last.text == ":":
        return COLON
    if last.has("instead"):
        return INSTEAD
    is_thing = mention and mention.grade in (Grade.NAME, Grade.WORD) and article
    return A_THING * (bool(is_thing) and last.is_unknown)


def _of_lead(before: Sequence[Item], articles: Sequence[Item], mention: Mention | None) -> float:
    """Return the evidence of a word that asks for what is behind it and its articles."""
    item = _lead(before)
    is_name = mention is not None and mention.grade > Grade.WORD
    if mention is not None and mention.grade is Grade.WORD and item.has("edits") and not item.has("make"):
        return 2 * A_THING  # "put a hat on him"
    is_of = any(one.has("of") for one in (item, *articles))
    if is_name and is_of and any(one.has("amounts") for one in before) and all(map(_is_bit, before)):
        return A_BIT
    rows = (("decided", DECIDED), ("style_of", STYLE_OF), ("want", WANTED), ("make", WANTED), ("mix", WANTED))
    points = next((points for kind, points in rows if item.has(kind)), 0.0)
    is_asked = item.has("ask") and not item.has("filler") and mention is not None and bool(mention.styles)
    return points or ASKED_BEFORE * is_asked


def _is_bit(item: Item) -> bool:
    """Tell whether an item stands before a style of which only a bit is wished: "un poquito nada más de"."""
    return item.has("amounts", "article", "only", "of", "filler", "single") and not item.has("letter")


def _lead(before: Sequence[Item]) -> Item:
    """Return the word before a mention, or that before an aside: "we agreed, by acclamation, on the wave"."""
    comma = next(
        (at for at in range(len(before) - 2, max(0, len(before) - 2 - _NEAR), -1) if before[at].text == ","),
        0,
    )
    is_aside = before[-1].text == "," and comma and before[comma - 1].has("want", "make", "style_of")
    return before[comma - 1] if is_aside else before[-1]


def _is_skipped(items: Sequence[Item], at: int) -> bool:
    """Tell whether a word can stand between a request and its style: an article, an artist, an adjective."""
    item = items[at]
    if item.has("person_title") and (named := items[at + 1].mention):
        return named.is_artist  # "as seen by Mr Léger"
    if item.is_unknown:  # "use that pinkish purple Picabia"
        first = at - 1 if at and items[at - 1].is_unknown else at
        lead = items[first - 2] if first > 1 and items[first - 1].has("article") else None
        return lead is not None and lead.has("cue", "make", "want") and not lead.has("article")
    if at and item.has("again") and items[at - 1].has("cue"):
        return True  # "redo it with the same fauvist style"
    if at and item.has("caption") and items[at - 1].has("article") and items[at + 1].has("article"):
        return True  # "I'd like to give my wife the starry night"
    return (item.has("article") and not item.has("style_of", "want", "make")) or bool(item.mention)


def words_behind(sentence: Sentence, at: int) -> float:  # noqa: PLR0911 - a return a row
    """Return the evidence of the words behind a mention."""
    behind = list(_next(sentence.items, at, 3))
    if not behind:
        return 0.0
    first = behind[0]
    after = sentence.items[at + 1]
    is_next = after is first or (after.has("now") and sentence.items[at + 2 : at + 3] == (first,))
    is_in_brackets = sentence.items[at + 1].text == "(" and first.has("own")
    if is_in_brackets and any(item.has("caption") for item in behind):
        return 2 * NAMESAKE  # "Turner (my nephew) on his first bike"
    if is_introduced(sentence, at):
        return 2 * NAMESAKE
    if first.has("after"):
        return AFTER
    if sentence.items[at + 1].has("instead") and (first.is_mark or len(behind) == 1):
        return INSTEAD
    is_fit = first.has("fit") or (first.has("filler") and any(item.has("fit") for item in behind[1:2]))
    if is_fit and is_next:
        return FIT  # "Turner would be perfect", "Hokusai wär doch passend"
    mention = sentence.items[at].mention
    rest = [item for item in behind[1:] if not item.has("article") or item.has("caption")]
    is_thing = bool(rest) and _is_noun(rest[0]) and not rest[0].has("hue")  # "scream in red"
    is_of = first.has("of") and (sentence.unknown > _FEW or not first.has("for"))  # "la nuit de Vincent"
    if is_of and is_thing and mention and (mention.styles or mention.movement == "things"):
        return OF_BEHIND  # but "oil painting of my parents' house" is a request
    clause = sentence.clause(at)
    is_led = at != next(sentence.mentions) and not clause[0].has(
        "and"
    )  # "the wave for Leo, the cafe for Ana"
    if first.has("for") and is_next and (at == next(sentence.mentions) or is_led):
        start = clause[: next(n for n, item in enumerate(clause) if item is sentence.items[at])]
        is_first = all(item.has("article", "courtesy") or item.is_mark for item in start)
        return FOR_FIRST if is_first and not first.has("of") else FOR
    is_elsewhere = mention is not None and not mention.styles and "ask" in sentence.kinds
    is_free = is_elsewhere or _is_adjective(sentence, at)
    if is_next and _is_noun(first) and first.raw.isascii() and not is_free:
        return NOUN_BEHIND
    if any(item.has("ask", "want") for item in behind[:2]):
        return DECIDED if any(item.has("decided") for item in behind[:2]) else ASKED_AFTER
    if first.has("of") and any(item.has("after", "in_style") and not item.has("of") for item in behind[2:3]):
        return AFTER  # "レジェの円筒っぽい感じで"
    if is_next and first.has("make", "paint") and "ask" in sentence.kinds:
        return ASKED_AFTER  # "könnt ihr sie als Frau mit Hut malen?"
    is_number = at + 2 < len(sentence.items) and sentence.items[at + 2].is_number
    is_place = first.has("place") and not is_number
    is_place = is_place or (is_thing and first.has("cue") and not first.has("with"))
    is_place = is_place or (is_thing and first.has("article") and not first.has("photo"))
    return PLACE_BEHIND if is_place and is_next and not is_put_on(sentence, at, behind) else 0.0


def _is_adjective(sentence: Sentence, at: int) -> bool:
    """Tell whether a request has a thing in a style: "redo it with a fauvist lady", "as a Turner storm"."""
    mention = sentence.items[at].mention
    if mention is None or "letter" in sentence.kinds or sentence.kinds.isdisjoint(("ask", "want")):
        return False
    lead = next((item for item in reversed(sentence.items[:at]) if not item.has("article")), None)
    is_led = (
        lead is not None and lead.has("cue") and not lead.has("place", "of", "with") and lead.text != "to"
    )
    return mention.grade is Grade.TAG or (mention.is_artist and is_led)


def _is_noun(item: Item) -> bool:
    """Tell whether a word is a thing, described by the style before it: "Turner contract"."""
    return item.is_unknown or (item.has("letter", "caption") and not item.has("filler"))


def _next(items: Sequence[Item], at: int, count: int) -> Iterator[Item]:
    """Yield the next words behind a mention; marks, options and other mentions are left out."""
    for item in items[at + 1 :]:
        if not (
            item.is_mark or item.is_number or item.mention or item.has("strength", "size", "instead", "now")
        ):
            yield item
            count -= 1
            if not count:
                return


def preferred(sentence: Sentence, at: int) -> float:
    """Return the evidence of a liked artist, and of a second choice."""
    items = sentence.items
    mention = items[at].mention
    near = [*items[max(0, at - _NEAR) : at], *items[at + 1 : at + 1 + _NEAR]]
    is_liked = mention and mention.is_artist and any(item.has("likes") for item in near)
    is_second = any(item.has("fallback") for item in items[max(0, at - _NEAR) : at])
    return LIKED * bool(is_liked) + FALLBACK * is_second
