"""Say the bot's sentences in a language, by gettext's catalogues and the numbers and lists of the CLDR.

    Translator        one language; `ChatTranslator` is for what is no mail
    translator        code -> Translator
    chat_translator   code -> ChatTranslator

A catalogue is `mailbot/locales/CODE/LC_MESSAGES/mailbot.po`, read as it is. English has none: its sentences
stand in the code. Numbers, shares (`{strength:.0%}`), times and durations are filled in as the language does.
"""

from __future__ import annotations

import io
import logging
import math
from collections.abc import Sequence
from datetime import date, time, timedelta
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from string import Formatter
from typing import Any, Literal

from babel import Locale
from babel.dates import format_date, format_time, format_timedelta
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

from mailbot.languages.chat_words import CHAT, CHAT_PLURALS
from styles.language.lexicon import LANGUAGES

log = logging.getLogger(__name__)

#: Locales for numbers and lists, where the code alone means another one: English with "a, b or c".
_LOCALES = {"en": "en_GB", "pt": "pt_BR", "zh": "zh_Hans"}
#: Languages without a space between two sentences.
_UNSPACED = frozenset(("zh", "ja"))


class Translator(Formatter):
    """Translate messages into one language and fill them."""

    def __init__(self, code: str, catalogue: NullTranslations) -> None:
        self.code = code
        self._locale = Locale.parse(_LOCALES.get(code, code))
        self._catalogue = catalogue

    @property
    def tag(self) -> str:
        """The language as html names it (BCP 47)."""
        return "zh-Hans" if self.code == "zh" else self.code

    def gettext(self, message: str, **fields: Any) -> str:
        """Return a message with its placeholders filled; one without fields may hold any braces."""
        return self._filled(self._catalogue.gettext(message), fields)

    def ngettext(self, one: str, many: str, count: int, **fields: Any) -> str:
        """Return the form of a message for a number, which is its `{count}`."""
        return self._filled(self._catalogue.ngettext(one, many, count), {"count": count, **fields})

    def pgettext(self, context: str, message: str, **fields: Any) -> str:
        """Return a message that would be ambiguous without its context."""
        return self._filled(self._catalogue.pgettext(context, message), fields)

    def either(self, names: Sequence[str]) -> str:
        """Join the names of a choice: "a, b or c"."""
        return format_list(list(names), style="or", locale=self._locale)

    def both(self, names: Sequence[str]) -> str:
        """Join names that belong together: "a, b and c"."""
        return format_list(list(names), locale=self._locale)

    def listed(self, items: Sequence[str]) -> str:
        """Join the items of a list that goes on, or of a note: "a, b, c"."""
        return self.pgettext("between the items of a list", ", ").join(items)

    def sentences(self, *sentences: str) -> str:
        """Join whole sentences; empty ones are left out."""
        return ("" if self.code in _UNSPACED else " ").join(filter(None, sentences))

    def _filled(self, message: str, fields: dict[str, Any]) -> str:
        return self.vformat(message, (), fields) if fields else message

    def format_field(self, value: Any, format_spec: str) -> str:
        """Write the value of a placeholder as the language does."""
        match value:
            case timedelta():
                return self._duration(value)
            case time():
                return format_time(value, "short", locale=self._locale)
            case date():
                return format_date(value, "long", locale=self._locale)
            case int() | float() if format_spec.endswith("%"):
                return format_percent(value, locale=self._locale)
            case int() | float():
                return format_decimal(value, locale=self._locale, group_separator=False)
            case _:
                return str(super().format_field(value, format_spec))

    def _duration(self, value: timedelta) -> str:
        """Write a duration in one unit: minutes below an hour, hours below a day."""
        unit: Literal["day", "hour", "minute"] = "day" if value >= timedelta(days=1) else "hour"
        if value < timedelta(hours=1):
            unit = "minute"
        # No unit reaches the threshold, so that the smallest one is taken.
        return format_timedelta(value, granularity=unit, threshold=math.inf, locale=self._locale)


class ChatTranslator(Translator):
    """Translate for a chat: sentences about mail are replaced by their forms for chats."""

    def gettext(self, message: str, **fields: Any) -> str:
        """See `Translator`."""
        return super().gettext(CHAT.get(message, message), **fields)

    def ngettext(self, one: str, many: str, count: int, **fields: Any) -> str:
        """See `Translator`."""
        return super().ngettext(*CHAT_PLURALS.get((one, many), (one, many)), count, **fields)


@cache
def translator(code: str) -> Translator:
    """Return the translator into a language; into English for "", and for a language without a catalogue."""
    return Translator(code, _catalogue(code)) if code in LANGUAGES else translator("en")


@cache
def chat_translator(code: str) -> Translator:
    """Return the translator for the answers to a channel other than mail, as `translator` does."""
    return ChatTranslator(code, _catalogue(code)) if code in LANGUAGES else chat_translator("en")


def _catalogue(code: str) -> NullTranslations:
    file = files("mailbot") / "locales" / code / "LC_MESSAGES" / "mailbot.po"
    if not file.is_file():
        if code != "en":
            log.warning("there is no catalogue of %s, so its people are answered in English", code)
        return NullTranslations()
    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.StringIO(file.read_text(encoding="utf-8")), locale=code))
    compiled.seek(0)
    return GNUTranslations(compiled)
