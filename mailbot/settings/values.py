"""Define the kinds of values in the [mail] tables of config.toml, and the words for a wrong one."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from styles.service.config import ConfigPath

#: Special uses of RFC 6154 that a folder of the config may have.
SPECIAL_USES = {word.lower(): word for word in ("\\All", "\\Archive", "\\Junk", "\\Trash")}


def refuse_unless(holds: Callable[[str], object], otherwise: str) -> AfterValidator:
    """Return a validator that refuses a word for which `holds` is false, with the reason."""

    def check(word: str) -> str:
        if not holds(word):
            raise ValueError(otherwise)
        return word

    return AfterValidator(check)


_NO_PATTERN = (
    "this is no address, no @domain, no pattern with an @, such as *@*.example.org, and no sender of another "
    "channel, such as telegram:12345 or telegram:*"
)
_NO_SPECIAL_USE = f"a special use is one of {', '.join(SPECIAL_USES.values())}"
_NO_FOLDER = "a folder's name holds no * or % and nothing that cannot be printed"

Port = Annotated[int, Field(ge=1, le=65535)]
OptionalPath = Annotated[ConfigPath | None, BeforeValidator(lambda value: value or None)]
Printable = Annotated[str, refuse_unless(str.isprintable, "it holds something that cannot be printed")]
MailAddress = Annotated[str, refuse_unless(re.compile(r"\S+@[^\s@]+").fullmatch, "this is no mail address")]
Pattern = Annotated[str, refuse_unless(re.compile(r"\S*@\S*|[a-z]+:\S+").fullmatch, _NO_PATTERN)]
Folder = Annotated[
    str,
    Field(min_length=1),
    refuse_unless(lambda word: not word.startswith("\\") or word.lower() in SPECIAL_USES, _NO_SPECIAL_USE),
    refuse_unless(lambda word: word.isprintable() and not set(word) & set("*%"), _NO_FOLDER),
]
