"""Give the style of a mail's author another name.

The versions that people may ask for are published once more under the new name, and the old style is retired.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from registry.database.dialect import Transaction
from registry.store import authors, publishing, queries, version_aliases
from registry.store.access import roles
from registry.store.access.roles import BOT, Writer
from registry.store.cards import check_card, edit_card
from registry.store.names.style_names import require_distinct
from registry.store.style_versions import LIVE, PREVIOUS, Style, StyleVersion
from registry.values import LearntStyle
from styles.contract import PRIVATE, Card
from styles.learning_errors import HandedOver, LiveStyle, OwnStyle, UsualStyle


def rename_of(
    db: Transaction,
    address: str,
    name: str,
    card: Card,
    *,
    default: str,
    is_reviewed: bool = False,
    by: Writer,
) -> tuple[StyleVersion, str]:
    """Publish an author's style once more as `card` names it, and retire the old one.

    Each version with an alias is published with it: weights, owner and maintainers stay the same, and so does
    who gets which version; a private one has another secret alias. Where the name stays, the cards' texts
    change alone. If `is_reviewed`, maintainers decide what is live, and a live style is not renamed. Return
    the version that the author gets, with its alias: for a second time that of the first. Raises
    `NotRenamed`, `NotAllowed`, `BadOption` and `UnknownStyle`.
    """
    authors.require_bot(by)
    own = _own(db, address)
    if name not in own and (done := own.get(card.name)) and _has_weights_of(db, done, name):
        return _of_author(db, done)
    if name not in own:
        raise queries.unknown(db, name)
    _require_theirs(db, name, address)
    style, writer = queries.kept(db, name), authors.writer_for(db, card.name, address, by=by)
    if is_reviewed and LIVE in style.aliases:
        raise LiveStyle(name=name)
    if card.name == name:
        texts = {"title": card.title, "other_names": card.other_names}
        for number in sorted(set(style.aliases.values())):
            edit_card(db, name, texts, version=number, by=writer)
    else:
        _require_free(db, card.name, name, address, default=default)
        _publish_again(db, style, card, by=writer)
        version_aliases.retire(db, name, by=Writer(BOT, "registry"))
    return _of_author(db, _own(db, address)[card.name])


def _own(db: Transaction, address: str) -> Mapping[str, LearntStyle]:
    return {style.name: style for style in authors.styles_of(db, address)}


def _of_author(db: Transaction, style: LearntStyle) -> tuple[StyleVersion, str]:
    return version_aliases.target(db, style.name, style.version), style.ref


def _has_weights_of(db: Transaction, style: LearntStyle, other: str) -> bool:
    """Tell whether an author's style has the weights of a version of another one."""
    query = """
        SELECT 1 FROM version JOIN version AS old ON old.digest = version.digest
        WHERE version.style = ? AND version.version = ? AND old.style = ?"""
    return bool(db.rows(query, style.name, style.version, other))


def _require_theirs(db: Transaction, name: str, address: str) -> None:
    """Raise `HandedOver` for a style that its author has handed over to somebody else."""
    if owner := authors.handed_to(db, name, address):
        raise HandedOver(name=name, owner=owner)


def _require_free(db: Transaction, name: str, old: str, address: str, *, default: str) -> None:
    """Raise an error unless the style `old` may have a new name: one of no style, or of a retired own one."""
    if old == default:
        raise UsualStyle(name=old)
    if queries.aliases(db, name):
        raise OwnStyle(name=name)
    require_distinct(db, name, instead_of=old)
    if db.rows("SELECT 1 FROM style WHERE name = ?", name):
        _require_theirs(db, name, address)
        authors.require_no_other(db, name, address)


def _publish_again(db: Transaction, style: Style, card: Card, *, by: Writer) -> None:
    """Publish the versions of a style that have an alias as those of `card.name`, for the same people."""
    new: dict[int, StyleVersion] = {}
    for version in reversed(style.versions):
        if version.version in style.aliases.values():
            named = replace(version.card, name=card.name, title=card.title, other_names=card.other_names)
            check_card(named, version.format)
            files = version.digest, version.preview or None
            made = new[version.version] = publishing.add_version(db, named, version.format, by.person, *files)
            statement = "UPDATE learnt SET style = ?, version = ? WHERE style = ? AND version = ?"
            db.execute(statement, made.name, made.version, style.name, version.version)
    _copy_owners(db, style.name, card.name)
    for number in queries.private_versions(db, style.name) & new.keys():
        db.insert("private_version", {"style": card.name, "version": new[number].version})
    for alias in (PREVIOUS, LIVE):  # in this order, as `previous` follows `live`
        if alias in style.aliases:
            version_aliases.go_live(db, new[style.aliases[alias]], "published", by=by)
    for alias, number in style.aliases.items():
        if alias not in (PREVIOUS, LIVE):
            named_alias = authors.private_alias() if alias.startswith(PRIVATE) else alias
            version_aliases.stage(db, new[number], named_alias, by=by)


def _copy_owners(db: Transaction, old: str, new: str) -> None:
    """Give a style the owner, maintainers and author of another one, and bring it back if it was retired."""
    people = roles.ownership(db, old)
    db.execute("UPDATE style SET retired = NULL, owner = ? WHERE name = ?", people.owner, new)
    db.execute("DELETE FROM maintainer WHERE style = ?", new)
    for person in people.maintainers:
        db.insert("maintainer", {"style": new, "person": person})
    if author := authors.author_of(db, old):
        db.insert("author", {"style": new, "address": author}, ignore=True)
