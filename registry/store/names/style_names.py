"""Check names of styles, make them of words, and find a free one where a name is taken."""

from __future__ import annotations

import re

from registry.database.dialect import Transaction
from registry.store.access import roles
from registry.store.access.roles import NotAllowed, Scope, Writer
from registry.store.authors import require_no_other, writer_for
from registry.values import NameChoice
from styles.errors import BadOption
from styles.language.reserved_names import is_reserved, looks_like
from styles.language.tokens import key

#: Pattern of a style's name, which appears in mails, addresses and file names.
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}", re.ASCII)
#: Characters of a name that is made of words.
LONGEST_NAME = 48
#: Numbers that are tried behind a taken name.
MOST_TRIES = 500


def check_name(name: str) -> None:
    """Raise `BadOption` if no style can have this name: it is malformed or reserved."""
    if not NAME.fullmatch(name):
        raise BadOption(
            f"“{name[:100]}” cannot be a style's name: "
            "that is up to 64 small letters, digits and hyphens, and no hyphen first."
        )
    if is_reserved(name.replace("-", " ")):
        raise BadOption(f"“{name}” means something else when it stands in a mail: choose another name.")


def require_distinct(db: Transaction, name: str, instead_of: str = "") -> None:
    """Raise `BadOption` for a new name that people would confuse with that of another style.

    It may be like the name `instead_of`, whose style it is for.
    """
    names = {row["name"] for row in db.rows("SELECT name FROM style")}
    others = sorted(names - {instead_of})
    alike = next((other for other in others if looks_like(other) == looks_like(name)), name)
    if name not in names and alike != name:
        which = f"“{alike}”, which is a style already"
        if not _is_public(db, alike):
            which = "the name of another style"
        raise BadOption(f"“{name}” is too much like {which}: choose another name.")


def _is_public(db: Transaction, name: str) -> bool:
    """Tell whether a style has a version that is not private."""
    query = """
        SELECT 1 FROM version LEFT JOIN private_version AS hidden USING (style, version)
        WHERE style = ? AND hidden.version IS NULL"""
    return bool(db.rows(query, name))


def choose_name(
    db: Transaction, phrase: str, address: str = "", *, instead_of: str = "", by: Writer
) -> NameChoice:
    """Return the name that words make, and a free one like it where somebody else has it.

    `instead_of` is the name that the style has so far, if any.
    """
    name = slug(phrase)
    if not name:
        return _named_after(db, phrase, address, by=by)
    try:
        _require_free(db, name, address, instead_of, by=by)
    except (BadOption, NotAllowed) as error:
        return NameChoice(name=name, flaw=error.message, free=_free(db, name, address, by=by))
    exists = bool(db.rows("SELECT 1 FROM style WHERE name = ?", name))
    return NameChoice(name=name, free=name, exists=exists)


def _named_after(db: Transaction, phrase: str, address: str, *, by: Writer) -> NameChoice:
    """Return a name made of the person's, for words without a letter that a name can have.

    The author of a mail gets none: the bot knows how they are called.
    """
    if address or not any(map(str.isalpha, phrase)):
        return NameChoice(name="", flaw="A name has letters, or digits.")
    if is_reserved(phrase):
        return NameChoice(name="", flaw=f"“{phrase}” means something else when it stands in a mail.")
    name = f"{slug(by.person)[:LONGEST_NAME] or 'my'}-canvas"
    if db.rows("SELECT 1 FROM style WHERE name = ?", name) or not _is_free(db, name, address, by=by):
        name = _free(db, name, address, by=by)
    return NameChoice(name=name, free=name)


def slug(phrase: str) -> str:
    """Make a style's name of words: “Mein Gärten” is `mein-garten`; "" if it has no such letters."""
    words = re.findall("[a-z0-9]+", key(phrase))
    return "-".join(words)[:LONGEST_NAME].rstrip("-")


def _free(db: Transaction, name: str, address: str, *, by: Writer) -> str:
    """Return a name like another that no style has, not even one of the same author; "" if all are taken."""
    taken = {row["name"] for row in db.rows("SELECT name FROM style")}
    plain = [f"{name}-{number}" for number in range(2, MOST_TRIES)]
    longer = f"{name}-easel"  # which is reserved for no phrase
    easels = [longer, *(f"{longer}-{number}" for number in range(2, MOST_TRIES))]
    for tried in [*easels, *plain] if is_reserved(name.replace("-", " ")) else [*plain, *easels]:
        if tried not in taken and _is_free(db, tried, address, by=by):
            return tried
    return ""


def _is_free(db: Transaction, name: str, address: str, *, by: Writer) -> bool:
    try:
        _require_free(db, name, address, by=by)
    except (BadOption, NotAllowed):
        return False
    return True


def _require_free(db: Transaction, name: str, address: str, instead_of: str = "", *, by: Writer) -> None:
    """Raise `BadOption` or `NotAllowed` where a name cannot be had."""
    check_name(name)
    require_distinct(db, name, instead_of)
    if address:
        writer_for(db, name, address, by=by)
        if instead_of not in ("", name):  # the style takes its author along
            require_no_other(db, name, address)
    else:
        scope: Scope = "publish" if by.reaches("publish") else "stage"
        roles.require(db, name, by, scope)
