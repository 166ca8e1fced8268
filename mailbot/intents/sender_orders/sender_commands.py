"""Read what a mail says about its sender: stop, start, delete my photos.

In doubt the sender keeps their answers and photos: a letter that mentions a bus stop holds no command.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import takewhile

from mailbot.intents.command_types import DeletePhotos, SenderCommand, Start, Stop
from mailbot.intents.learning.learning_words import has
from mailbot.intents.learning.refused_stops import refuses_to_stop
from mailbot.intents.request_places import bare_subject, is_forward
from mailbot.intents.sender_orders.command_words import (
    AGAINST,
    asking,
    command_words,
    is_small,
    refusing,
    small,
)
from mailbot.intents.sender_orders.deletions import asks_to_delete, clauses, is_joking, may_order, sentences
from mailbot.parsing.mail_parser import StyleRequest
from styles.language.lexicon import lexicon
from styles.language.tokens import words
from styles.language.word_rows import WordRow, command, reply, reply_row
from styles.language.wrapped_lines import unwrapped

_COMMANDS: dict[str, SenderCommand] = {"stop": Stop(), "start": Start()}
#: Rows of words that a command does not need.
_NEEDLESS = ("small", "bare", "halts", "kept", *AGAINST)
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
#: Fewest words of a clause that asks for silence.
_FEWEST = 3


def sender_command(request: StyleRequest) -> SenderCommand | None:
    """Return the command that is the whole subject or text.

    Beside a photo the other of the two must hold nothing else: "stop" below "Photo of the bus stop", and
    "delete my photos when done" below "mosaic", are about the photo. The subject of a reply is not counted,
    nor that of a forwarded mail. A reply that is only glad, and ends the talk, stops nothing.
    """
    subject, is_reply = bare_subject(request.subject)
    if is_reply and _ends_the_talk(request.text):
        return None
    fillers = small("filler").union(words(request.name))
    is_forwarded = is_forward(request.subject)  # the "unsubscribe" of a newsletter is no command
    is_old = is_forwarded or (is_reply and any(map(str.isalnum, request.text)))  # "start" below "Re: stop"
    named = None if is_old else _order(subject)
    text = request.text if len(request.text) <= _SHORT_TEXT else ""
    found = _order(text, fillers, words(request.name))
    other = request.text if named else "" if is_reply else subject
    is_alone = len(other) <= _SHORT_TEXT and (fillers - refusing()).issuperset(command_words(other))
    is_alone = is_alone and not is_joking(other)
    if named == DeletePhotos() != found and not is_alone:
        return None if request.images else _within(request.text, words(request.name))
    if not request.images or named == found:
        said = request.text if is_reply or is_forwarded else f"{subject}\n{request.text}"
        return named or found or (None if request.images else _within(said, words(request.name)))
    return named or found if is_alone else None


def _ends_the_talk(text: str) -> bool:
    """Tell whether a reply is only glad, and ends the talk by a word that elsewhere stops the bot.

    "Obrigada, já chega" and "para, así está bien" do, "stop, thanks" does not.
    """
    said = command_words(text)
    rest = [word for word in said if word not in _stopping()]
    is_grateful = any(word in lexicon().phrases("thanks") for word in rest)
    is_ending = is_grateful and not _ending().isdisjoint(said)
    is_content = any(word in lexicon().phrases("praise", "fit") for word in rest)
    is_content = is_content or _closing().is_in(" ".join(rest))
    is_small = set(rest) <= small("filler").union(*map(small, ("thanks", "praise", "fit")))
    return len(rest) < len(said) and is_small and (is_ending or is_content)


@cache
def _closing() -> WordRow:
    return WordRow.of(reply("closing"))


@cache
def _stopping() -> frozenset[str]:
    return frozenset(phrase for phrase, row in lexicon().intents.items() if row == "stop")


@cache
def _ending() -> frozenset[str]:
    return frozenset(" ".join(words(phrase)) for phrase in reply("closing")).intersection(_stopping())


def unsure(request: StyleRequest) -> str:
    """Return what to write for the command at which a mail without a photo hints; "" without a hint."""
    text = request.text[:_LETTER]
    if may_order(text):
        return DELETE
    written = words(f"{request.subject} {text}")
    hinted = [_UNSURE[word] for word in written if word in _UNSURE]
    is_story = has("halting_in_story", " ".join(written))  # "Stop by!"
    return next((command for command in hinted if not (is_story and command == "stop")), "")


def _order(
    text: str, closing: frozenset[str] = frozenset(), name: Sequence[str] = ()
) -> SenderCommand | None:
    """Return the command that a text is, between small words."""
    if asks_to_delete(text, name):
        return DeletePhotos()
    return _whole(command_words(text), closing, name) or (Stop() if _is_stop(text, name) else None)


def _is_stop(text: str, closing: Sequence[str] = ()) -> bool:
    """Tell whether a text is of the words for silence: those that it needs, small ones, and nothing else."""
    needless = small("courtesy").union(closing)
    for name in ("silence", "leaving"):
        rows, written = command(name), command_words(text, name)
        needed = [row for name, row in rows.items() if name not in _NEEDLESS]
        is_known = all(word in needless or is_small(word, rows) for word in written)
        written = [word for word in written if len(word) > 1 or not word.isascii()]  # "e" is of "e-mail"
        is_named = all(any(word in row for word in written) for row in needed)
        if is_known and (is_named or _stops_bare(written)):
            return not _keeps(command_words(text, name))
    return False


def _stops_bare(written: Sequence[str]) -> bool:
    """Tell whether a bare infinitive is forbidden to the bot: "deja de molestar", "non mi disturbare".

    "No quiero molestar más" and "prometto di non disturbare più" are about their writer.
    """
    rows = command("silence")
    bare = [at for at, word in enumerate(written) if word in rows["bare"]]
    return any(rows["halts"].ends(" ".join(written[:at])) for at in bare)


def _within(text: str, name: Sequence[str]) -> SenderCommand | None:
    """Return the command that a clause of a text gives: "please delete the photos that I sent"."""
    if len(text) > _LONGEST_TEXT:
        return None
    if not is_joking(text) and any(asks_to_delete(each, name) for each in sentences(unwrapped(text))):
        return DeletePhotos()
    for piece in clauses(unwrapped(text)):
        clause = command_words(piece)
        written = "".join(clause)
        is_clear = len(written) > len("cancel") or not written.isascii()
        is_order = is_clear and _whole(clause) == Stop()
        if is_order or _is_stop(piece) or _asks_to_stop(command_words(piece, "silence")):
            return Stop()
    return None


def _asks_to_stop(clause: Sequence[str]) -> bool:
    """Tell whether a clause begins with words for silence, or asks for it: "hey stop texting me, I never …".

    "I ask you not to write to me any more" holds nothing else behind the asking; "never stop" is no command.
    """
    if _keeps(clause):
        return False
    asked = [clause[at + 1 :] for at, word in enumerate(clause) if word in asking()]
    if any(_is_silence(rest, len(rest)) for rest in asked):
        return True
    rest = clause[bool(clause) and clause[0] not in refusing() :]
    return any(_is_silence(each, _known(each), refusing()) for each in (clause, rest))


def _keeps(clause: Sequence[str]) -> bool:
    """Tell whether a clause refuses to stop, or is about its writer: "I want to bother you no more"."""
    return refuses_to_stop(clause) or command("silence")["kept"].is_in(" ".join(clause))


def _known(clause: Sequence[str]) -> int:
    """Return the number of words for silence with which a clause begins."""
    rows = command("silence")
    return len(list(takewhile(lambda word: is_small(word, rows), clause)))


def _is_silence(clause: Sequence[str], count: int, but: frozenset[str] = frozenset()) -> bool:
    """Tell whether the first words of a clause are for silence only, with a verb that is none of `but`."""
    if not _FEWEST <= count <= _known(clause):
        return False
    rows, first = command("silence"), clause[:count]
    whats = [word for word in first if word in rows["what"] and (len(word) > 3 or not word.isascii())]
    is_halted = any(word in rows["verb"] and word not in but for word in first)
    is_whole = count == len(clause) or first[-1] in rows["what"]  # "stop sending me | blends"
    return (bool(whats) or _stops_bare(first)) and is_halted and is_whole


def _whole(
    written: Sequence[str], closing: frozenset[str] = frozenset(), name: Sequence[str] = ()
) -> SenderCommand | None:
    """Find the command of which these words are the phrase, between courtesies and a closing.

    The Spanish "para" is also a small word, "for", so that it stops only beside courtesies and a name.
    """
    courtesies = small("courtesy")
    for start in range(len(written)):
        if start and written[start - 1] not in courtesies:
            return None
        for end in range(len(written), start, -1):
            found = _COMMANDS.get(lexicon().intents.get(" ".join(written[start:end]), ""))
            behind = written[end:]
            said = " ".join(
                behind
            )  # the Spanish "baja un poco" is "lower", "remove me from the photo" a wish
            is_wish = reply_row("slightly").is_in(said) or command("deletion")["other"].is_in(said)
            is_clear = " ".join(written[start:end]) not in lexicon().phrases("filler")
            if found and courtesies.union(closing if is_clear else name).issuperset(behind) and not is_wish:
                return found
    return None
