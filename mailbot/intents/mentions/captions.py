"""Recognize captions, which name a style by chance: "Leo and his first wave", "Granny and the scream"."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from mailbot.intents.details import bounds
from mailbot.intents.names.name_index import Grade
from mailbot.intents.sentence import FIRST_CJK, NUMBERED, Item, Sentence
from styles.language.tokens import key
from styles.language.word_rows import reply

#: Points, as those of `evidence.py`.
A_CAPTION = -4.0  #: "Lego", with nothing for it before; "his first wave"
A_FIRST_NAME = -12.0  #: "Ecco Leonardo e Raffaello al mare"
#: Letters of the shortest "this"; "la" is an article.
_THIS = 4
#: Words of the longest caption, and those behind a title from its "of" on.
_CAPTION, _OF = 7, 2
#: Words by which somebody stands in a scene; "in starry night" is a wish.
_IN_THE = (" in the", " im", " dans le", " dans la", "en el", "en la", " nel", " nella", " no", " na")
#: What ends a word that is told of.
_IS = ("'s", "’s")
#: Kinds of words before "I'm": "hello, and I am Turner".
_BEFORE_NAME = ("and", "courtesy")
#: Kinds of words that no caption holds.
_OF_REQUESTS = ("ask", "want", "make", "percent", "strength")
#: Kinds of words by which a first name is that of a painter: "Leonardo, please".
_OF_NAMES = (*_OF_REQUESTS, "courtesy", "style_of", "after", "in_style", "fit", "likes", "instead", "paint")


def as_caption(sentence: Sentence, at: int) -> float:
    """Return the evidence against a mention that a caption holds by chance."""
    is_told = _is_of_life(sentence, at) or _is_shown(sentence, at) or _is_owned(sentence, at)
    return A_FIRST_NAME if _is_given_name(sentence, at) else A_CAPTION * is_told


def _is_owned(sentence: Sentence, at: int) -> bool:
    """Tell whether a technique is somebody's, where nothing is asked: "mi pastel de cumpleaños"."""
    is_own = at > 0 and sentence.items[at - 1].has("own")
    return is_own and sentence.items[at].is_elsewhere and sentence.kinds.isdisjoint(_OF_REQUESTS)


def _is_shown(sentence: Sentence, at: int) -> bool:
    """Tell whether a sentence begins with a thing of the photo, and tells of it: "Esta ola casi nos tira"."""
    items, mention = sentence.items, sentence.items[at].mention
    is_title = mention is not None and not mention.is_artist
    lead = items[0].raw if at == 1 and items[0].has("photo", "these") else ""
    is_this = len(lead) >= _THIS or lead >= FIRST_CJK
    is_tale = any(one.is_unknown for one in items[at + 1 :])
    return is_title and is_this and is_tale and not any(item.has(*_OF_NAMES) for item in items[1:])


def _is_of_life(sentence: Sentence, at: int) -> bool:
    """Tell whether a sentence asks for nothing, and tells of a first or last wave, or of Leo and a wave."""
    items = sentence.items
    mention = items[at].mention
    if mention and mention.grade is Grade.WORD and items[at].raw.endswith(_IS):
        return True  # "Wheat's in!"
    styles = [other for other in sentence.mentions if sentence.styles_at(other)]
    if not sentence.kinds.isdisjoint(_OF_REQUESTS) or len(styles) > 1:
        return False
    numbers = [item for item in items if item.has(*NUMBERED)]
    if at and numbers[:1] == [items[at - 1]] and numbers[0].has("first", "last"):
        return not any(map(str.isdigit, numbers[0].raw))
    lead = [item for item in items[:at] if item.has("and") or not item.has("article", "statement")]
    is_joined = len(lead) == 2 and lead[1].has("and") and all(item.is_mark for item in items[at + 1 :])
    return is_joined and (lead[0].is_unknown or lead[0].has("caption")) and lead[0].raw[:1].isupper()


def _is_given_name(sentence: Sentence, at: int) -> bool:
    """Tell whether a painter's first name is somebody's in the photo: "Ecco Leonardo e Raffaello al mare"."""
    items, item = sentence.items, sentence.items[at]
    lead = next((one for one in reversed(items[:at]) if not one.has("article")), None)
    asking = (one for one in items if not one.has("article") and not _is_at(one))  # "a", by Portuguese
    is_asked = any(one.has(*_OF_NAMES) for one in asking) or (lead is not None and lead.has("cue"))
    return item.is_elsewhere and item.has("given_name") and len(sentence.words) > 1 and not is_asked


def is_scene(sentence: Sentence, named: Sequence[int]) -> bool:
    """Tell whether a short sentence may be a caption: "The kids in the wheat field", "Le cri du bébé".

    Somebody stands in the scene of a title, it is theirs, or it has a place: "Wheat field behind our house".
    "Our dog in the wave" is a wish.
    """
    items = sentence.words
    if len(named) != 1 or len(items) > _CAPTION:
        return False
    at = items.index(sentence.items[named[0]])
    if _is_placed(items, at):
        return True
    if any(item.has("own", *_OF_NAMES) for item in items):
        return False
    lead, behind = _bare(items[:at]), _bare(items[at + 1 :])
    is_in = at > 1 and " ".join(item.text for item in items[at - 2 : at]).endswith(_IN_THE)
    is_in = is_in and len(lead) == 1 and _is_somebody(lead[0]) and not behind and items[0].has("article")
    is_of = len(items) > at + _OF and items[at + 1].has("of", "article")
    return is_in or (is_of and not lead and len(behind) == 1 and _is_somebody(behind[0]))


def _is_placed(items: Sequence[Item], at: int) -> bool:
    """Tell whether a place is beside a title: "Wheat field behind our house", "湖の星月夜"."""
    mention = items[at].mention
    behind = [item for item in items[at + 1 :] if item.has("place", "cue") or not item.has("article")]
    if mention is None or mention.is_artist:
        return False
    if not behind and items[at].raw >= FIRST_CJK:
        return any(item.has("place", "rest") for item in items[:at]) and not _is_wish(items[:at])
    is_led = all(item.has("article") for item in items[:at])
    is_place = len(behind) > 1 and (behind[0].has("place") or _is_in_scene(behind[0], behind[1]))
    return is_led and is_place and not behind[1].is_number and not _is_wish(behind[_OF:])


def _is_in_scene(lead: Item, behind: Item) -> bool:
    """Tell whether two words are an "in" and a thing of photos: "na praia", "sul lago"."""
    is_in = lead.has("cue") and not lead.has("with", "of", "for", "equal", "times")
    return is_in and behind.has("venue", "being", "caption") and not behind.mention


def _is_wish(items: Sequence[Item]) -> bool:
    return any(item.has("size", "photo", *_OF_NAMES) and not item.has("place", "article") for item in items)


def _bare(items: Sequence[Item]) -> list[Item]:
    return [item for item in items if not item.has("article", "cue", "of", "filler")]


def _is_somebody(item: Item) -> bool:
    return item.has("being", "caption") and not item.mention


def _is_at(item: Item) -> bool:
    """Tell whether a Japanese particle says where or how: "海で"."""
    return item.raw >= FIRST_CJK and len(item.raw) == 1 and item.has("filler")


def is_put_on(sentence: Sentence, at: int, behind: Sequence[Item]) -> bool:
    """Tell whether a brief mail puts a style on somebody, or a painter's on a thing of the sender.

    "L'urlo sul portiere", "mondrian no meu predio".
    """
    mention, first = sentence.items[at].mention, behind[0]
    is_brief = len(sentence.words) <= _CAPTION and "letter" not in sentence.kinds
    is_first = all(item.has("article") for item in sentence.items[:at])
    if mention is None or not (is_brief and is_first and first.has("cue")) or first.has("of", "with"):
        return False
    is_somebody = any(item.has("being") for item in behind[1:]) and not first.has("place")
    return is_somebody or (mention.is_artist and any(item.has("own") for item in behind[1:]))


def is_introduced(sentence: Sentence, at: int) -> bool:
    """Tell whether a painter's name is that of somebody in the photo: "this is Munch, the laziest cat"."""
    mention = sentence.items[at].mention
    behind = sentence.items[at + 1 : at + 5]
    if mention is None or not (mention.is_artist or not mention.styles) or len(behind) <= 1:
        return False
    is_led = behind[0].text == "," and behind[1].has("article", "own")
    is_told = is_led and any(one.has("caption") for one in behind[2:])
    return is_told and sentence.kinds.isdisjoint(("ask", "make", "want"))


def says_own_name(sentence: Sentence, at: int) -> bool:
    """Tell whether a clause says nothing before a name but "my name is", or before its end but "です"."""
    items = sentence.items
    mention = items[at].mention
    if mention is None:
        return False
    clause = [one for one in items[bounds.before(items, at) : at] if not one.has(*_BEFORE_NAME)]
    lead = "".join(one.text for one in clause).replace(" ", "")
    after = items[at + 1].text if at + 1 < len(items) else ""
    if not lead or lead in _row("own_name_lead"):  # "私はムンクです", not "私は叫びがいい"
        return mention.is_artist and after in _row("own_name_end")
    return (mention.is_artist or items[at].raw[0] >= FIRST_CJK) and lead in _row("own_name")


@cache
def _row(name: str) -> frozenset[str]:
    """Return the phrases of a row, folded and without spaces."""
    return frozenset(key(phrase).replace(" ", "") for phrase in reply(name))
