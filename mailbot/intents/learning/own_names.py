"""Find the name in an answer that holds little else: “Ok, then Great Machine please”, “plutôt Verger”.

It counts where the bot has asked for a name. Elsewhere in the thread of a lesson it counts behind a word such
as “rather”, or one that corrects another name, such as “I meant”.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import dropwhile

from mailbot.intents.learning.answers import answer_in, begins_no, is_idle, longest_first
from mailbot.intents.learning.learning_words import (
    courtesies,
    folded,
    has,
    is_refused,
    is_within,
    row,
    small,
    tokens,
    without,
)
from mailbot.intents.learning.spoken_names import name_in
from mailbot.intents.learning.stops import asks_to_stop, wants_stop
from mailbot.intents.learning.written_names import clean_name, quoted_name, runs
from styles.language.tokens import key, words
from styles.language.word_rows import command

#: Words of a name, and of one without a capital: more of them are a sentence.
LONGEST, LONGEST_SMALL = 6, 3
#: Words of what stands behind a name.
LONGEST_END = 3
#: Words from which capitals tell a title: one alone may begin a sentence.
_TITLE = 2
#: Rows of words that lead to a name, those after which it counts anywhere, and those that may be behind it.
_LEADS = ("agreed", "better", "corrected", "first_of_all", "please", "regret")
_RATHER = ("better", "corrected")
_ENDS = ("better", "first_of_all", "please", "rather")
#: Characters of a Chinese or Japanese name without quotation marks.
LONGEST_RUN = 8
#: What ends a piece of an answer. The full stop in "St. Ives" does not.
_PIECE = re.compile(
    r"\s*(?:[,;:!?¿¡，、；：！？。]|(?:(?<=[^\W\d_]{3})|(?<=\b[oO][kK])|(?<=\b[iI][tT]))\.(?!\w)|\s[-–—]\s)\s*"
)
#: The hyphen in “que penses-tu de”.
_INVERTED = re.compile(r"(?<=\w)-(?=(?:tu|vous|on|il|elle)\b)")
#: Signs of a Chinese or Japanese sentence, which no name has.
_TALK = re.compile(r"^我(?!的)|[你您吗呢不没]|[かねよた]$|ます|です|ない|ません")


def own_name(text: str, *, is_asked: bool) -> str:
    """Return the name that an answer is, "" for anything else. `is_asked`: a name is what it is to tell."""
    if (behind := name_behind_stop(text)) or wants_stop([answer_in(text)]):
        return behind
    if is_asked and (offered := _offered(answer_in(text))):
        return offered
    pieces = [piece for piece in _PIECE.split(_INVERTED.sub(" ", answer_in(text))) if piece]
    is_rather = is_asked
    if len(pieces) > 1 and _is_greeting(pieces[-2]) and len(pieces[-1].split()) == 1:  # "Thanks, Ann"
        del pieces[-1]
    while pieces and _is_lead(pieces[0]):
        lead = pieces.pop(0)
        is_praised = command("teaching")["praised"].is_in(_padded(lead).strip())  # "el nombre es perfecto"
        is_rather = (_is_better(lead) and not is_praised) or is_rather
    while pieces and (_is_lead(pieces[-1]) or (len(pieces) > 1 and _is_other_name(pieces[-1]))):
        del pieces[-1]
    if len(pieces) != 1 or begins_no(pieces[0]):
        return ""
    name, led = _without_lead(pieces[0])
    if not (is_rather or _is_better(led)):
        return ""
    if quoted := quoted_name(name):
        return quoted
    name = clean_name(_without_end(name))
    return name if _is_name(name) else ""


def name_behind_stop(text: str) -> str:
    """Return the name to which an answer leads behind words that stop: “Never mind, then Blue Hills”."""
    pieces = [piece for piece in _PIECE.split(answer_in(text)) if piece]
    if not any(map(asks_to_stop, pieces[:-1])):
        return ""
    named = list(dropwhile(lambda piece: asks_to_stop(piece) or _is_lead(piece), pieces))
    if len(named) != 1 or begins_no(named[0]):
        return ""
    name, led = _without_lead(named[0])
    quoted = quoted_name(name)
    if quoted:
        return quoted if is_idle(name.replace(quoted, "")) else ""
    name = clean_name(_without_end(name))
    return name if led and _begins_title(name.split()) and _is_name(name) else ""


def _offered(line: str) -> str:
    """Return the name in a question such as “Would Clear Sky work?”, "" for another line."""
    found = name_in(line, "offering")
    name = clean_name(found.name) if found and is_idle(_without_lead(found.before.strip())[0]) else ""
    return name if name and _is_name(name) else ""


def _is_name(name: str) -> bool:
    said, parts, rows = _padded(name), name.split(), command("teaching")
    is_other = is_refused(said) or rows["wondering"].is_in(said) or is_within(tokens(name), row("no_name"))
    if is_other or not parts or not without(said, longest_first("no_answer", "please")).strip():
        return False
    if _is_run(name):
        return len(name) <= LONGEST_RUN and not is_talk(name) and not is_idle(said)
    is_begun_so = _begins_title(parts)
    is_plain = len(parts) <= LONGEST_SMALL and (is_begun_so or small().isdisjoint(map(key, parts)))
    is_begun = any(said.startswith(f" {phrase} ") for phrase in row("no_answer"))
    return len(parts) <= LONGEST and (is_titled(parts) or (is_plain and not is_begun))


def is_plain_name(name: str, text: str) -> bool:
    """Tell whether a name has a capital or quotation marks in a text, unlike praise: “mejor imposible”."""
    is_written_so = not name[:1].islower() and not is_praise(name)
    return is_written_so or bool(quoted_name(text))


def is_praise(name: str) -> bool:
    """Tell whether what seems to be a name is praise: “最高”, “perfect”."""
    said = folded(name)
    return has("delighted", said) or said in row("praised")


def is_talk(run: str) -> bool:
    """Tell whether a Chinese or Japanese run has signs of a sentence."""
    return bool(_TALK.search(run)) or is_no_name(run)


def is_no_name(run: str) -> bool:
    """Tell whether a Chinese or Japanese run begins as no name does, or ends in praise: 什么名字, 我小梅."""
    is_person = run.startswith("我") and not run.startswith(("我的", "我们"))  # 叫我小梅
    return is_person or run.startswith(tuple(runs("no_name"))) or run.endswith(tuple(runs("praised")))


def _begins_title(parts: Sequence[str]) -> bool:
    """Tell whether the words may be a title: “Ciel clair”."""
    return len(parts) >= _TITLE and parts[0][0].isupper() and key(parts[0]) not in small()


def is_titled(parts: Sequence[str]) -> bool:
    """Tell whether the words have capitals: “The Garden of Ann”."""
    if len(parts) < _TITLE:
        return False
    is_capital = [part[0].isupper() or part[0].isdigit() for part in parts]
    are_others_small = all(
        key(part) in small() for part, capital in zip(parts, is_capital, strict=True) if not capital
    )
    return is_capital[0] and is_capital[-1] and are_others_small


def _is_run(name: str) -> bool:
    return any("\u3040" <= character <= "\u9fff" for character in name)


def _padded(piece: str) -> str:
    return f" {' '.join(words(piece))} "


def _is_lead(piece: str) -> bool:
    """Tell whether a piece only stands around a name: “Ok”, “In that case”, “Better”, “many thanks”."""
    left = without(_padded(piece), longest_first("no", "praised", *_LEADS))
    name = _without_end(_without_lead(piece)[0])
    if quoted_name(name) or is_titled(name.split()):  # "Great Machine", unlike "Kind Regards"
        return courtesies().issuperset(tokens(left))
    return is_idle(left)


def _is_other_name(piece: str) -> bool:
    """Tell whether a piece says what the name is not: “not Blue Hils”."""
    return is_refused(" ".join(words(piece)[:1]))


def _is_greeting(piece: str) -> bool:
    """Tell whether a piece may stand above the name of a person."""
    return courtesies().issuperset(tokens(piece))


def _is_better(led: str) -> bool:
    return any(command("teaching")[name].is_in(_padded(led).strip()) for name in _RATHER)


def _without_lead(piece: str) -> tuple[str, str]:
    """Return a piece without the words that lead to its name, and these words."""
    led: list[str] = []
    while not (led and is_titled(piece.split())):  # "Peña Blanca", though "pena" regrets
        found = next((lead for lead in longest_first(*_LEADS) if _leads_to(piece, lead)), None)
        if found is None:
            break
        count = _count(piece, found) if found.isascii() else 0
        rest = piece.split(maxsplit=count)[count] if count else piece[len(found) :].strip()
        piece, led = rest, [*led, found]
    return piece, " ".join(led)


def _leads_to(piece: str, lead: str) -> bool:
    """Tell whether a piece begins with a lead, with more behind it."""
    if not lead.isascii():
        return piece.startswith(lead) and len(piece) > len(lead)
    said, count = piece.split(), _count(piece, lead)
    return len(said) > count and key(" ".join(said[:count])) == lead


def _count(piece: str, lead: str) -> int:
    """Return how many words of a piece a lead has: “c'est” is one, and two when it is folded."""
    said, folded = piece.split(), len(lead.split())
    return next((n for n in range(1, folded + 1) if len(key(" ".join(said[:n])).split()) >= folded), folded)


def _without_end(name: str) -> str:
    """Cut “instead”, “s'il te plaît” and the like off the end of a name."""
    ends = frozenset[str]().union(*map(row, _ENDS))
    parts = name.split()
    for count in range(min(LONGEST_END, len(parts) - 1), 0, -1):
        if parts[-count].islower() and key(" ".join(parts[-count:])) in ends:
            return _without_end(" ".join(parts[:-count]))
    runs = sorted((end for end in ends if not end.isascii()), key=len, reverse=True)
    found = next((end for end in runs if name.endswith(end) and len(name) > len(end)), "")
    return _without_end(name.removesuffix(found)) if found else name
