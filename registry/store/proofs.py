"""Keep an artist's proofs: a fixed set of photos, as each version paints them.

A version of a person's style, or of any style with several versions, is proved while an alias is at it. A
proof is a picture for each photo, or a note that the version cannot paint it. The proof of a version that
waits to go live is mailed once to the person who published it, if their address is known. That person may
make it live by an answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from registry.database.dialect import Transaction, Value, ascii_lower, now
from registry.store import audit, queries, version_aliases
from registry.store.access import roles
from registry.store.access.roles import BOT, NotAllowed, Writer
from registry.store.location import StoreParts
from registry.store.style_versions import LIVE, PREVIOUS, blob_path
from registry.values import WaitingProof
from styles.contract import ResolvedStyle
from styles.errors import BadOption

#: The photos, by the names of their files in registry/proof_photos.
PHOTOS = ("face", "street", "night", "sky")
#: Form of a mail address.
ADDRESS = re.compile(r"[^\s@<>,;:\"()]{1,64}@[^\s@<>,;:\"()]{1,190}")

_WANTED = """
    SELECT DISTINCT alias.style, alias.version FROM alias JOIN style ON style.name = alias.style
    LEFT JOIN private_version AS hidden ON hidden.style = alias.style AND hidden.version = alias.version
    WHERE hidden.version IS NULL AND (owner <> '' OR EXISTS (
            SELECT 1 FROM version WHERE version.style = alias.style AND version.version > 1))
      AND (SELECT count(*) FROM proof WHERE proof.style = alias.style AND proof.version = alias.version) < ?
    ORDER BY alias.style, alias.version DESC"""
#: Versions that wait, with the person who staged them and that person's address, whose proof was not mailed.
_WAITING = """
    SELECT DISTINCT version.style, version.version, version.created, audit."by" AS person, address
    FROM version JOIN alias ON alias.style = version.style AND alias.version = version.version
    JOIN audit ON audit.style = version.style AND audit.version = version.version AND action = 'staged'
    JOIN person ON lower(person.name) = lower(audit."by")
    WHERE NOT EXISTS (
        SELECT 1 FROM proof_mail AS sent WHERE sent.style = version.style AND sent.version = version.version)
      AND (SELECT count(*) FROM proof
           WHERE proof.style = version.style AND proof.version = version.version) >= ?
    ORDER BY version.created, version.style"""
#: Persons at an address that got the proof of a version; each of them has staged it.
_READERS = """
    SELECT person.name FROM proof_mail AS sent JOIN person ON lower(person.address) = lower(sent.address)
    JOIN audit ON audit.style = sent.style AND audit.version = sent.version AND action = 'staged'
         AND lower(audit."by") = lower(person.name)
    WHERE sent.style = ? AND sent.version = ? AND lower(sent.address) = ?
    ORDER BY audit.id DESC"""


def proofs_wanted(db: Transaction) -> Sequence[tuple[str, int, tuple[str, ...]]]:
    """Return the versions whose proof is not whole, with the photos that they have yet to paint."""
    wanted = []
    for row in db.rows(_WANTED, len(PHOTOS)):
        there = proof(db, row["style"], row["version"])
        missing = tuple(photo for photo in PHOTOS if photo not in there)
        wanted.append((row["style"], row["version"], missing))
    return wanted


def proof(db: Transaction, style: str, version: int) -> dict[str, str]:
    """Return the paths of a version's pictures by photo; "" for a photo that it cannot paint."""
    rows = db.rows("SELECT photo, digest FROM proof WHERE style = ? AND version = ?", style, version)
    return {row["photo"]: blob_path(row["digest"] or "") for row in rows}


def keep_proof(state: StoreParts, style: str, version: int, photo: str, picture: Path | None) -> None:
    """Keep the painting of a photo, a JPEG, or with None that the version cannot paint it."""
    with ExitStack() as copies:
        copy = None
        if picture:
            copy = replace(copies.enter_context(state.incoming.receive(picture)), media_type="image/jpeg")
            state.blobs.send(copy)
        with state.database.writing() as db:
            if copy:
                state.keep(db, copy)
            digest = copy.digest if copy else None
            key: dict[str, Value] = {"style": style, "version": version, "photo": photo}
            db.insert("proof", key | {"digest": digest}, ignore=True)


def set_address(db: Transaction, name: str, address: str, *, by: Writer = roles.SYSTEM) -> None:
    """Note the mail address of a person with a token; "" forgets it. Raises `NotAllowed` and `BadOption`."""
    by.require("registry")
    person = roles.known_person(db, name)
    check_address(address)
    db.execute("DELETE FROM person WHERE lower(name) = ?", ascii_lower(person))
    if address:
        db.insert("person", {"name": person, "address": address})
    audit.note(db, "address set" if address else "address removed", by=by.person, detail=person)


def check_address(address: str) -> None:
    """Raise `BadOption` for what is no mail address, and not ""."""
    if address and not ADDRESS.fullmatch(address):
        raise BadOption(f"“{address[:100]}” is no mail address.")


def addresses(db: Transaction) -> dict[str, str]:
    """Return the mail addresses by person."""
    return {row["name"]: row["address"] for row in db.rows("SELECT name, address FROM person")}


def waiting_proofs(db: Transaction) -> Sequence[WaitingProof]:
    """Return the proofs to be mailed, the oldest first."""
    found = []
    for row in db.rows(_WAITING, len(PHOTOS)):
        style = queries.kept(db, row["style"])
        live = style.aliases.get(LIVE, 0)
        old = proof(db, style.name, live) if live else {}
        is_waiting = row["version"] not in (live, style.aliases.get(PREVIOUS, 0))
        if is_waiting and (not live or len(old) >= len(PHOTOS)):
            title = next(v.card.title for v in style.versions if v.version == row["version"])
            values = {key: row[key] for key in ("style", "version", "person", "address")}
            new = proof(db, style.name, row["version"])
            found.append(WaitingProof(**values, title=title, live=live, old=old, new=new))
    return found


def proof_mailed(db: Transaction, style: str, version: int, address: str, *, by: Writer) -> None:
    """Note that a proof was mailed to an address. Raises `NotAllowed`."""
    _require_bot(by)
    version_aliases.target(db, style, version)
    row: dict[str, Value] = {"style": style, "version": version, "address": address, "at": now()}
    db.insert("proof_mail", row, ignore=True)


def go_live_by_mail(db: Transaction, style: str, version: int, address: str, *, by: Writer) -> ResolvedStyle:
    """Make a version live for the person to whom its proof was mailed.

    The bot vouches that the answer is from that address. A retired style comes back. Raises like
    `aliases.promote`, and `AliasMoved` where a higher version is live, or where this one was live before.
    """
    _require_bot(by)
    found = db.rows(_READERS, style, version, ascii_lower(address))
    if not found:
        raise NotAllowed(f"The proof of {style}, version {version}, was not mailed to this address.")
    now = queries.aliases(db, style)
    if version < now.get(LIVE, 0) or version == now.get(PREVIOUS):
        raise version_aliases.AliasMoved(
            f"{style}: version {now[LIVE]} is live, which is newer or has replaced this one. "
            "Nothing was changed."
        )
    return version_aliases.promote(db, style, version, by=roles.widest(db, found[0]["name"]))


def _require_bot(by: Writer) -> None:
    if by.person != BOT:
        raise NotAllowed("Only the bot mails proofs.")
