"""Find the line below which a mail's signature stands.

It says where a picture is no photo but a logo. The words of a text end by the rules of `text`.
"""

from __future__ import annotations

import re
from typing import Literal

#: The weaker mark is a closing formula ("Best regards"), a ruled line, or a telephone's number: people attach
#: photos below it too.
#: The stronger one is "--", or an element that the mail program marks as a signature.
Mark = Literal["", "closing", "signature"]
#: All marks, the weakest first.
MARKS: tuple[Mark, ...] = ("", "closing", "signature")
#: Characters of a closing formula, with a name behind it.
_MAX_CLOSING = 60
#: A line of a card: a telephone's number, or a site. No repeat is within another.
_CONTACT = re.compile(
    r"(?:(?:tel|telefon|téléphone|phone|fon|mobile?|mobil|cell|office|direct|fax|tél|teléfono|тел)\b|[tmpf]\b)?"
    r"[.:]{0,2}\s{0,3}\+?[\d(][\d\s()/.-]{6,25}$|(?:web:\s{0,3})?(?:https?://)?www\.[a-z0-9.-]{3,60}/?$",
    re.IGNORECASE,
)
_DASHES = ("--", "—", "–")
_RULED = re.compile(r"[_=*-]{10,}$")
#: Formulas that a name may follow, in lower case.
_CLOSINGS = (
    *("best regards", "kind regards", "kindest regards", "warm regards", "with regards", "regards,"),
    *("best wishes", "with best wishes", "yours sincerely", "yours faithfully", "sincerely", "yours truly"),
    *("thanks and regards", "thanks & regards", "many thanks and regards", "cheers,", "respectfully"),
    *("mit freundlichen grüßen", "mit freundlichem gruß", "mit freundlichen gruessen", "freundliche grüße"),
    *("mit freundlichen grüssen", "freundliche grüsse", "mit besten grüßen", "beste grüße", "viele grüße"),
    *("liebe grüße", "herzliche grüße", "schöne grüße", "mit herzlichen grüßen", "hochachtungsvoll"),
    *("cordialement", "bien cordialement", "bien à vous", "sincères salutations", "salutations"),
    *("meilleures salutations", "amicalement", "saludos", "un saludo", "un cordial saludo", "atentamente"),
    *("cordialmente", "cordiali saluti", "distinti saluti", "un saluto", "saluti", "atenciosamente"),
    *("cumprimentos", "com os melhores cumprimentos", "abraços", "met vriendelijke groet", "groeten"),
    *("vriendelijke groet", "med vänlig hälsning", "vänliga hälsningar", "med vennlig hilsen"),
    *("med venlig hilsen", "ystävällisin terveisin", "pozdrawiam", "z poważaniem", "s pozdravem"),
    *("с уважением", "с наилучшими", "saygılarımla", "此致", "敬具", "よろしくお願い", "감사합니다"),
)
#: Formulas that fill a line, in lower case and without a comma.
_WHOLE = frozenset(
    ("regards", "best", "cheers", "mfg", "vg", "lg", "mvh", "br", "brgds", "rgds", "kr", "祝好")
)


def signature_mark(line: str) -> Mark:
    """Return what this line says of the pictures below it."""
    words = line.strip().lower()
    if words in _DASHES:
        return "signature"
    is_closing = len(words) <= _MAX_CLOSING and (
        words.startswith(_CLOSINGS)
        or words.rstrip(",.! ") in _WHOLE
        or _RULED.match(words)
        or _CONTACT.match(words)
    )
    return "closing" if is_closing else ""
