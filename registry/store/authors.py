"""Keep whose paintings styles were learnt from, by mail address.

A person who mails a painting has no token. The bot vouches for their address, and acts for them: the style
belongs to the registry itself, and only a mail from that address changes or retires it. Where the address is
that of a person with a token, the style is that person's. A style that was handed over to somebody else is
theirs alone.

A private version has a mark, which stays when its style is retired, until somebody makes the version live. It
has a secret alias, which only the bot gets to know, and is not found by its number or another alias.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace

from registry.database.dialect import Transaction, ascii_lower
from registry.store import queries, version_aliases
from registry.store.access import roles
from registry.store.access.roles import BOT, NotAllowed, UnknownPerson, Writer
from registry.store.style_versions import LIVE, Style
from registry.values import LearntStyle
from styles.contract import PRIVATE

#: Random bytes in the alias of a private style.
SECRET_BYTES = 12

_OF_AUTHOR = """
    SELECT author.style FROM author JOIN alias ON alias.style = author.style
    WHERE author.address = ? GROUP BY author.style ORDER BY author.style"""


def private_alias() -> str:
    """Return a new secret alias."""
    return PRIVATE + secrets.token_hex(SECRET_BYTES)


def author_of(db: Transaction, style: str) -> str:
    """Return the address of the author of a style; "" for a style that was not learnt for anybody."""
    rows = db.rows("SELECT address FROM author WHERE style = ?", style)
    return str(rows[0]["address"]) if rows else ""


def writer_for(db: Transaction, style: str, address: str, *, by: Writer) -> Writer:
    """Return as whom the bot changes a style for an author.

    Raises `NotAllowed` for everybody but the bot, and for a style of somebody else.
    """
    require_bot(by)
    try:
        person = _person_at(db, address)
    except UnknownPerson:
        person = None
    if not db.rows("SELECT 1 FROM style WHERE name = ?", style):
        return person if person and person.reaches("publish") else Writer(BOT, "publish")
    if author_of(db, style) == ascii_lower(address) and not handed_to(db, style, address):
        return Writer(BOT, "registry")
    if person and roles.may(db, style, person, "publish"):
        return person
    raise NotAllowed(f"There is a style of another person that is called {style}.")


def person_of(db: Transaction, address: str) -> str:
    """Return the name of the person with a token whose address this is; "" if nobody is known there."""
    try:
        return _person_at(db, address).person
    except UnknownPerson:
        return ""


def address_of(db: Transaction, person: str) -> str:
    """Return the address that is noted beside a person's token, if nobody else has it; else ""."""
    rows = db.rows("SELECT address FROM person WHERE name = ?", person)
    address = str(rows[0]["address"]) if rows else ""
    return address if address and person_of(db, address) == person else ""


def require_bot(by: Writer) -> None:
    """Raise `NotAllowed` for everybody but the bot."""
    if by.person != BOT:
        raise NotAllowed("Only the bot acts for the authors of mails.")


def styles_of(db: Transaction, address: str, *, default: str = "") -> list[LearntStyle]:
    """Return the styles of an author that are not retired, by name; `default` is for mails that name none."""
    found = []
    for row in db.rows(_OF_AUTHOR, ascii_lower(address)):
        style = queries.kept(db, row["style"])
        ref = _ref(style.aliases)
        version = next(v for v in style.versions if v.version == style.aliases[ref])
        found.append(
            LearntStyle(
                name=style.name,
                title=version.card.title,
                ref=ref,
                version=version.version,
                may_retire=style.name != default and not handed_to(db, style.name, address),
            )
        )
    return found


def handed_to(db: Transaction, style: str, address: str) -> str:
    """Return the person to whom the author at an address has handed a style over; "" while it is theirs."""
    owner = roles.ownership(db, style).owner
    query = "SELECT 1 FROM person WHERE lower(name) = ? AND lower(address) = ?"
    is_author = bool(owner) and bool(db.rows(query, ascii_lower(owner), ascii_lower(address)))
    return "" if is_author else owner


def own_styles(db: Transaction, by: Writer, *, default: str = "") -> list[LearntStyle]:
    """Return the styles that were learnt from the mails of a person, without secret aliases.

    The person is known by the address that a maintainer has noted beside their token.
    """
    address, shown = address_of(db, by.person), "private"
    return [
        replace(style, ref=shown) if style.ref.startswith(PRIVATE) else style
        for style in (styles_of(db, address, default=default) if address else ())
        if roles.may(db, style.name, by)  # else it was handed over, and its page is not for them
    ]


def _ref(aliases: Mapping[str, int]) -> str:
    """Return the alias by which an author gets a style: what is newest of `live` and their own, else any."""

    def rank(alias: str) -> tuple[bool, int]:
        return alias == LIVE or alias.startswith(PRIVATE), aliases[alias]

    return max(aliases, key=rank)


def retire_of(db: Transaction, address: str, name: str = "", *, default: str, by: Writer) -> Sequence[str]:
    """Retire the styles of an author, or the one of a name, and return their names.

    What was handed over to somebody else stays, and so does the style `default`. Raises `NotAllowed`, also
    for the name of one that stays.
    """
    require_bot(by)
    own = [style for style in styles_of(db, address, default=default) if name in ("", style.name)]
    names = [style.name for style in own if style.may_retire]
    if name and own and not names:
        raise NotAllowed(
            f"{name} was handed over to somebody else, or is painted when a mail names no style."
        )
    for each in names:
        version_aliases.retire(db, each, by=Writer(BOT, "registry"))
    return names


def kept_for(db: Transaction, name: str, by: Writer) -> Style:
    """Return a style, also one that is retired or only staged.

    Private versions are in it for those who may change the style. Raises `UnknownStyle`, also for a style
    that has only private ones of somebody else.
    """
    return queries.kept(db, name) if roles.may(db, name, by) else queries.public(db, name)


def _person_at(db: Transaction, address: str) -> Writer:
    """Return the person with a token whose address this is. Raises `UnknownPerson`."""
    rows = db.rows("SELECT name FROM person WHERE lower(address) = ?", ascii_lower(address))
    if len(rows) != 1:  # of two people at one address nobody knows who writes
        raise UnknownPerson(address)
    return roles.widest(db, rows[0]["name"])
