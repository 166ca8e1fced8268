"""Find mails that seem to want a painting learnt, without saying so clearly: the bot asks whether they do."""

from __future__ import annotations

from mailbot.intents.learning.exact_wishes import is_exact
from mailbot.intents.learning.learning_words import is_wanted
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


def near_name(request: StyleRequest) -> str:
    """Return the name in such a mail: "my garden" in "Learn my garden"; "" without one."""
    if wish := clear_wish(request):
        return wish.called
    lines = list(lines_of(request))
    behind = (bare_name(line, has_capitals=False) for line in lines)
    return told_name(lines) or clean_name(next(filter(None, behind), ""))
