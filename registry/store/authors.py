"""Keep whose paintings styles were learnt from, by mail address.

A person who mails a painting has no token. The bot vouches for their address, and acts for them: the style
belongs to the registry itself, and only a mail from that address changes or retires it. Where the address is
that of a person with a token, the style is that person's. A style that was handed over to somebody else is
theirs alone.

So by mail a style is its author's, or that of its owner where nobody else has the address and their token may
publish. Maintainers, of a style or of the registry, change by mail what is their own, and nothing else.

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

#: The styles of an author, and those of an owner that were learnt by mail, on the page or by command.
_OF_AUTHOR = """
    SELECT author.style FROM author JOIN alias ON alias.style = author.style WHERE author.address = ?
    UNION
    SELECT alias.style FROM alias JOIN learnt ON learnt.style = alias.style AND learnt.version = alias.version
        JOIN style ON style.name = alias.style
    WHERE style.owner <> '' AND lower(style.owner) = ? ORDER BY 1"""


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
    person = _publisher_at(db, address)
    if not db.rows("SELECT 1 FROM style WHERE name = ?", style):
        return person or Writer(BOT, "publish")
    if author_of(db, style) == ascii_lower(address) and not handed_to(db, style, address):
        return Writer(BOT, "registry")
    if person and person.is_called(roles.ownership(db, style).owner):
        return person
    raise NotAllowed(f"There is a style of another person that is called {style}.")


def is_theirs(db: Transaction, style: str, address: str, *, by: Writer) -> bool:
    """Tell whether an author may have a style changed by mail."""
    try:
        return bool(writer_for(db, style, address, by=by))
    except NotAllowed:
        return False


def require_no_other(db: Transaction, style: str, address: str) -> None:
    """Raise `NotAllowed` for a style of another author, whoever owns it: it has one author."""
    if author_of(db, style) not in ("", ascii_lower(address)):
        raise NotAllowed(f"{style} was learnt from the painting of another person.")


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
    found, person = [], _publisher_at(db, address)
    for row in db.rows(_OF_AUTHOR, ascii_lower(address), ascii_lower(person.person) if person else ""):
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
    """Return the styles that were learnt from the paintings of a person, without secret aliases.

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

    What was handed over to somebody else stays, and so does the style `default`. For a second time the name
    of one that is retired is answered as the first. Raises `NotAllowed`, also for the name of one that stays.
    """
    require_bot(by)
    if name and not queries.aliases(db, name) and db.rows("SELECT 1 FROM style WHERE name = ?", name):
        return [name] if is_theirs(db, name, address, by=by) else []
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


def _publisher_at(db: Transaction, address: str) -> Writer | None:
    """Return the one person at an address, if a token of theirs may publish."""
    try:
        person = _person_at(db, address)
    except UnknownPerson:
        return None
    return person if person.reaches("publish") else None


def _person_at(db: Transaction, address: str) -> Writer:
    """Return the person with a token whose address this is. Raises `UnknownPerson`."""
    rows = db.rows("SELECT name FROM person WHERE lower(address) = ?", ascii_lower(address))
    if len(rows) != 1:  # of two people at one address nobody knows who writes
        raise UnknownPerson(address)
    return roles.widest(db, rows[0]["name"])
