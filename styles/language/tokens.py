"""Split text into folded words, numbers and marks, the same way for mails, names and word files.

    fold        text in lower case, without accents
    spellings   a folded character -> it and those that `fold` writes as it: "师師"
    Token       one word, number or mark
    tokenize    text -> tokens
    segment     cut runs of Chinese and Japanese characters at known words
    split       tokens -> sentences
    key         the tokens of a phrase, joined by spaces
    known_characters   how much of a run known words cover

Words to be written into a picture stay one token: "「おめでとう」と文字を入れて".

Chinese and Japanese have no spaces. A run of their characters is cut by the longest known word from the left;
characters between known words become a token of their own. Splitting is linear in the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Container, Iterator, Sequence
from functools import cache
from typing import NamedTuple

#: Longest known Chinese or Japanese word, characters.
LONGEST_RUN = 16
#: French and Italian words that lose their vowel before an apostrophe; they are words of their own.
_ELISIONS = frozenset("l d j c s n m t qu un dell nell all sull dall quest quell".split())  # noqa: SIM905
#: Marks that change the sound of a Japanese character, so they are no accents.
_VOICED = "\u3099\u309a"
_CJK = r"\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
#: Letters that are also written as two: "ma sœur", "ma soeur".
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae"})
#: Traditional characters in words and names that people write, and the simplified ones that they are read as.
_SIMPLIFIED = str.maketrans(
    (
        "亞佈來係俬個們倖倫傢傳僅儘優兒兩別刪剋剛動厤厲參吶唄單喲嗎嘍噹嚮國圖報墻婦媽孃學宮寢寫寶對帥"
        "師帶幫廳張強彆彌彔後從復悽愛慾應懞掛換據擾敎數於時曆曏書會朮東業極構樂樣樹機歡歷殘決沒沖淒淺"
        "溫滿濃濛濾瀰為烏煩熱營爲爺爾牆獨獸現畢畫畵當發盃盡眞矇禦禮種穀筆箇簡納紙級結絕給絲絶經綫維綵"
        "線編緻縮繪繫繼續纔羅義翫聲聽脩與興舊舘艷華萊萬蓮蔔蔘藝處號術衕衝裏裡製複見親覺覽觀觸訂託記許"
        "試話該誇認誒說説誰調請論諾講謝議變讓讚豔貓買費資質賽贊較輕轉迴這週過達適選還邊郵釐鉅鉛錄錯録"
        "錶鏡門開間閤閱閲隨隻雖難電韆須頭顏顔類風飾館馬駿驚體髮鬚麗麥麪麫麵麼麽點齊齋齣"
    ),
    (
        "亚布来系私个们幸伦家传仅尽优儿两别删克刚动历厉参呐呗单哟吗喽当向国图报墙妇妈娘学宫寝写宝对帅"
        "师带帮厅张强别弥录后从复凄爱欲应蒙挂换据扰教数于时历向书会术东业极构乐样树机欢历残决没冲凄浅"
        "温满浓蒙滤弥为乌烦热营为爷尔墙独兽现毕画画当发杯尽真蒙御礼种谷笔个简纳纸级结绝给丝绝经线维彩"
        "线编致缩绘系继续才罗义玩声听修与兴旧馆艳华莱万莲卜参艺处号术同冲里里制复见亲觉览观触订托记许"
        "试话该夸认诶说说谁调请论诺讲谢议变让赞艳猫买费资质赛赞较轻转回这周过达适选还边邮厘巨铅录错录"
        "表镜门开间合阅阅随只虽难电千须头颜颜类风饰馆马骏惊体发须丽麦面面面么么点齐斋出"
    ),
)
#: Units that are written without a space: "1600px", "20x30cm".
_UNITS = "px|cm|mm|dpi|ppi|[kmg]b|mp|inch(?:es)?|pixels?"
#: Signs behind a number that make it one of money or of degrees.
_UNIT_SIGNS = "€$£¥°"
_TOKEN = re.compile(
    rf"""
    (?P<quoted> [「『][^」』\n]{{1,40}}[」』] (?= と(?:いう)?(?:文字|言葉|メッセージ|書|入れ) ) )
    | (?P<cjk> [{_CJK}]+ )
    | (?P<year> (?<!\w) ['’‘] \d\d (?! \w | \s?[%'’] ) )  # '68
    | (?P<number>
        (?<!\S) [-−]\d{{1,3}} (?=\s?% | [.!]?\s*(?:\n|\Z))    # -40%, and -40 at the end of a line
        | (?:\A|(?<=\A\n)) [-−–]\s?\d{{1,3}} (?=\s?%?\s*\Z)    # a text that is - 10
        | \d+[.,]\d+ (?!\w)                      # 0.6
        | \d+ (?= (?:{_UNITS}) (?![^\W{_CJK}]) | [x×]\d )  # 1600px, and the first side of 20x30
        | (?<=\d) [x×] (?=\d)                   # the sign between the sides
        | (?<=[^\W\d_]) \d{{1,3}} (?=\s?%)      # starrynight60%
    )
    | (?P<unit> (?<=\d)[{_UNIT_SIGNS}] | (?<=\d[ ])[{_UNIT_SIGNS}] )
    | (?P<word>
        (?: (?! (?<=[^\W\d_]) \d{{1,3}}\s?% ) (?: [^\W_{_CJK}] | [\u0300-\u036f] ) )+
        (?: ['’`´] [^\W_{_CJK}]+ )*
    )
    | (?P<inch> (?: (?<=[x×]\d) | (?<=[x×]\d\d) | (?<=[x×][ ]\d) | (?<=[x×][ ]\d\d) ) (?: ["″”] | '' ) )
    | (?P<mark> [+&/⁄,.!?;:()%\n、。×] | (?<=\s)[-–—]+(?=\s) | — )
    """,
    re.VERBOSE | re.IGNORECASE,
)
#: Words of letters alone, as `tokenize` leaves them but for their case and accents.
_PLAIN = re.compile(r"[a-zA-ZÀ-ÖØ-öø-ÿ]+(?: [a-zA-ZÀ-ÖØ-öø-ÿ]+)*")
#: Dots that end no sentence: "hokusai but like... chill".
_DOTS = re.compile(r"\.{2,}(?=[^\S\n]*\w)")
#: A mark at the end of a sentence, more than three times: each would be a sentence.
_MARKS = re.compile(r"([.!?])\1{3,}")
#: The dot of a fraction that is written without its nought: "wave .5".
_BARE_FRACTION = re.compile(r"(?<!\S)[.](?=\d{1,2}(?!\w))")
#: Emoji within a line, and a space between Chinese or Japanese characters, where their writers pause.
_PAUSE = re.compile(
    rf"(?<=[^\W_])[^\S\n]*[\U0001f300-\U0001faff\u2600-\u27bf\ufe0f\u200d]+[^\S\n]*(?=[^\W_])"
    rf"|(?<=[{_CJK}])[ \u3000]+(?=[{_CJK}])"
)
#: A space between two words of hiragana, as children and learners write them.
_HIRAGANA_SPACE = re.compile(r"(?<=[\u3041-\u309f])[ \u3000](?=[\u3041-\u309f])")
_SAME_MARKS = {"、": ",", "。": ".", "×": "x", "⁄": "/", **dict.fromkeys(("-", "--", "–", "—"), ",")}
#: Marks that end a sentence.
_ENDS = frozenset(".!?;\n")
#: Words before a full stop that ends no sentence: "Tableau No. 2".
_ABBREVIATIONS = frozenset(
    ("no", "n", "nr", "mr", "mrs", "ms", "dr", "st", "st", "m", "sr", "sra", "sig", "num")
)
#: Those before the name of a person, whose full stop says nothing.
_TITLES = frozenset(("mr", "mrs", "ms", "dr", "sr", "sra", "sig"))


class Token(NamedTuple):
    """Hold one word, number or mark."""

    text: str  #: folded
    raw: str  #: as it was written
    kind: str  #: `word`, `number`, `cjk`, `quoted` or `mark`

    @property
    def is_word(self) -> bool:
        """Whether this is no mark."""
        return self.kind != "mark"


def fold(text: str) -> str:
    """Return the text in lower case and simplified characters, without accents and compatibility forms."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(c for c in apart if c in _VOICED or not unicodedata.combining(c))
    return unicodedata.normalize("NFC", kept).translate(_SIMPLIFIED).translate(_LIGATURES)


@cache
def spellings(character: str) -> str:
    """Return a folded character and the traditional ones that are read as it."""
    same = (chr(one) for one, folded in _SIMPLIFIED.items() if folded == ord(character))
    return character + "".join(same)


def tokenize(text: str) -> list[Token]:
    """Return the tokens of a text, in order; an accent without a letter is no token."""
    normal = _HIRAGANA_SPACE.sub("", _MARKS.sub(r"\1\1\1", unicodedata.normalize("NFKC", text)))
    written = _PAUSE.sub(", ", _DOTS.sub(", ", _BARE_FRACTION.sub("0.", normal)))
    found = _TOKEN.finditer(written)
    return [token for match in found for token in _of(match) if token.text]


def _of(match: re.Match[str]) -> Iterator[Token]:
    raw, kind = match[0], match.lastgroup or ""
    if kind == "mark":
        yield Token(_SAME_MARKS.get(raw, raw), raw, kind)
    elif kind == "year":
        yield Token(raw, raw, "word")
    elif kind in ("inch", "unit"):
        yield Token("inch" if kind == "inch" else raw, raw, "word")
    elif kind == "word":
        first, *rest = re.split("['’`´]", raw)
        if rest and fold(first) in _ELISIONS:
            yield Token(fold(first), raw[: len(first) + 1], kind)
            first, rest, raw = rest[0], rest[1:], raw[len(first) + 1 :]
        if rest and fold(rest[-1]) == "s":  # a possessive: "Picabia's" names Picabia
            rest.pop()
        yield Token(fold("".join((first, *rest))), raw, kind)
    else:
        yield Token(fold(raw).replace("×", "x").lstrip("-−– "), raw.replace("−", "-").replace("–", "-"), kind)


def segment(tokens: Sequence[Token], known: Container[str]) -> list[Token]:
    """Return the tokens with each run of Chinese or Japanese characters cut at `known` words."""
    cut: list[Token] = []
    for token in tokens:
        if token.kind == "cjk":
            at = 0
            for text in _cut(token.text, known):
                cut.append(Token(text, token.raw[at : at + len(text)], "cjk"))
                at += len(text)
        else:
            cut.append(token)
    return cut


def _cut(run: str, known: Container[str]) -> Iterator[str]:
    at = unknown = 0
    while at < len(run):
        ends = range(min(len(run), at + LONGEST_RUN), at, -1)
        end = next((end for end in ends if run[at:end] in known), 0)
        if not end:
            at += 1
            continue
        if unknown < at:
            yield run[unknown:at]
        yield run[at:end]
        at = unknown = end
    if unknown < len(run):
        yield run[unknown:]


def key(text: str) -> str:
    """Return the words of a phrase, and the marks that join words, with a space between two."""
    if _PLAIN.fullmatch(text):  # most of 60,000 phrases: a second less at the start of a process
        return fold(text)
    return " ".join(token.text for token in tokenize(text))


def words(text: str) -> list[str]:
    """Return the folded words of a text, without marks."""
    return [token.text for token in tokenize(text) if token.is_word]


def split(tokens: Sequence[Token]) -> Iterator[tuple[int, list[Token]]]:
    """Yield the sentences with the numbers of their lines; a mark at the end is kept."""
    line, sentence = 0, list[Token]()
    for before, token, after in zip([None, *tokens], tokens, [*tokens[1:], None], strict=False):
        if token.text == "\n":
            ends = True
        else:
            is_title = before is not None and before.text in _TITLES and token.text == "."
            sentence += [] if is_title else [token]
            ends = token.text in _ENDS and not _is_inside(before, token, after)
        if ends and sentence:
            yield line, sentence
            sentence = []
        line += token.text == "\n"
    if sentence:
        yield line, sentence


def _is_inside(before: Token | None, token: Token, after: Token | None) -> bool:
    """Tell whether a full stop is within a name: "J. M. W. Turner", "No. 2"."""
    if token.text != "." or before is None or after is None:
        return False
    is_initial = len(before.text) == 1 and before.kind == "word" and before.text.isalpha()
    return is_initial or (before.text in _ABBREVIATIONS and after.is_word)


def known_characters(run: str, words: Collection[str]) -> int:
    """Return the number of characters in known words, the longest from the left."""
    at = known = 0
    while at < len(run):
        ends = range(min(len(run), at + LONGEST_RUN), at, -1)
        end = next((end for end in ends if run[at:end] in words), 0)
        known += max(0, end - at)
        at = end or at + 1
    return known
