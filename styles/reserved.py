"""Words that mean something in a mail, so that no style can be called by them.

The bot reads mails by them (`mailbot/commands.py`), and a registry refuses names that are made of them: a
style called "help" or "photo" would take the mails of all who write that and mean something else.
"""

from __future__ import annotations

import re

#: A strength.
PERCENT = re.compile(r"(?<![\w.,])(\d{1,3})\s?(?:%|percent\b|per cent\b|prozent\b)", re.IGNORECASE)
#: The painting is to keep the photo's colours.
KEEP_COLORS = re.compile(
    r"\b(?:keep|keeping|preserve)\s+(?:(?:the|my|its|all|original|photo['’]?s)\s+){0,3}colou?rs?\b"
    r"|\b(?:(?:with|in|use)\s+)?(?:(?:the|my|its)\s+)?original\s+colou?rs?\b",
    re.IGNORECASE,
)
#: Whole lines that ask how it works, and which styles there are.
HELP = frozenset(("help", "help me", "hilfe", "aide", "ayuda", "commands", "usage", "how", "how to",
                   "how does this work", "how does it work", "instructions", "what can you do"))  # fmt: skip
LIST = frozenset(("styles", "style", "list", "list styles", "styles list", "style list", "list of styles",
                   "all styles", "which styles", "what styles", "show styles", "which styles are there",
                   "what styles are there", "what styles do you have", "which styles do you have",
                   "catalog", "catalogue", "gallery"))  # fmt: skip
#: Whole mails that are about the sender and not about a photo.
STOP = frozenset(("stop", "please stop", "stop please", "unsubscribe", "stopp", "abmelden",
                  "no more mails", "no more emails"))  # fmt: skip
START = frozenset(("start", "resume", "start again", "subscribe", "please start"))
DELETE = frozenset(("delete my photos", "delete my pictures", "delete my data", "delete all my photos",
                    "delete all my data", "delete my photos and data", "forget me", "erase my data",
                    "please delete my photos", "please forget me"))  # fmt: skip
#: Names that phones and mail programs give to photos, and the subjects that they make of them.
GENERIC = re.compile(
    r"^(?:\d+ )?(?:photo|photos|foto|fotos|image|images|picture|pictures|pic|pics|bild|bilder|attachment|"
    r"attachments|untitled|no subject|test|mms|message)(?: \d+)?(?: (?:jpe?g|png|heic|gif|webp))?$"
    r"|^(?:img|dsc|dscf|dscn|pxl|mvimg|image|photo|screenshot|whatsapp image|fb img|p|imag|dcim|signal) ?"
    r"\d[\d \w]*$"
    r"|^[\d ]+$"
    r"|^.{1,100} (?:jpe?g|png|heic|heif|gif|webp|tiff?|dng)$"
)
#: What people write around a style.
FILLERS = frozenset(
    """a an the this these that it its my me our us your you i im id we he she they and or of in on at as by
    to from for with into like make made turn turned paint painted painting paintings draw apply use using
    give do does can could would will please pls plz thanks thank thx cheers hi hello hey dear there bot
    painter style styles styled photo photos picture pictures pic pics image images foto look looks looking
    be is are was want wish love lovely nice some just so now here try one version effect filter
    bitte danke hallo im stil von mal das ein eine als und bild""".split()  # noqa: SIM905 - 120 quoted words are harder to read
)


#: Whole phrases as they are written without spaces.
_JOINED = frozenset(phrase.replace(" ", "") for phrase in HELP | LIST | STOP | START | DELETE)


def is_reserved(phrase: str) -> bool:
    """Whether lower-case words mean something else than a style, with spaces or without.

    "helpme" too, since whoever reads mails takes "star ry night" for "starry night".
    """
    joined = "".join(phrase.split())
    spaced = re.sub(r"(?<=[a-z])(?=\d)|(?<=\d)(?=[a-z])", " ", joined)  # "photo2" is "photo 2"
    return (
        joined in _JOINED
        or any(GENERIC.match(way) or PERCENT.search(way) for way in (phrase, spaced))
        or bool(KEEP_COLORS.search(phrase))
        or _is_fillers(joined)
    )


def _is_fillers(joined: str) -> bool:
    """Whether these letters are fillers, one after the other; "" is."""
    ends = {0}
    for end in range(1, len(joined) + 1):
        if any(joined[start:end] in FILLERS for start in ends):
            ends.add(end)
    return len(joined) in ends
