"""Take a name out of what is written with it: quotation marks, thanks, a “please”, the sentences behind."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mailbot.intents.learning.learning_words import row, small, tokens
from mailbot.intents.learning.spoken_names import without_please
from styles.language.lexicon import lexicon
from styles.language.tokens import key

#: Characters of と and the like, which may be the end of a name as well.
LONGEST_PARTICLE = 2
#: Signs around a word, and a Chinese or Japanese name.
SIGNS = ' .!?，、：:“”「」『』《》"。'
LONGEST_COURTESY = 4  #: words of "thank you so much" and the like
#: The end of a sentence behind a name: a full stop behind fewer letters is that of "St. Ives" or "No. 5".
_NAME_END = re.compile(r"(?:(?<=[^\W\d_]{4})\.|[!?])\s|[。！？]")
_FULL_STOP = re.compile(r"\.\s+")
_COMMA = re.compile(r"[,;，、；]")
#: Quotation marks, as keyboards of many countries have them; a single one stands at the edge of a word.
_MARKS = (
    r"[\"“”„«「『《‹]([^\"“”„«»「」『』《》‹›]+)[\"“”»」』》›]",
    r"(?<!\w)['‘‚’]([^'‘‚\n]+?)['’‘](?!\w)",
    r"»([^«»]+)«",
)
_QUOTES = re.compile("|".join(_MARKS))
_QUOTED = re.compile(rf"\s*(?:{'|'.join(_MARKS)})")  #: a name with a remark behind it
#: Closing signs, with the pattern of the opening one: a single mark is no apostrophe.
_OPENING = {
    ")": r"\(", "）": "（", "]": r"\[", "」": "「", "』": "『", "》": "《", '"': '"',
    "'": r"(?<!\w)'", "’": r"(?<!\w)‘", "”": "[“„]", "“": "„", "»": "«", "«": "»",
}  # fmt: skip
#: Opening signs, with the pattern of the closing one.
_CLOSING = {
    "(": r"\)", "（": "）", "[": r"\]", "「": "」", "『": "』", "《": "》", '"': '"',
    "'": r"'(?!\w)", "‘": r"’(?!\w)", "“": "”", "„": "[“”]", "«": "»", "»": "«",
}  # fmt: skip
_AROUND = " \t.,;!?\"'“”„«»‹›‘’‚「」『』《》。，、；！？()[]"  #: signs around a name: "learn: “My garden”!"


def clean_name(written: str) -> str:
    """Return the name at the beginning of what is written, without the sentences and thanks behind it."""
    if quoted := quoted_name(written := without_please(written)):
        return quoted
    name = _NAME_END.split(f"{_bare(written)} ")[0]
    for stop in _FULL_STOP.finditer(name):
        if _begins_courtesy(name[stop.end() :]):
            name = name[: stop.start()]
            break
    return " ".join(_bare(_without_courtesy(name)).split())


def without_end(name: str) -> str:
    """Cut “as the name”, “with an s”, にしたいです and the like off the end of a name."""
    words, ends = [word.strip(SIGNS) for word in name.split()], row("name_end")
    for at in range(1, len(words)):
        behind = words[at : at + LONGEST_COURTESY]
        is_end = any(key(" ".join(behind[:count])) in ends for count in range(1, len(behind) + 1))
        is_spelling = key(words[at]) in row("spelt") and len(words[-1]) == 1
        if (is_end or is_spelling) and words[at].islower():
            return " ".join(name.split()[:at])
    return cut_runs(name, [end for end in runs("name_end") if len(end) > LONGEST_PARTICLE], at_start=False)


def runs(name: str) -> Sequence[str]:
    """Return the Chinese and Japanese phrases of a row, the longest ones first."""
    return sorted((phrase for phrase in row(name) if not phrase.isascii()), key=len, reverse=True)


def cut_runs(run: str, phrases: Sequence[str], *, at_start: bool) -> str:
    """Cut phrases off one end of a run, again and again."""
    cut, fits = (str.removeprefix, str.startswith) if at_start else (str.removesuffix, str.endswith)
    while found := next((phrase for phrase in phrases if fits(run, phrase)), ""):
        run = cut(run, found).strip(SIGNS)
    return run


def quoted_name(written: str) -> str:
    """Return the name in quotation marks at the beginning of what is written, "" if there is none."""
    quoted = _QUOTED.match(written)
    return _inner(quoted) if quoted else ""


def quoted_names(line: str) -> Iterator[str]:
    """Yield what stands in quotation marks in a line."""
    yield from map(_inner, _QUOTES.finditer(line))


def _inner(quoted: re.Match[str]) -> str:
    return next(filter(None, quoted.groups()), "").strip()


def _bare(name: str) -> str:
    """Cut the signs around a name, but those of which the other half is within it: “Söhne (2024)”."""
    while name:
        first, last = name[0], name[-1]
        opens = first in _CLOSING and re.search(_CLOSING[first], name[1:-1])
        closes = last in _OPENING and re.search(_OPENING[last], name[1:-1])
        if first in _AROUND and not opens:
            name = name[1:]
        elif last in _AROUND and not closes:
            name = name[:-1]
        else:
            break
    return name


def _begins_courtesy(text: str) -> bool:
    words, phrases = tokens(text)[:LONGEST_COURTESY], lexicon().phrases("courtesy")
    return any(" ".join(words[:end]) in phrases for end in range(1, len(words) + 1))


def _without_courtesy(name: str) -> str:
    """Cut thanks and "please" off the end: all that is small behind a comma, and few words without one."""
    name = _bare(name)
    *before, last = _COMMA.split(name)
    if before and small().issuperset(tokens(last)):
        return _without_courtesy(name[: -len(last)])
    words, polite = name.split(), row("please")
    for count in range(1, LONGEST_COURTESY + 1):
        if key(" ".join(words[-count:])) in polite:
            return " ".join(words[:-count])
    ends = (len(phrase) for phrase in polite if not phrase.isascii() and key(name[-len(phrase) :]) == phrase)
    return name[: -max(ends, default=0) or None]
