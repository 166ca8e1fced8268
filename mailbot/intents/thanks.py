"""Recognise mails that only say thank you, which the bot does not answer.

An answer would be cold ("I found no photo"), and thanks for thanks have no end. The words are a closed list
without those that ask for something: "thanks, another one please" is answered.
"""

from __future__ import annotations

from mailbot.intents.line import read_line
from mailbot.intents.style_matching import words
from mailbot.parsing.parse import StyleRequest

#: Characters up to which a text is thanks and no letter.
_SHORT = 200
_THANKS = frozenset(
    words(
        """thanks thank thankyou thx ty tysm cheers danke dankeschön dankschön vielen merci
        gracias grazie mille obrigado obrigada bedankt dank tack tak takk kiitos
        dziękuję dzięki děkuji díky спасибо благодарю дякую ευχαριστώ teşekkürler ありがとう
        ありがとうございます 谢谢 謝謝 감사합니다 love lovely great perfect awesome beautiful wow bravo
        super toll klasse wunderschön wunderbar génial magnifique superbe genial
        bellissimo bello hermoso prachtig mooi"""
    )
)
#: Words beside them.
_BESIDE = frozenset(
    words(
        """you so very much a lot many this that it its is i we the all for really
        absolutely oh hi hello dear bot painter painting picture amazing wonderful
        gorgeous fantastic brilliant stunning nice cool good job work best regards kind
        sehr schön das ist dir ihnen wirklich beaucoup très beau c'est muchas muy molto
        tante wel muito mycket большое bardzo çok jag har så fint"""
    )
)


def is_thanks(request: StyleRequest) -> bool:
    """Tell whether a reply without a photo holds only thanks, praise and a name."""
    if request.images or request.unsupported or not request.references:
        return False
    if len(request.text) > _SHORT or "?" in request.text:
        return False
    subject = read_line(request.subject)
    said = (*words(request.text), *(() if subject.is_reply else subject.words))
    if not said:  # a heart, a thumb
        return any(not character.isascii() for character in request.text)
    return not _THANKS.isdisjoint(said) and _THANKS.union(_BESIDE, words(request.name)).issuperset(said)
