"""Keep whose paintings styles were learnt from, by mail address, and find a free name for a new one.

A person who mails a painting has no token. The bot vouches for their address, and acts for them: the style
belongs to the registry itself, and only a mail from that address changes or retires it. Where the address is
that of a person with a token, the style is that person's.

A private version has a mark, which stays when its style is retired, until somebody makes the version live. It
has a secret alias, which only the bot gets to know, and is not found by its number or another alias. A
version that its author took back has the mark too, and no alias.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace

from registry.database.dialect import Transaction, ascii_lower
from registry.store import audit, queries, version_aliases
from registry.store.access import roles
from registry.store.access.roles import BOT, NotAllowed, UnknownPerson, Writer
from registry.store.style_versions import LIVE, PREVIOUS, STAGED, Style, StyleVersion
from registry.values import LearntStyle
from styles.contract import PRIVATE
from styles.errors import Permanent

#: Random bytes in the alias of a private style.
SECRET_BYTES = 12

_OF_AUTHOR = """
    SELECT author.style FROM author JOIN alias ON alias.style = author.style
    WHERE author.address = ? GROUP BY author.style ORDER BY author.style"""
#: The version of a job with its aliases, `live` first; without one, the alias is NULL.
_OF_JOB = """
    SELECT learnt.style, learnt.version, alias.alias FROM learnt LEFT JOIN alias
        ON alias.style = learnt.style AND alias.version = learnt.version
    WHERE job = ? ORDER BY coalesce(alias.alias, '') = ? DESC"""


class NoLongerPublished(Permanent):
    """Refuse to publish what a job has learnt: it was stopped, or its version was taken back or replaced."""

    status = 409

    def __init__(self, style: str = "", version: int = 0) -> None:
        super().__init__(
            f"This was published as version {version} of {style}, and was taken back or replaced since. "
            "Make that version live again on the style's page, or have the painting learnt once more."
            if style
            else "This was stopped, and nothing of it is published."
        )
        self.style = style  #: "" for a job that was stopped


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
    if author_of(db, style) == ascii_lower(address):
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


def styles_of(db: Transaction, address: str) -> list[LearntStyle]:
    """Return the styles of an author that are not retired, by name."""
    found = []
    for row in db.rows(_OF_AUTHOR, ascii_lower(address)):
        style = queries.kept(db, row["style"])
        ref = _ref(style.aliases)
        version = next(v for v in style.versions if v.version == style.aliases[ref])
        found.append(LearntStyle(name=style.name, title=version.card.title, ref=ref, version=version.version))
    return found


def own_styles(db: Transaction, by: Writer) -> list[LearntStyle]:
    """Return the styles that were learnt from the mails of a person, without secret aliases.

    The person is known by the address that a maintainer has noted beside their token.
    """
    address, shown = address_of(db, by.person), "private"
    return [
        replace(style, ref=shown) if style.ref.startswith(PRIVATE) else style
        for style in (styles_of(db, address) if address else ())
    ]


def _ref(aliases: Mapping[str, int]) -> str:
    """Return the alias by which an author gets a style: what is newest of `live` and their own, else any."""

    def rank(alias: str) -> tuple[bool, int]:
        return alias == LIVE or alias.startswith(PRIVATE), aliases[alias]

    return max(aliases, key=rank)


def retire_of(db: Transaction, address: str, name: str = "", *, default: str, by: Writer) -> Sequence[str]:
    """Retire the styles of an author, or the one of a name, and return their names. Raises `NotAllowed`."""
    require_bot(by)
    names = [style.name for style in styles_of(db, address) if name in ("", style.name)]
    names = [name for name in names if name != default]
    for each in names:
        version_aliases.retire(db, each, by=Writer(BOT, "registry"))
    return names


def stop_job(db: Transaction, job: str) -> str:
    """Stop a job, so that no registry publishes it. Return the style that it has made before; "" if none."""
    rows = db.rows("SELECT style FROM learnt WHERE job = ?", job)
    if rows:
        return str(rows[0]["style"])
    db.insert("stopped_job", {"job": job}, ignore=True)
    return ""


def withdraw(db: Transaction, job: str, *, default: str, by: Writer) -> None:
    """Stop a job for its author: nothing that it has learnt is published, and what it has made is undone.

    What was live or staged before is so again. A style without another version in use is retired. What is
    undone is private. Raises `NotAllowed` for everybody but the bot.
    """
    require_bot(by)
    db.insert("stopped_job", {"job": job}, ignore=True)
    for row in db.rows("SELECT style, version FROM learnt WHERE job = ?", job):
        _take_back(db, row["style"], row["version"], default=default)


def _take_back(db: Transaction, name: str, version: int, *, default: str) -> None:
    bot, aliases = Writer(BOT, "registry"), queries.aliases(db, name)
    if version not in aliases.values():
        return
    staged = audit.before(db, name, version, STAGED) if aliases.get(STAGED) == version else 0
    if set(aliases.values()) == {version} and not staged:
        if name != default:
            version_aliases.retire(db, name, by=bot)
            _hide(db, name, version)
        return
    if aliases.get(LIVE) == version and PREVIOUS in aliases:  # the others may be private
        version_aliases.rollback(db, name, by=bot)
    db.execute("DELETE FROM alias WHERE style = ? AND version = ?", name, version)
    _hide(db, name, version)
    audit.record(db, "alias removed", style=name, version=version, by=BOT, detail="taken back by its author")
    if staged:
        version_aliases.point(db, name, {STAGED: staged})
        audit.record(db, "promoted", style=name, version=staged, by=BOT, detail=STAGED)


def _hide(db: Transaction, name: str, version: int) -> None:
    """Make a version private that was taken back: nobody finds it by its number, or gets its files."""
    db.insert("private_version", {"style": name, "version": version}, ignore=True)


def made_by(db: Transaction, job: str) -> tuple[StyleVersion, str] | None:
    """Return the version that a job has made, and an alias of it; None before. Raises `NoLongerPublished`.

    So a job makes one version. A repeated publication is answered as the first, by whichever registry.
    """
    if db.rows("SELECT 1 FROM stopped_job WHERE job = ?", job):
        raise NoLongerPublished
    rows = db.rows(_OF_JOB, job, LIVE)
    found = queries.version(db, rows[0]["style"], rows[0]["version"]) if rows else None
    if found is None:
        return None
    if rows[0]["alias"] is None:
        raise NoLongerPublished(found.name, found.version)
    return found, rows[0]["alias"]


def has_made(db: Transaction, job: str, address: str = "", *, by: Writer) -> bool:
    """Tell whether a job has made a style that a writer may change, for the bot one of an author."""
    rows = db.rows("SELECT style FROM learnt WHERE job = ?", job)
    if not rows or by.person != BOT:
        return bool(rows) and roles.may(db, rows[0]["style"], by)
    try:
        return not address or bool(writer_for(db, rows[0]["style"], address, by=by))
    except NotAllowed:
        return False


def note_made(db: Transaction, job: str, version: StyleVersion) -> None:
    """Record which version a job has made."""
    db.insert("learnt", {"job": job, "style": version.name, "version": version.version})


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
