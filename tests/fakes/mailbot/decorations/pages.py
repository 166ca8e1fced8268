"""Pages around a decoration, as mail programs, companies and newsletters write them.

Mail    a mail of the corpus
Page    makes the html of a mail from its own words and the tag of a picture
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.fakes.mailbot.decorations.programs import apple, gmail, outlook

SITE = "https://www.acme.example/"
#: Makes the html of a mail from its own words and the tag of a decoration.
Page = Callable[[str, str], str]


@dataclass(frozen=True, kw_only=True)
class Mail:
    """A mail of the corpus."""

    name: str
    raw: bytes
    photos: tuple[bytes, ...] = ()
    decorations: tuple[bytes, ...] = ()


def ending(closing: str) -> Page:
    return lambda words, tag: outlook(words, "&nbsp;", closing, "Jana Muster", "Acme GmbH", tag)


def carded(words: str, tag: str) -> str:
    return outlook(
        words, "&nbsp;", "Jana Muster", "Acme GmbH", "Tel.: +49 30 1234567", "www.acme.example", tag
    )


def signed(words: str, tag: str) -> str:
    return gmail(words, f"<div>Jane Doe<br>Acme Ltd.</div>{tag}")


def apple_signed(words: str, tag: str) -> str:
    return apple(f"{words}<br><br><div>Best regards,<br>Jane</div><br>{tag}")


def within(words: str, tag: str) -> str:
    return outlook(f"{words} {tag}")


def disclaimed(words: str, tag: str) -> str:
    small = "This e-mail is confidential. Please consider the environment before printing it."
    ruled = f"________________________________<p style='font-size:7pt'>{small}</p>"
    return f"<html><body>{words}<br><hr>{ruled}<table><tr><td>{tag}</td></tr></table></body></html>"


def newsletter(words: str, tag: str) -> str:
    letter = f"<table width='600'><tr><td>{tag}</td></tr><tr><td><h1>This week</h1>Save!</td></tr></table>"
    head = (
        "---------- Forwarded message ---------<br>From: <b>Acme</b> &lt;news@acme.example&gt;<br>Date: Mon"
    )
    return gmail(words, quote=f'<div dir="ltr" class="gmail_attr">{head}</div>{letter}')


def pasted_newsletter(words: str, tag: str) -> str:
    letter = f"<table width='600'><tr><td>{tag}</td></tr><tr><td>News</td></tr></table>"
    return f"<html><body>{words}{letter}</body></html>"


GERMAN = ending("Mit freundlichen Gr&uuml;&szlig;en")
ENGLISH = ending("Kind regards")
FRENCH = ending("Cordialement,")
BEST = ending("Best regards,")
SPANISH = ending("Saludos,")
ITALIAN = ending("Cordiali saluti")
UNMARKED = ending("Jana")
GREETINGS = ending("Viele Gr&uuml;&szlig;e")
SINCERELY = ending("Sincerely,")
DASHES = ending("-- ")
REGARDS = ending("Regards,")
SHORT = ending("LG")
GRUSS = ending("Gruss")
