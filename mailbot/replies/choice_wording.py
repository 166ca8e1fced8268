"""Say how the style of a painting was chosen, and what of the request it does not show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mailbot.intents.command_types import Paint
from mailbot.languages.translator import Translator
from mailbot.parsing.headers import clean
from mailbot.replies.style_wording import MAX_WORDS


def about_choice(say: Translator, paint: Paint, *, taken: str = "", remembers: bool = False) -> str:
    """Return sentences on how the style was chosen, on words that mean nothing, and on photos left out.

    "" if all is plain. `taken` is the title of the style that was chosen before the alternatives. If
    `remembers`, an answer to this answer needs no photo.
    """
    return say.sentences(*_about_choice(say, paint, taken, remembers=remembers))


def _about_choice(say: Translator, paint: Paint, taken: str, *, remembers: bool) -> Iterator[str]:
    if paint.chosen == "default":
        yield _of_favourite(say, paint)
        yield (
            say.gettext(
                "To choose another, answer with a style's name: “{list}” brings the list.",
                list=say.gettext("styles"),
            )
            if remembers
            else say.gettext(
                "To choose another, send the photo again with a style's name as the subject: "
                "“{list}” brings the list.",
                list=say.gettext("styles"),
            )
        )
    if paint.doubted:
        yield say.gettext(
            "I took “{words}” for the style that you want.", words=clean(paint.doubted, MAX_WORDS)
        )
        yield (
            say.gettext(
                "If it only tells about your photo, answer with a style's name, or with “{surprise}”.",
                surprise=say.gettext("surprise me"),
            )
            if remembers
            else say.gettext(
                "If it only tells about your photo, send it again with a style's name as the subject, "
                "or with “{surprise}”.",
                surprise=say.gettext("surprise me"),
            )
        )
    if paint.alternatives:
        styles = say.both(paint.alternatives)
        yield say.gettext("I took {style}. I also have {styles}.", style=taken, styles=styles)
    if paint.passed_over:
        words = say.both(_quoted(say, paint.passed_over))
        yield say.gettext(
            "I did not paint {words}, since your mail names another style, too. For both, write their names "
            "with a comma between them.",
            words=words,
        )
    if paint.not_understood:
        words = say.listed(_quoted(say, paint.not_understood))
        yield say.gettext("I did not understand: {words}.", words=words)
    if paint.is_order_guessed:
        yield say.gettext("I took your photos in their order.")
    if paint.left_out:
        photos = say.both(_quoted(say, paint.left_out))
        yield say.gettext("I left out {photos}, since you asked for others.", photos=photos)


def _of_favourite(say: Translator, paint: Paint) -> str:
    """Return the sentence that says why the favourite style was taken."""
    if paint.mentioned:
        words = say.both(_quoted(say, paint.mentioned))
        return say.gettext(
            "I was not sure that you want the style {words}, so I took my favourite.", words=words
        )
    if paint.is_forgotten:
        return say.gettext("I remember no painting of yours, so I took my favourite.")
    return say.gettext("You named no style that I know, so I took my favourite.")


def _quoted(say: Translator, pieces: Sequence[str]) -> list[str]:
    return [say.gettext("“{words}”", words=clean(piece, MAX_WORDS)) for piece in pieces]
