"""Doubt whether a mail wishes the style that it names: "The lady with the hat" above a story of a tram.

doubted  the words that may name a style by chance

No grammar tells such a caption from a wish. The style is painted, and the answer says what it was taken from.
"""

from __future__ import annotations

from collections.abc import Sequence

from mailbot.intents.learned.plain_requests import asks_for, begins
from mailbot.intents.learned.wish_model import candidates, in_order, logits
from mailbot.intents.mentions.evidence import WeighedSentence

#: Logit of the learned model under which a mention is doubtful, that of a title above a story, and evidence
#: from which other mentions are sure. Of 7,400 wishes in the tables of asks the answer doubts some 45, and of
#: 125 mentions that are painted by chance 57.
DOUBT, TITLE, SURE = 0.4, 1.5, 8.0
#: Unknown words of a mail from which it tells a story.
_STORY = 4


def doubted(groups: Sequence[Sequence[WeighedSentence]], deciding: Sequence[WeighedSentence]) -> str:
    """Return the words that the `deciding` sentences of a mail take its style from, "" without a doubt."""
    mail = in_order(groups)
    unknown = sum(one.sentence.unknown for one in mail)
    is_title = unknown >= _STORY and any(map(_is_title, deciding))
    if not deciding or not unknown or (max(one.score for one in deciding) >= SURE and not is_title):
        return ""
    meant = {style for one in deciding for at in one.named for style in one.sentence.styles_at(at)}
    is_brief = unknown < _STORY and any(map(begins, deciding))
    if is_brief or any(asks_for(one, meant) for one in mail):
        return ""
    found = logits(mail, candidates(mail))
    likely = [logit for at, logit in found.items() if any(mail[at] is one for one in deciding)]
    if not likely or max(likely) >= (TITLE if is_title else DOUBT):
        return ""
    first = deciding[0]
    return first.sentence.items[first.named[0]].raw


def _is_title(one: WeighedSentence) -> bool:
    """Tell whether a sentence is a subject that is a title, and no artist."""
    words = one.sentence.words
    is_alone = all(item.has("article") or (item.mention and not item.mention.is_artist) for item in words)
    return is_alone and one.sentence.where == "subject"
