"""Find the styles that a line refuses: "anything but the scream" names one, and asks for every other.

A refused style stands a few words behind a "not", with only fillers between them. More styles may be joined
to it. "Not only", "why not" and "not sure, …" refuse nothing.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import takewhile

from mailbot.intents.line import Line, is_word
from mailbot.intents.style_matching import ARTICLES, Catalogue
from styles.language.lexicon import BEFORE_BUT, BEFORE_NOT, FILLERS, INSTEAD, NOT, ONLY, REFUSING, WHY

#: Words that may stand between a "not" and its style: "do not please paint it as the scream".
_BETWEEN = 6
#: Words that join one refused style to the next, as tokens.
_OR = frozenset(("or", "and", "nor", "oder", "und", "noch", "ou", "et", "ni", "o", "y", "e", "/", "&", "+"))


def remove_negated(line: Line, catalogue: Catalogue) -> tuple[Line, frozenset[str]]:
    """Return the line without the styles that it refuses, and their names."""
    if catalogue.exact(line.words):
        return line, frozenset()
    tokens, refused = list(line.tokens), set[str]()
    at = 0
    while at < len(tokens):
        end, names = _refused(tokens, at, catalogue)
        if names:
            refused |= names
            start = _lead(tokens, at)
            end += tokens[end : end + 1] != [] and tokens[end] in INSTEAD
            tokens[start:end] = [","] if start and end < len(tokens) else []
            at = start
        else:
            at += 1
    if not refused:
        return line, frozenset()
    bare = " ".join(token for token in tokens if is_word(token))
    return replace(line, tokens=tuple(tokens), bare=bare), frozenset(refused)


def _refused(tokens: list[str], at: int, catalogue: Catalogue) -> tuple[int, set[str]]:
    """Return the end of the refusal that begins at a token, and its styles; no styles without a "not"."""
    behind = _behind_not(tokens, at)
    if not behind:
        return at, set()
    end, names = behind, set[str]()
    for start in range(behind, min(behind + _BETWEEN, len(tokens))):
        if found := _style_at(tokens, start, catalogue):
            end, names = found
            break
        if tokens[start] not in REFUSING | FILLERS or tokens[start] in ONLY:
            return at, set()
    while names and (more := _joined(tokens, end, catalogue)):
        end, names = more[0], names | more[1]
    return end, names


def _behind_not(tokens: list[str], at: int) -> int:
    """Return the index behind the "not" at a token; 0 if there is none."""
    before = tokens[max(0, at - 4) : at]
    if tokens[at] == "but":
        return at + 1 if not BEFORE_BUT.isdisjoint(before) else 0
    if before[-1:] and before[-1] in WHY:
        return 0
    return next((at + n for n in (2, 1) if " ".join(tokens[at : at + n]) in NOT), 0)


def _joined(tokens: list[str], at: int, catalogue: Catalogue) -> tuple[int, set[str]] | None:
    """Return the end and the names of one more refused style: "or the wave"."""
    # After a comma another intent begins: "not the scream, starry night".
    if at >= len(tokens) or tokens[at] not in _OR:
        return None
    is_article = tokens[at + 1 : at + 2] and tokens[at + 1] in ARTICLES
    found = _style_at(tokens, at + 1, catalogue)
    return found or (_style_at(tokens, at + 2, catalogue) if is_article else None)


def _style_at(tokens: list[str], start: int, catalogue: Catalogue) -> tuple[int, set[str]] | None:
    """Return the end and the name of the style that begins here; for an artist the names of all theirs."""
    run = list(takewhile(is_word, tokens[start : start + 6]))
    lengths = range(len(run), 0, -1)
    if found := next(((n, name) for n in lengths if (name := catalogue.exact(run[:n]))), None):
        return start + found[0], {found[1]}
    if not run or run[0] in FILLERS | REFUSING:
        return None
    if found := next(((n, name) for n in lengths if (name := catalogue.typo(run[:n]))), None):
        return start + found[0], {found[1]}
    some = next(((n, names) for n in (2, 1) if (names := catalogue.sharing(run[:n]))), None)
    return (start + some[0], set(some[1])) if some else None


def _lead(tokens: list[str], at: int) -> int:
    """Return the index where the words that lead to a "not" begin: "I do …", "…, but just …"."""
    while at and tokens[at - 1] in BEFORE_NOT:
        at -= 1
    return at
