"""Read by how much a mail wants the last painting changed: "10% more", "50/50", "double the size".

    Amounts       what is asked for
    read_amounts  text -> the text without these words, and what they ask for

These are patterns of numbers and words, which the word files have no tables for.
All languages are read at once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_PERCENT = r"\s*(?:%|％|per\s?cent|prozent|pour\s?cent|por\s?ciento|per\s?cento|por\s?cento|パーセント)\s*"
_LINK = r"(?:(?:de|en|in|di|a|ein)\s+)?"
#: Words behind a percentage that make it a step; adjectives may follow them.
_MORE = (
    r"(?:more|stronger|mehr|stärker|plus|más|mas|più|piu|mais|更多|更强|强一点|多一点"
    r"|強め|強く|アップ|増やし)"
)
_LESS = (
    r"(?:less|weaker|lighter|softer|weniger|schwächer|moins|menos|meno|更少|更弱|弱一点|少一点"
    r"|弱め|弱く|減らし)"
)
_HOW = r"(?:\s+(?:strong|strength|intense|stark|forte?|fort|fuerte|fuerza|intens[eoa]))?"
#: Patterns of steps of the strength, with their signs; in Chinese the words stand first.
_STEPS = (
    (re.compile(rf"(?<!\d)(\d{{1,3}}){_PERCENT}{_LINK}{_MORE}(?![a-zà-ÿ]){_HOW}", re.IGNORECASE), 1),
    (re.compile(rf"(?<!\d)(\d{{1,3}}){_PERCENT}{_LINK}{_LESS}(?![a-zà-ÿ]){_HOW}", re.IGNORECASE), -1),
    (re.compile(rf"(?:再)?(?:增加|加强|加|强|多)(\d{{1,3}}){_PERCENT}"), 1),
    (re.compile(rf"(?:再)?(?:减少|减弱|减|弱|少)(\d{{1,3}}){_PERCENT}"), -1),
)
#: Shares of a blend of two: "60/40", "50:50".
_SHARES = re.compile(r"(?<![\d/:.,])(\d{1,2})\s?[/:]\s?(\d{1,2})(?![\d/:.,]\d|%)")
_DOUBLE = re.compile(
    r"(?:double|twice)\s+(?:the\s+size|as\s+(?:big|large))|doppelt\s+so\s+gro(?:ß|ss)|doppelte\s+gr(?:ö|oe)(?:ß|ss)e"
    r"|(?:le\s+)?double\s+de\s+(?:la\s+)?taille|deux\s+fois\s+plus\s+grande?|(?:el\s+)?doble\s+de\s+(?:grande|tamaño)"
    r"|(?:il\s+)?doppio\s+(?:della\s+dimensione|più\s+grande)|(?:o\s+)?dobro\s+do\s+tamanho|两倍大|大一倍"
    r"|(?:2|２|二)?倍の(?:大きさ|サイズ)",
    re.IGNORECASE,
)
_USUAL = re.compile(
    r"(?:normal|usual|standard|regular|default)\s+size|normale[rn]?\s+gr(?:ö|oe)(?:ß|ss)e|taille\s+normale"
    r"|tamaño\s+normal|dimension[ei]\s+normal[ei]|tamanho\s+normal|(?:正常|普通|标准)(?:大小|尺寸)"
    r"|(?:普通|標準|通常)の?(?:サイズ|大きさ)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """Hold the amounts of a change."""

    points: int = 0  #: percentage points of the strength; below 0: weaker
    shares: tuple[int, int] | None = None  #: of a blend of two, which make 100
    is_doubled: bool = False  #: the size
    is_usual_size: bool = False

    @property
    def is_any(self) -> bool:
        """Whether the strength or the size is meant; shares mean nothing where the painting is no blend."""
        return bool(self.points or self.is_doubled or self.is_usual_size)


def read_amounts(text: str) -> tuple[str, Amounts]:
    """Return the text without the words that say an amount, and the amounts."""
    points = 0
    for pattern, sign in _STEPS:
        points += sign * sum(int(match[1]) for match in pattern.finditer(text))
        text = pattern.sub(" ", text)
    pairs = [(int(match[1]), int(match[2])) for match in _SHARES.finditer(text)]
    whole = [pair for pair in pairs if sum(pair) == 100 and all(pair)]
    is_doubled, is_usual = bool(_DOUBLE.search(text)), bool(_USUAL.search(text))
    text = _USUAL.sub(" ", _DOUBLE.sub(" ", text))
    amounts = Amounts(
        points=points, shares=whole[0] if whole else None, is_doubled=is_doubled, is_usual_size=is_usual
    )
    return text, amounts
