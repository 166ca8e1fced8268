"""Define the intents that senders can express, in one table.

    Intent     the meaning of a phrase
    GRAMMAR    for each intent: an example and its effect
    SIZES      the long side of each intent that means a size

The phrases are in `styles/language/words/`, one file for each language. The bot reads mails by both
(`mailbot/intents/mail_intent.py`). A registry refuses names made of these words
(`styles/language/reserved_names.py`): a style called "help" would be painted for everybody who asks for help.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from styles.contract import DEFAULT_SIZE, MAX_SIZE
from styles.translatable import gettext_noop


class Intent(Enum):
    """Name the intents of senders. Values are keys of the word files where a phrase alone has the meaning."""

    STYLE = "style"
    STRENGTH = "strength"
    COLORS = "colors"
    BLEND = "blend"
    EITHER = "either"
    EACH = "each"
    BIG = "big"
    FULL = "full"
    SMALL = "small"
    SURPRISE = "surprise"
    SHEET = "sheet"
    LIST = "list"
    HELP = "help"
    STOP = "stop"
    START = "start"
    DELETE = "delete"

    @classmethod
    def of(cls, key: str) -> Intent | None:
        """Return the intent of a key of the word files, None for an empty one."""
        return cls(key) if key else None


#: Long side for each intent of a size, pixels. `FULL` is as large as the photo, which is never enlarged.
SIZES = {Intent.BIG: 2 * DEFAULT_SIZE, Intent.FULL: MAX_SIZE, Intent.SMALL: DEFAULT_SIZE // 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentRule:
    """Hold one row of the table."""

    intent: Intent
    example: str  #: `{style}` and `{other}` stand for names of styles
    does: str  #: the effect, as the help mail describes it; `{size}` and `{usual}` are pixels
    is_short: bool = False  #: shown in the help mail, which has space for few examples


GRAMMAR = (
    IntentRule(
        intent=Intent.STYLE,
        example=gettext_noop("{style}"),
        does=gettext_noop("your photo, painted in that style"),
        is_short=True,
    ),
    IntentRule(
        intent=Intent.STRENGTH,
        example=gettext_noop("{style} 60%"),
        does=gettext_noop("more of your photo shows through"),
        is_short=True,
    ),
    IntentRule(
        intent=Intent.COLORS,
        example=gettext_noop("{style}, keep the colors"),
        does=gettext_noop("in the colours of your photo"),
        is_short=True,
    ),
    IntentRule(
        intent=Intent.BLEND,
        example=gettext_noop("{style} and {other}"),
        does=gettext_noop("one painting in a blend of both"),
        is_short=True,
    ),
    IntentRule(
        intent=Intent.BLEND,
        example=gettext_noop("70% {style} and 30% {other}"),
        does=gettext_noop("a blend with more of the one than of the other"),
    ),
    IntentRule(
        intent=Intent.EITHER,
        example=gettext_noop("{style} or {other}"),
        does=gettext_noop("one of the two: I choose"),
    ),
    IntentRule(
        intent=Intent.EACH,
        example=gettext_noop("{style}, {other}"),
        does=gettext_noop("two paintings of your photo, one in each style"),
    ),
    IntentRule(
        intent=Intent.BIG,
        example=gettext_noop("{style}, big"),
        does=gettext_noop("a larger painting: {size} pixels on the long side instead of {usual}"),
    ),
    IntentRule(
        intent=Intent.FULL,
        example=gettext_noop("{style}, full size"),
        does=gettext_noop("as large as your photo is"),
    ),
    IntentRule(
        intent=Intent.SMALL,
        example=gettext_noop("{style}, small"),
        does=gettext_noop("a small painting, {size} pixels on the long side"),
    ),
    IntentRule(
        intent=Intent.SURPRISE,
        example=gettext_noop("surprise me"),
        does=gettext_noop("a style that I choose"),
        is_short=True,
    ),
    IntentRule(
        intent=Intent.SHEET,
        example=gettext_noop("all styles"),
        does=gettext_noop("your photo in every style there is, side by side on one sheet"),
    ),
    IntentRule(
        intent=Intent.LIST,
        example=gettext_noop("styles"),
        does=gettext_noop("the list of all styles"),
    ),
    IntentRule(
        intent=Intent.HELP,
        example=gettext_noop("help"),
        does=gettext_noop("how all of this works"),
    ),
    IntentRule(
        intent=Intent.STOP,
        example=gettext_noop("stop"),
        does=gettext_noop("you hear nothing more from me"),
        is_short=True,
    ),
    IntentRule(
        intent=Intent.START,
        example=gettext_noop("start"),
        does=gettext_noop("after a “stop”: I answer again"),
    ),
    IntentRule(
        intent=Intent.DELETE,
        example=gettext_noop("delete my photos"),
        does=gettext_noop("your photos and mails are deleted from my side at once"),
        is_short=True,
    ),
)
