"""Find mails that seem to want a painting learnt, without saying so clearly: the bot asks whether they do."""

from __future__ import annotations

from mailbot.intents.learning.corrections import further_name, may_be_retaken
from mailbot.intents.learning.exact_wishes import is_exact
from mailbot.intents.learning.learning_words import folded, has, is_wanted
from mailbot.intents.learning.painters.told_names import told_name
from mailbot.intents.learning.spoken_names import bare_name
from mailbot.intents.learning.wishes import begins_to_learn
from mailbot.intents.learning.written_names import clean_name
from mailbot.intents.learning_intents import clear_wish, is_taken_back, lines_of, sentences_of
from mailbot.parsing.mail_parser import StyleRequest
from styles.language.word_rows import command
from styles.translatable import gettext_noop

#: What to write, for a sender of a photo that may have been meant to teach.
NEAR = gettext_noop(
    "Did you want me to learn it? Then write “learn: my garden”, with your own name for it. For one photo "
    "painted exactly like a painting, attach both."
)
#: The same of two pictures, of which one may have been meant for the painting.
ALIKE = gettext_noop(
    "If you want one picture painted exactly like the other, answer with “the first exactly like the second” "
    "or “the second exactly like the first”."
)
#: What to write with a better photo of a painting, where it was painted in that painting's style.
BETTER = gettext_noop(
    "If it is a better photo of your painting, send it again with the words “a better photo of my painting”, "
    "and I make a new version of your style from it."
)


def hint(request: StyleRequest) -> str:
    """Return what to write in such a mail, "" for another one."""
    if is_near(request):
        return NEAR
    return ALIKE if seems_alike(request) else ""


def seems_alike(request: StyleRequest) -> bool:
    """Tell whether a mail with several pictures speaks of a painting, or of one picture like another."""
    said = [folded(sentence) for sentence in sentences_of(request)]
    is_said = any(has(name, each) for each in said for name in ("as_painting", "as_model", "likeness"))
    return len(request.images) > 1 and is_said and not is_taken_back(request)


def is_near(request: StyleRequest) -> bool:
    """Tell whether a mail that asks for no learning seems to mean it: "Learn my garden", without a colon."""
    if is_taken_back(request):  # beside “learn: my garden” it cannot be told
        return clear_wish(request) is not None
    return any(
        is_exact(sentence)
        or begins_to_learn(sentence)
        or is_wanted(command("teaching")["learn_verb"], sentence)
        for sentence in sentences_of(request)
    )


def after_lesson(request: StyleRequest) -> str:
    """Return what to write with a photo that may be a better one of the painting, or another painting.

    "" for another mail.
    """
    if not request.images:
        return ""
    if may_be_retaken(request.text):
        return BETTER
    return "" if further_name(request.text) is None else NEAR


def near_name(request: StyleRequest) -> str:
    """Return the name in such a mail: "my garden" in "Learn my garden"; "" without one."""
    if wish := clear_wish(request):
        return wish.called
    lines = list(lines_of(request))
    behind = (bare_name(line, has_capitals=False) for line in lines)
    return told_name(lines) or clean_name(next(filter(None, behind), ""))
