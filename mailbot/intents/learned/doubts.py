"""Doubt whether a mail wishes the style that it names: "The lady with the hat" above a story of a tram.

doubted    the words that may name a style by chance
mentioned  the words that may wish a style, where the default is painted
is_brief   whether a mail is a brief request

No grammar tells every caption from a wish. So the answer says what the style was taken from, or which one was
not.
"""

from __future__ import annotations

from collections.abc import Sequence

from mailbot.intents.learned.plain_requests import asks_for, begins
from mailbot.intents.learned.wish_model import candidates, in_order, is_title, logits
from mailbot.intents.mentions.captions import is_scene
from mailbot.intents.mentions.evidence import THRESHOLD, WeighedSentence, weigh_sentence
from mailbot.intents.mentions.namesakes import is_apposed_to_being
from mailbot.intents.names.catalogue import echo
from mailbot.intents.names.name_index import Grade
from mailbot.intents.paintings.style_selection import Selection

#: Logit of the learned model under which a mention is doubtful, that of a title above a story, and evidence
#: from which other mentions are sure. Of 304 ordinary asks that were new to it the answer doubts 9, and of
#: 200 letters that wish no style 11 of the 13 that name one by chance.
DOUBT, TITLE, SURE = 0.4, 0.5, 8.0
#: Unknown words of a mail from which it tells a story.
_STORY = 4
#: Kinds of words of a sentence that asks for a painting or says how, and those of a brief request.
_OF_REQUESTS = ("ask", "want", "make", "paint", "style_of", "described", "alike", "that", "fit")
_ORDERS = ("ask", "make", "edits", "mix")
#: Words up to which a mail is brief, and mentions of which an answer tells.
_BRIEF, _MENTIONED = 12, 3


def doubted(
    groups: Sequence[Sequence[WeighedSentence]],
    deciding: Sequence[WeighedSentence],
    selection: Selection | None,
    *,
    is_shouted: bool = False,
) -> str:
    """Return the words that the `deciding` sentences take the only style from, "" without a doubt.

    One that `is_shouted` above a forwarded mail may be about that mail: "The scream!!", of a bill.
    """
    mail = in_order(groups)
    unknown = sum(one.sentence.unknown for one in mail)
    is_one = selection is not None and selection.how in ("one", "each") and not selection.photos
    if not (is_one and deciding):
        return ""
    first = deciding[0]
    words = first.sentence.items[first.named[0]].raw
    is_vague = all(_is_described(one) or _is_word_alone(one) for one in deciding)
    is_said = any(one.sentence.kinds & {"courtesy", *_OF_REQUESTS} for one in deciding)
    is_by_chance = all(map(_is_by_chance, deciding)) or (is_shouted and not is_said)
    if (unknown >= _STORY and is_vague) or is_by_chance:
        return words
    if not unknown:
        return ""
    is_headed = unknown >= _STORY and any(is_title(one.sentence) for one in deciding)
    is_named = any(_grade(one, at) > Grade.WORD for one in deciding for at in one.named)
    if max(one.score for one in deciding) >= SURE and is_named and not is_headed:
        return ""
    meant = {style for one in deciding for at in one.named for style in one.sentence.styles_at(at)}
    is_brief = unknown < _STORY and any(begins(one) or is_title(one.sentence) for one in deciding)
    if is_brief or any(asks_for(one, meant) for one in mail):
        return ""
    found = logits(mail, candidates(mail))
    likely = [logit for at, logit in found.items() if any(mail[at] is one for one in deciding)]
    return words if likely and max(likely) < (TITLE if is_headed else DOUBT) else ""


def _is_described(one: WeighedSentence) -> bool:
    """Tell whether a sentence asks only for what it describes; a photo may show a café at night as well."""
    mentions = (one.sentence.items[at].mention for at in one.named)
    return all(mention is not None and mention.is_described for mention in mentions)


def _is_word_alone(one: WeighedSentence) -> bool:
    """Tell whether a title says one word of a painting's title, or nearly: "Composizione" above a story."""
    return is_title(one.sentence) and all(_grade(one, at) <= Grade.WORD for at in one.named)


def _grade(one: WeighedSentence, at: int) -> Grade:
    """Return how clearly a mention means its style."""
    mention = one.sentence.items[at].mention
    return mention.grade if mention else Grade.TYPO


def _is_by_chance(one: WeighedSentence) -> bool:
    """Tell whether a sentence asks for nothing, and only holds words that a style is taken from.

    It describes what a painting shows ("the storm flooded our boat"), has a word of a title that only the
    learned model takes for a wish, may say what an animal is called ("Our cat, Munch"), or is a caption: "The
    kids in the wheat field".
    """
    sentence = one.sentence
    if is_scene(sentence, one.named):
        return True
    if not sentence.kinds.isdisjoint(_OF_REQUESTS):
        return False
    mentions = [mention for at in one.named if (mention := sentence.items[at].mention)]
    is_word = all(mention.grade is Grade.WORD for mention in mentions)
    return (
        _is_described(one)
        or (is_word and weigh_sentence(sentence).score < THRESHOLD)
        or any(is_apposed_to_being(sentence, at) for at in one.named)
    )


def mentioned(mail: Sequence[WeighedSentence]) -> tuple[str, ...]:
    """Return the words by which a mail may wish a style that it does not ask for clearly, each once."""
    found = ((item.mention, at in one.refused) for one in mail for at, item in enumerate(one.sentence.items))
    raw = (
        mention.raw
        for mention, is_refused in found
        if mention and mention.styles and mention.grade > Grade.WORD and not is_refused
    )
    return tuple(dict.fromkeys(map(echo, raw)))[:_MENTIONED]


def is_brief(mail: Sequence[WeighedSentence]) -> bool:
    """Tell whether a mail asks for something, and is too short for a story, so that it asks the bot."""
    is_asked = any(not one.sentence.kinds.isdisjoint(_ORDERS) for one in mail)
    return is_asked and sum(len(one.sentence.words) for one in mail) <= _BRIEF
