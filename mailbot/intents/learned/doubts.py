"""Doubt whether a mail wishes the style that it names: "The lady with the hat" above a story of a tram.

doubted  the words that may name a style by chance

No grammar tells such a caption from a wish. The style is painted, and the answer says what it was taken from.
"""

from __future__ import annotations

from collections.abc import Sequence

from mailbot.intents.learned.wish_model import candidates, in_order, logits
from mailbot.intents.mentions.evidence import WeighedSentence

#: Logit of the learned model under which a mention is doubtful. Of 5,312 wishes in the tables of asks the
#: answer doubts 20, and 23 of the 51 mentions that are painted by chance.
DOUBT = 0.3
#: Unknown words of a mail from which it tells a story.
_STORY = 4
#: Kinds of words that ask for something.
_ASKING = ("ask", "want", "make", "style_of", "decided", "fit", "instead")


def doubted(groups: Sequence[Sequence[WeighedSentence]], deciding: Sequence[WeighedSentence]) -> str:
    """Return the words that the `deciding` sentences of a mail take its style from, "" without a doubt."""
    mail = in_order(groups)
    if not deciding or sum(one.sentence.unknown for one in mail) < _STORY:
        return ""
    meant = {style for one in deciding for at in one.named for style in one.sentence.styles_at(at)}
    if any(_asks(one, meant) for one in mail):
        return ""
    found = logits(mail, candidates(mail))
    likely = [logit for at, logit in found.items() if any(mail[at] is one for one in deciding)]
    if not likely or max(likely) >= DOUBT:
        return ""
    first = deciding[0]
    return first.sentence.items[first.named[0]].raw


def _asks(one: WeighedSentence, meant: set[str]) -> bool:
    """Tell whether a sentence asks for something and names one of the styles that are meant."""
    return not one.sentence.kinds.isdisjoint(_ASKING) and any(
        meant.intersection(one.sentence.styles_at(at)) for at in one.scores
    )
