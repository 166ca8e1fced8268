"""Recognize mails that only say thank you, which the bot does not answer.

An answer would be cold ("I found no photo"), and thanks for thanks have no end. Thanks that ask for something
are a request: "thanks, another one please", "can I have it in the scream too?".
"""

from __future__ import annotations

from collections.abc import Sequence
from unicodedata import category

from mailbot.intents import learning_intents
from mailbot.intents.changes.change_amounts import AMOUNTS, with_amounts
from mailbot.intents.changes.closings import closes, hides_a_wish
from mailbot.intents.changes.complaints import complains, without_likeness
from mailbot.intents.changes.objections import is_disliked
from mailbot.intents.changes.picture_choices import chooses_more, says_where
from mailbot.intents.details.sign_offs import without_sign_off
from mailbot.intents.learning.own_styles import names_own_style
from mailbot.intents.names.catalogue import Catalogue
from mailbot.intents.names.name_index import Grade
from mailbot.intents.request_places import is_answer, own_subject
from mailbot.intents.requests_without_style import whole_intent
from mailbot.intents.sender_orders.sender_commands import sender_command
from mailbot.intents.sentence import Item, Sentence
from mailbot.intents.sentence_reader import SentenceReader
from mailbot.parsing.mail_parser import StyleRequest
from styles.contract import StyleSummary
from styles.language.language_detection import detect
from styles.language.lexicon import Lexicon, lexicon
from styles.language.tokens import key, tokenize
from styles.language.word_rows import reply

#: Characters up to which a text is thanks and no letter: in a thread, and in a mail of its own.
_SHORT, _SHORT_ALONE = 400, 120
#: The category of Unicode to which emoji belong.
_SYMBOL = "So"
#: Fewest words of thanks that are praise only, and most of a reply that says nothing.
_FEW = 2
#: What a mail stops only where something is learnt: elsewhere “no thanks, leave it” is thanks.
_STOPS = (learning_intents.LearningAim.CANCEL, learning_intents.LearningAim.HALT)
#: Kinds of phrases that ask for something.
_ASKING = frozenset(("want", "not_after", "keep", "percent"))
#: Rows of changes that can tell how a painting is: "genau so hab ich mir das vorgestellt".
_UNCHANGED = ("same", "again", "undo")
#: Those that ask for another size.
_STEPS = ("larger", "smaller")
#: Kinds of words in the subject of thanks outside a thread; "Rex" is about a photo that was forgotten.
_SMALL = ("filler", "courtesy", "thanks", "praise", "polite", "delight")
#: Kinds of words of a reply that says nothing.
_IDLE = frozenset(("filler", "courtesy", "polite", "fit", "statement", "exclaim", "article"))
#: Words of an asking that can also stand in praise: "please thank your painter", "you made my day".
_POLITE = frozenset(("thanks", "praise", "delight"))


def may_be_thanks(request: StyleRequest) -> bool:
    """Tell whether a mail has no photo, and is no longer than thanks are."""
    longest = _SHORT if is_answer(request) else _SHORT_ALONE
    return not (request.images or request.unsupported) and len(request.text) <= longest


def is_thanks(request: StyleRequest, styles: Sequence[StyleSummary]) -> bool:
    """Tell whether a mail without a photo holds thanks or praise, and asks for nothing.

    “Call it Dunes, thanks” and “in my style, thanks” ask for something.

    A text message belongs to no thread. It must hold a word of thanks, and no word of a photo: the sender of
    "photo attached, thanks" has to learn that the photo is missing.
    """
    if not may_be_thanks(request) or "?" in request.text or "？" in request.text:
        return False
    if is_disliked(request.text) or complains(request.text):
        return False
    wish = learning_intents.read(request)
    if sender_command(request) or names_own_style(request.text) or (wish and wish.wanted not in _STOPS):
        return False
    subject = own_subject(request)
    written = f"{subject}\n{request.text}"
    is_alone = not is_answer(request)
    languages = detect(tokenize(written))
    known = lexicon((*languages, *(("ja",) if "zh" in languages else ())))  # "最高" is written without kana
    catalogue = Catalogue.of(styles)
    reader = SentenceReader(catalogue, known)
    sentences = without_likeness(without_sign_off(reader.sentences(written, "text")), known)
    items = [item for one in sentences for item in one.items]
    is_wordless = all(item.is_mark or item.has("courtesy") for item in items)
    if is_wordless and not is_alone and any(category(each) == _SYMBOL for each in request.text):
        return True  # a heart, a thumb
    if is_alone and (
        any(item.has("sent") for item in items) or not _is_small(reader.one(subject, "subject"))
    ):
        return False
    said = {word for item in items if not item.mention for word in (item.text, *item.text.split())}
    polite = known.phrases("thanks", *(() if is_alone else _POLITE)) - set(map(key, reply("so_so")))
    is_grateful = not said.isdisjoint(polite)
    is_long = len([item for item in items if not item.is_mark]) >= _FEW  # "wow" may be about a photo
    is_grateful = is_grateful or (is_long and any(_is_praise(one) for one in sentences))
    is_end = not is_alone and closes(request.text, catalogue, known)
    is_grateful = is_grateful and (is_alone or not hides_a_wish(request.text, catalogue, known))
    return is_end or (is_grateful and not any(_asks(one, known) for one in sentences))


def is_idle(request: StyleRequest, styles: Sequence[StyleSummary]) -> bool:
    """Tell whether a reply holds a few small words and nothing else: "ok", "lol", "好的"."""
    if not is_answer(request) or "?" in request.text or "？" in request.text or own_subject(request):
        return False
    known = lexicon(detect(tokenize(request.text[:_SHORT])))
    sentences = SentenceReader(Catalogue.of(styles), known).sentences(request.text[:_SHORT], "text")
    words = [item for one in sentences for item in one.words]
    return 0 < len(words) <= _FEW and all(item.kinds and item.kinds <= _IDLE for item in words)


def _is_praise(sentence: Sentence) -> bool:
    """Tell whether a sentence of the text is praise and nothing else: "Absolutely brilliant!"."""
    is_small = all(item.has(*_SMALL, "strength", "exclaim") for item in sentence.words)
    return sentence.where == "text" and is_small and not sentence.kinds.isdisjoint(("praise", "delight"))


def _is_small(subject: Sentence) -> bool:
    return all(item.has(*_SMALL) for item in subject.words)


def _asks(sentence: Sentence, known: Lexicon) -> bool:
    """Tell whether a sentence asks for something."""
    is_amount = any(item.has(*AMOUNTS) for item in with_amounts(sentence.items))  # "normal size will do"
    return (
        is_amount
        or bool(whole_intent(sentence, known))
        or chooses_more(sentence)
        or ("apart" in sentence.kinds and not says_where(sentence))
        or any(
            (item.mention and item.mention.grade is not Grade.WORD and not _is_praised(sentence, at))
            or item.is_number
            or (item.has("ask", "strength", *_ASKING) and not item.has(*_POLITE))
            or (item.has("size") and len(item.text.split()) > 1 and not item.has(*_POLITE))
            or (item.has("again", "limit") and _is_wish(sentence.clause(at), item, known))
            or (item.has("size") and _is_size(sentence.clause(at), item))
            or (known.changes.get(item.text) in _STEPS and _is_beside_thanks(sentence.clause(at), item))
            for at, item in enumerate(sentence.items)
        )
    )


def _is_wish(clause: Sequence[Item], item: Item, known: Lexicon) -> bool:
    """Tell whether an item of a clause asks for a change, or objects: "the same again", "but too dark"."""
    is_change = item.has("again")
    said = clause if is_change else clause[next(at for at, one in enumerate(clause) if one is item) + 1 :]
    is_same = known.changes.get(item.text) in _UNCHANGED
    is_tale = is_same and any(one.is_unknown for one in said)  # "genau so hab ich mir das vorgestellt"
    if is_change and not is_same:  # "con una bella cornice e un po' più grande"
        at = next(at for at, one in enumerate(said) if one is item)
        start = next((n + 1 for n in reversed(range(at)) if said[n].has("and")), 0)
        said = said[start:]
    return bool(said) and not is_tale and not any(one.has(*_POLITE) for one in said)


def _is_size(clause: Sequence[Item], item: Item) -> bool:
    """Tell whether a size ends its clause, and is none of praise: "quello grande", no "gran lavoro"."""
    at = next(at for at, one in enumerate(clause) if one is item)
    is_last = all(one.has("courtesy", "filler") for one in clause[at + 1 :])
    return is_last and not any(one.has(*_POLITE) for one in clause)


def _is_beside_thanks(clause: Sequence[Item], item: Item) -> bool:
    """Tell whether a clause holds nothing but a step and thanks: "bigger thanks", no "a bigger thank you"."""
    return all(one is item or one.has("thanks", "courtesy") for one in clause)


def _is_praised(sentence: Sentence, at: int) -> bool:
    """Tell whether a style is only praised: "thank you for the starry night", "the scream looks amazing".

    "Lovely, now the scream" is a request, and so is "el grito para mi hermano, que se quedó sin vacaciones".
    """
    clause = sentence.clause(at)
    before = next(index for index, item in enumerate(clause) if item is sentence.items[at])
    if any(
        item.has("further") or (item.has("ask", "want", "make") and not item.has(*_POLITE)) for item in clause
    ):
        return False
    if any(
        item.has("praise", "delight") and not any(one.has("being") for one in clause[before:n])
        for n, item in enumerate(clause)
    ):
        return True
    thanks = next((index for index, item in enumerate(clause[:before]) if item.has("thanks")), before)
    return any(item.has("for", "thanks_for") for item in clause[thanks:before])
