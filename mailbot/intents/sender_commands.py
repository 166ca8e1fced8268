"""Read what a mail says about its sender: stop, start, delete my photos.

In doubt the sender keeps their answers and photos: a letter that mentions a bus stop holds no command.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import product, takewhile

from mailbot.intents.command_types import DeletePhotos, SenderCommand, Start, Stop
from mailbot.intents.learning.learning_words import has
from mailbot.intents.learning.refused_stops import refuses_to_stop
from mailbot.intents.request_places import bare_subject, is_forward
from mailbot.parsing.mail_parser import StyleRequest
from styles.language.lexicon import lexicon
from styles.language.tokens import segment, tokenize, unwrapped, words
from styles.language.word_rows import WordRow, command, reply

_COMMANDS: dict[str, SenderCommand] = {"stop": Stop(), "start": Start(), "delete": DeletePhotos()}
#: Commands that are known by their single words: "delete all my photos", "no more mails".
_SPELT: dict[str, SenderCommand] = {"deletion": DeletePhotos(), "silence": Stop(), "leaving": Stop()}
#: Rows of words that a command does not need.
_NEEDLESS = ("small", "done", "single", "other")
#: Those of which a word makes a clause no command, or one of a single photo.
_AGAINST = ("done", "single", "other")
#: Words that can stand within a phrase: "löschen Sie bitte meine Fotos".
_PLEASE = frozenset(("please", "pls", "bitte", "svp"))
#: Words that hint at a command, and what to write for it.
DELETE = "delete my photos"
_UNSURE = {
    **dict.fromkeys(words("stop stopp unsubscribe unsubscribing abmelden abbestellen arrete"), "stop"),
    **dict.fromkeys(words("delete deleted erase remove gdpr dsgvo loschen losche"), DELETE),
    **dict.fromkeys(words("geloscht supprimer supprimez borrar cancellare"), DELETE),
}
#: Characters up to which a whole text can be a command.
_SHORT_TEXT = 100
#: Characters of a text that are searched for hints, and of one without a photo in which a clause can command.
_LETTER, _LONGEST_TEXT = 500, 1000
#: What ends a clause, and the fewest words of one that asks for silence.
_CLAUSE_END, _FEWEST = re.compile(r"[.!?;:,\n()。！？、，；…—]|(?<=[\u3040-\u9fff])\s"), 3


def sender_command(request: StyleRequest) -> SenderCommand | None:
    """Return the command that is the whole subject or text.

    Beside a photo the other of the two must hold nothing else: "stop" below "Photo of the bus stop", and
    "delete my photos when done" below "mosaic", are about the photo. The subject of a reply is not counted,
    nor that of a forwarded mail. A reply that only says thank you, and ends the talk, stops nothing:
    "Obrigada, já chega".
    """
    subject, is_reply = bare_subject(request.subject)
    if is_reply and _ends_with_thanks(request.text):
        return None
    fillers = _small("filler").union(words(request.name))
    is_forwarded = is_forward(request.subject)  # the "unsubscribe" of a newsletter is no command
    is_old = is_forwarded or (is_reply and any(map(str.isalnum, request.text)))  # "start" below "Re: stop"
    named = None if is_old else _whole(_words(subject), frozenset()) or _spelt(subject, ())
    text = request.text if len(request.text) <= _SHORT_TEXT else ""
    found = _whole(_words(text), fillers) or _spelt(text, words(request.name))
    if not request.images or named == found:
        said = request.text if is_reply or is_forwarded else f"{subject}\n{request.text}"
        return named or found or (None if request.images else _within(said))
    other = request.text if named else "" if is_reply else subject
    is_alone = len(other) <= _SHORT_TEXT and fillers.issuperset(_words(other))
    return named or found if is_alone else None


def _ends_with_thanks(text: str) -> bool:
    """Tell whether a text only says thank you, and words that can end a talk or stop the bot: "já chega"."""
    said = words(text)
    is_grateful = any(word in lexicon().phrases("thanks") for word in said)
    is_small = set(said) <= _small("filler") | _small("thanks") | _ending()
    return is_grateful and is_small and not _ending().isdisjoint(said)


@cache
def _ending() -> frozenset[str]:
    stops = (phrase for phrase, row in lexicon().intents.items() if row == "stop")
    return frozenset(" ".join(words(phrase)) for phrase in reply("closing")).intersection(stops)


def unsure(request: StyleRequest) -> str:
    """Return what to write for the command at which a mail without a photo hints; "" without a hint."""
    written = words(f"{request.subject} {request.text[:_LETTER]}")
    hinted = [_UNSURE[word] for word in written if word in _UNSURE]
    is_story = has("halting_in_story", " ".join(written))  # "Stop by!"
    return next((command for command in hinted if not (is_story and command == "stop")), "")


def _spelt(text: str, closing: Sequence[str]) -> SenderCommand | None:
    """Return the command of whose words a text is: those that it needs, small ones, and nothing else."""
    small = _small("courtesy").union(closing)
    for name, meant in _SPELT.items():
        rows, written = command(name), _words(text, name)
        needed = [row for name, row in rows.items() if name not in _NEEDLESS]
        is_known = all(word in small or _is_small(word, rows) for word in written)
        is_kept = meant == Stop() and refuses_to_stop(written)
        written = [word for word in written if len(word) > 1 or not word.isascii()]  # "e" is of "e-mail"
        if is_known and not is_kept and all(any(word in row for word in written) for row in needed):
            return meant
    return None


def _within(text: str) -> SenderCommand | None:
    """Return the command that a clause of a text gives: "please delete the photos that I sent"."""
    if len(text) > _LONGEST_TEXT:
        return None
    for piece in _CLAUSE_END.split(unwrapped(text)):
        clause = _words(piece)
        written = "".join(clause)
        is_clear = len(written) > len("cancel") or not written.isascii()
        found = _whole(clause, frozenset()) if is_clear else None
        if found in (Stop(), DeletePhotos()):
            return found
        if _asks_to_delete(_words(piece, "deletion")):
            return DeletePhotos()
        if _spelt(piece, ()) == Stop() or _asks_to_stop(_words(piece, "silence")):
            return Stop()
    return None


def _asks_to_delete(clause: Sequence[str]) -> bool:
    """Tell whether a clause asks to delete the sender's photos; "I deleted all my photos" does not."""
    rows = command("deletion")
    refusing = _refusing() - ({"no"} if "no" in clause[1:-1] else set())  # "enviei no domingo"
    if not refusing.isdisjoint(clause):
        return False
    is_known = [_is_small(word, rows) for word in clause]
    for verb, noun in product(range(len(clause)), repeat=2):
        if clause[verb] not in rows["verb"] or clause[noun] not in rows["what"] or verb == noun:
            continue
        start, end = sorted((verb, noun))
        is_done = (verb < noun and clause[verb].endswith("ed")) or (
            clause[verb + 1 : verb + 2] == ["了"] and "吧" not in clause
        )
        is_done = is_done or any(word in rows["done"] for word in clause[: end + 1])
        is_whose = any(word in rows["whose"] for word in clause[max(0, start - 2) :])
        is_asked = all(is_known[:start]) or not _asking().isdisjoint(clause[:start])
        is_whole = all(is_known[end:]) or _is_for_all(clause, noun, clause[end + 1 :])
        if all(is_known[start:end]) and is_whose and is_asked and is_whole and not is_done:
            return True
    return False


def _is_for_all(clause: Sequence[str], noun: int, behind: Sequence[str]) -> bool:
    """Tell whether unknown words behind a deletion only say which photos: "all photos of my children".

    "My photo background" is another thing, "my photo of the dog" is one of several, and "my photos and use
    the next one" asks for more. Deleted photos never come back, so the sender keeps theirs in doubt.
    """
    rows = command("deletion")
    is_single = " ".join(clause[max(0, noun - 1) : noun + 1]) in rows["single"]
    is_other = not _is_small(behind[0], rows) or any(word in rows["other"] for word in behind)
    return not (is_single or is_other)


def _is_small(word: str, rows: Mapping[str, WordRow]) -> bool:
    """Tell whether a word is one of a command, or a courtesy; "had", of a tale, is none."""
    return word in _small("courtesy") or any(
        word in row for name, row in rows.items() if name not in _AGAINST
    )


def _asks_to_stop(clause: Sequence[str]) -> bool:
    """Tell whether a clause begins with words for silence, or asks for it: "hey stop texting me, I never …".

    "I ask you not to write to me any more" holds nothing else behind the asking; "never stop" is no command.
    """
    if refuses_to_stop(clause):
        return False
    asked = [clause[at + 1 :] for at, word in enumerate(clause) if word in _asking()]
    if any(_is_silence(rest, len(rest)) for rest in asked):
        return True
    rest = clause[bool(clause) and clause[0] not in _refusing() :]
    return any(_is_silence(each, _known(each), _refusing()) for each in (clause, rest))


def _known(clause: Sequence[str]) -> int:
    """Return the number of words for silence with which a clause begins."""
    rows = command("silence")
    return len(list(takewhile(lambda word: _is_small(word, rows), clause)))


def _is_silence(clause: Sequence[str], count: int, but: frozenset[str] = frozenset()) -> bool:
    """Tell whether the first words of a clause are for silence only, with a verb that is none of `but`."""
    if not _FEWEST <= count <= _known(clause):
        return False
    rows, first = command("silence"), clause[:count]
    whats = [word for word in first if word in rows["what"] and (len(word) > 3 or not word.isascii())]
    is_halted = any(word in rows["verb"] and word not in but for word in first)
    is_whole = count == len(clause) or first[-1] in rows["what"]  # "stop sending me | blends"
    return bool(whats) and is_halted and is_whole


@cache
def _asking() -> frozenset[str]:
    """Return the words of requests, without those that begin a tale: "I", "my"."""
    phrases = lexicon().phrases("ask", "want", "courtesy")
    return frozenset(w for phrase in phrases for w in phrase.split()) - lexicon().phrases("statement")


@cache
def _refusing() -> frozenset[str]:
    return frozenset(phrase for phrase in lexicon().phrases("not") if " " not in phrase)


def _words(text: str, name: str = "") -> list[str]:
    """Return the words of a text; Chinese and Japanese are cut at the words of one command, or of all."""
    tokens = segment(tokenize(text), _runs(name))
    return [token.text for token in tokens if token.is_word and token.text not in _PLEASE]


@cache
def _runs(name: str) -> frozenset[str]:
    """Return the Chinese and Japanese words of a command, with courtesies; of all phrases without a name."""
    if not name:
        return lexicon().runs.union(*(_runs(each) for each in _SPELT))
    return _small("courtesy").union(_refusing(), *(row.words for row in command(name).values()))


@cache
def _small(kind: str) -> frozenset[str]:
    """Return the single words of the phrases of a kind, and of courtesies, in all languages."""
    known = lexicon()
    phrases = known.phrases(kind, "courtesy") - known.phrases("polite")
    return frozenset(word for phrase in phrases for word in phrase.split())


def _whole(written: Sequence[str], closing: frozenset[str]) -> SenderCommand | None:
    """Find the command of which these words are the phrase, between courtesies and a closing."""
    courtesies = _small("courtesy")
    for start in range(len(written)):
        if start and written[start - 1] not in courtesies:
            return None
        for end in range(len(written), start, -1):
            found = _COMMANDS.get(lexicon().intents.get(" ".join(written[start:end]), ""))
            if found and (courtesies | closing).issuperset(written[end:]):
                return found
    return None
