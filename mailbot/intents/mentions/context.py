"""Weigh what the rest of a mail says for a mention: a brief mail is a request rather than a story.

brevity    the evidence of a mail that holds little else
requests   whether a sentence asks for something to be made
extra_of   what each sentence has by its mail
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise, takewhile

from mailbot.intents.mentions.anaphora import asks_alike, asks_for_painting, is_unambiguous
from mailbot.intents.mentions.corrections import is_recanted, is_thought_of
from mailbot.intents.mentions.evidence import CHOICE, THAT
from mailbot.intents.mentions.neighbouring_words import ASKING
from mailbot.intents.mentions.refusals import refused
from mailbot.intents.names.name_index import Grade
from mailbot.intents.sentence import NUMBERED, Sentence
from mailbot.intents.stories.choices import is_choice

#: Points, as those of `evidence.py`.
MEANT = 9.0  #: another sentence means the only style: "we did Mondrian. Can you paint me like that?"
ANY = 12.0  #: another sentence asks for any painting of the only artist: "Any of his will do"
ANY_ARTIST = 3.0  #: another sentence leaves to the bot which of an artist's: "Anything by Munch. Your pick"
EACH = 4.5  #: it names as many styles as there are photos, and more than one
TURNED = 6.0  #: the style before it was only thought of: "I nearly took the wave. In the end Turner won"
TRUSTED = 6.0  #: the next sentence agrees with who wants it: "My daughter says the night café. I trust her"
LEFT = -4.0  #: another sentence leaves the style to the bot: "paint it however you like"
PREFERRED = 9.0  #: in a reply somebody likes it better: "My flatmate thinks Léger suits it better"
REQUESTED = 1.0  #: another sentence asks for something to be made: "Would you do our boat?"
BRIEF = ((12, 2.0), (25, 1.0))  #: words up to which a mail is brief, and less for each word of a story
#: Words of a text beside which a subject is still all that the mail says: "thanks", "Jane".
_FEW = 3
#: Words of a text in which a style that was only thought of makes the next one a request.
_TURNING, _TWO = 60, 2
#: Items among which a sentence names the photo, or the thing in it, that its style is for.
_LEAD = 5
#: Items behind a style among which it is said to be better.
_NEAR = 4


def brevity(sentences: Sequence[Sentence]) -> float:
    """Return the evidence of a mail that holds little else: a story takes more words than a request."""
    count = sum(len(sentence.words) for sentence in sentences)
    points = next((points for most, points in BRIEF if count <= most), 0.0)
    story = sum(item.has("letter") and not item.has(*ASKING) for one in sentences for item in one.items)
    return max(0.0, points - story)


def requests(sentence: Sentence) -> bool:
    """Tell whether a sentence asks for something to be made, and names no style itself."""
    named = any(item.mention for item in sentence.items)
    is_option = not sentence.kinds.isdisjoint(("strength", "strength_word", "size_word", "pixel"))
    is_made = is_option or "make" in sentence.kinds
    return not named and is_made and not sentence.kinds.isdisjoint(("ask", "want"))


def _named(sentence: Sentence) -> int:
    """Return the number of styles that a sentence names, words of titles apart: "van Gogh's café" is one."""
    mentions = (item.mention for item in sentence.items if item.mention)
    named = {frozenset(one.styles) for one in mentions if one.styles and one.grade > Grade.WORD}
    return len([one for one in named if not any(other < one for other in named)])


def _first_styles(sentence: Sentence) -> tuple[str, ...]:
    return next((styles for at in sentence.mentions if (styles := sentence.styles_at(at))), ())


def _is_of_several(sentence: Sentence) -> bool:
    """Tell whether a sentence names a movement or an artist, of whom a painting is left to the bot."""
    return any(len(sentence.styles_at(at)) > 1 for at in sentence.mentions)


def _is_bare(sentence: Sentence) -> bool:
    """Tell whether a sentence says nothing but whose painting is wished: "Anything by Van Gogh"."""
    small = ("article", "any", "cue", "single", "courtesy", "filler")
    return all(item.mention or item.has(*small) for item in sentence.words)


def _is_of_one_photo(sentence: Sentence) -> bool:
    """Tell whether a sentence begins with a photo, or a thing in it: "And the garden as the wave"."""
    lead = sentence.items[: min(_LEAD, next(sentence.mentions, 0))]
    things = [noun for one, noun in pairwise(lead) if one.has("article") and not one.has("own")]
    is_thing = any(noun.is_unknown or noun.has("caption", "letter") for noun in things)
    return is_thing or any(item.has(*NUMBERED) for item in lead)


def _turned_to(text: Sequence[Sentence]) -> Sentence | None:
    """Return the last sentence that names a style, if one before it in a short text was only thought of."""
    naming = [one for one in text if any(map(one.styles_at, one.mentions))]
    if len(naming) < _TWO or sum(len(one.words) for one in text) > _TURNING:
        return None
    *before, last = naming
    is_thought = any(is_thought_of(one) or is_recanted(one) for one in before)
    return last if is_thought and not is_thought_of(last) and not refused(last) else None


def _trusted(text: Sequence[Sentence]) -> list[Sentence]:
    """Return the sentences of which the next one agrees with what somebody says: "I trust her"."""
    return [one for one, after in pairwise(text) if "trust" in after.kinds and not after.has_mention]


def _prefers(sentence: Sentence) -> bool:
    """Tell whether a style is said to be better, and no other one is named: "Léger irait mieux"."""
    at = next((at for at in sentence.mentions if sentence.styles_at(at)), None)
    if at is None or _named(sentence) != 1 or refused(sentence):
        return False
    behind = sentence.items[at + 1 : at + 1 + _NEAR]
    return any(item.has("prefer") for item in takewhile(lambda item: not item.is_mark, behind))


def extra_of(
    sentences: Sequence[Sentence], photos: int = 1, *, is_reply: bool = False
) -> Callable[[Sentence], float]:
    """Return what the rest of a mail adds to the evidence of each sentence; `photos` is their number.

    A mail that `is_reply` is about a painting before.
    """
    title, text = ([one for one in sentences if one.where == where] for where in ("subject", "text"))
    brief = brevity(text)
    is_title_all = sum(len(one.words) + _FEW * one.unknown for one in text) <= _FEW
    is_plain = is_unambiguous([*title, *text])
    asking = [one for one in text if brief and requests(one)]
    is_liked = any("likes" in one.kinds and one.has_mention for one in text)
    alike = [
        one
        for one in text
        if asks_alike(one) or (brief and asks_for_painting(one)) or (is_liked and requests(one))
    ]

    own = [one for one in text if photos > 1 and _named(one) == 1 and _is_of_one_photo(one)]
    own = own if len(own) == len({_first_styles(one) for one in own}) == photos else []
    asked = next((at for at, one in enumerate(text) if asks_alike(one) and not one.has_mention), 0)
    before = [one for one in text[:asked] if one.has_mention][-1:]
    nearest = before[0] if before and is_unambiguous(before) else None
    is_left = any("left" in one.kinds and not one.has_mention for one in text)
    is_chosen = bool(brief) and any("choose" in one.kinds and not one.has_mention for one in text)
    turned, trusted = _turned_to(text), _trusted(text)
    is_any = is_plain and any("any_of" in one.kinds and not one.has_mention for one in text)

    def extra(sentence: Sentence) -> float:
        points = {"text": brief, "subject": brevity(title) * is_title_all}.get(sentence.where, 0.0)
        if is_any and sentence.where == "text" and _is_of_several(sentence):
            return points + ANY
        points += ANY_ARTIST * (is_left and _is_of_several(sentence) and _is_bare(sentence))
        points += CHOICE * (is_chosen and is_choice(sentence))
        points += TURNED * (sentence is turned)
        points += PREFERRED * (is_reply and _prefers(sentence))
        points += TRUSTED * any(one is sentence for one in trusted)
        points += EACH * ((photos > 1 and _named(sentence) == photos) or any(one is sentence for one in own))
        if (
            is_left
            and "left" not in sentence.kinds
            and not refused(sentence)
            and not (_is_of_several(sentence) and ("ask" in sentence.kinds or _is_bare(sentence)))
        ):
            points += LEFT / (1 if sentence.kinds.isdisjoint(("ask", "want")) else 2)
        others = [one for one in asking if one is not sentence]
        is_that = any("that" in one.kinds for one in others)  # "can you turn us into one of his paintings?"
        if any(one is not sentence for one in alike) and (is_plain or sentence is nearest):
            return points + MEANT
        return points + REQUESTED * bool(others) + 2 * THAT * is_that

    return extra
