"""Decide who may change what: by the scope of a token, and by a style's owner and maintainers.

    scope       what it allows
    stage       publish versions under an alias other than `live`, and move such aliases
    publish     besides: make versions live, roll back, retire, edit cards, and make tokens for oneself
    registry    besides: all of this for every style, tokens for everybody, and the whole audit trail

The first two hold for new styles and for styles that the person owns or maintains. A style belongs to the
person who published it first. Shipped styles, and those published with REGISTRY_UPLOAD_TOKEN, belong to the
registry itself: their owner is "". So is that of a style whose author has mailed a painting and has no token
(`../authors.py`). Only the owner chooses the maintainers and hands the style over.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from registry.database.dialect import Transaction, ascii_lower, now
from registry.store import queries
from registry.store.audit import note
from styles.errors import Permanent

Scope = Literal["stage", "publish", "registry"]
#: All scopes. Each includes those before it.
SCOPES: tuple[Scope, ...] = get_args(Scope)
#: Person of the token in the environment, REGISTRY_UPLOAD_TOKEN.
OPERATOR = "operator"
#: Publisher of the shipped styles.
RELEASE = "the release"
#: Person of the bot's token, which mails proofs and makes versions live for those who answer.
BOT = "the bot"
#: Names that no person can have. What they publish belongs to the registry itself.
RESERVED = ("", OPERATOR, RELEASE, BOT)


class NotAllowed(Permanent):
    """Refuse a change that the writer's token, or their part in the style, does not allow."""

    status = 403


class UnknownPerson(Permanent):
    """Report that a person, or a token, is unknown or was revoked."""

    status = 404

    def __init__(self, name: str) -> None:
        super().__init__(f"No token is named “{name[:100]}”, or it was revoked before.")


@dataclass(frozen=True, slots=True)
class Writer:
    """Describe who makes a change, and how far their token reaches."""

    person: str = ""
    scope: Scope = "registry"
    token: int = 0  #: number of the token; 0 for that of the environment, and for commands
    expires: str = ""  #: end of the token, ISO 8601, UTC; "" for one without an end

    def reaches(self, scope: Scope) -> bool:
        """Tell whether the token's scope includes another one."""
        return SCOPES.index(self.scope) >= SCOPES.index(scope)

    def require(self, scope: Scope) -> None:
        """Raise `NotAllowed` unless the token's scope includes another one."""
        if not self.reaches(scope):
            raise NotAllowed(f"This needs a token of the scope “{scope}”, and yours has “{self.scope}”.")

    def is_called(self, name: str) -> bool:
        """Tell whether a name is the person's, where the case of A to Z does not count."""
        return bool(name) and ascii_lower(name) == ascii_lower(self.person)


#: The process itself, and commands on the database, which may do everything.
SYSTEM = Writer()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ownership:
    """Name the owner of a style, and its maintainers."""

    owner: str  #: "" is the registry itself, or an author without a token
    maintainers: tuple[str, ...] = ()
    taught_by_mail: bool = False  #: it was learnt from a painting that somebody mailed

    @property
    def whose(self) -> str:
        """The owner in a sentence. An author's address is nobody's business."""
        author = "the person who mailed its painting" if self.taught_by_mail else ""
        return self.owner or author or "the registry itself"

    def includes(self, writer: Writer) -> bool:
        """Tell whether a writer is the owner or a maintainer."""
        return any(map(writer.is_called, (self.owner, *self.maintainers)))


def ownership(db: Transaction, name: str) -> Ownership:
    """Return the owner and maintainers of a style. Raises `UnknownStyle` for a name that never was one."""
    found = db.rows("SELECT owner FROM style WHERE name = ?", name)
    if not found:
        raise queries.unknown(db, name)
    rows = db.rows("SELECT person FROM maintainer WHERE style = ? ORDER BY lower(person)", name)
    return Ownership(
        owner=found[0]["owner"],
        maintainers=tuple(row["person"] for row in rows),
        taught_by_mail=bool(db.rows("SELECT 1 FROM author WHERE style = ?", name)),
    )


def require(db: Transaction, name: str, writer: Writer, scope: Scope = "publish") -> None:
    """Raise `NotAllowed` unless a writer's token reaches `scope` and the writer owns or maintains the style.

    A new name has no owner: every token that reaches `scope` may take it.
    """
    writer.require(scope)
    if writer.reaches("registry"):
        return
    if not db.rows("SELECT 1 FROM style WHERE name = ?", name):
        return
    people = ownership(db, name)
    if not (people.includes(writer) or (not people.owner and _is_author(db, name, writer))):
        ask = people.owner or "a maintainer of the registry"
        raise NotAllowed(
            f"{name} belongs to {people.whose}. To change it, ask {ask} to make you a maintainer."
        )


def _is_author(db: Transaction, name: str, writer: Writer) -> bool:
    """Tell whether a style was learnt from the mails of a writer, perhaps before they had a token."""
    rows = db.rows(
        """SELECT person.name FROM author JOIN person ON lower(person.address) = author.address
            WHERE author.style = ?""",
        name,
    )
    return len(rows) == 1 and writer.is_called(rows[0]["name"])  # of two people nobody knows who mailed


def may(db: Transaction, name: str, writer: Writer, scope: Scope = "publish") -> bool:
    """Tell whether a writer may change a style."""
    try:
        require(db, name, writer, scope)
    except NotAllowed:
        return False
    return True


def add_maintainer(db: Transaction, name: str, person: str, *, by: Writer = SYSTEM) -> None:
    """Let a person change a style. Nothing happens if they may already.

    Raises `NotAllowed`, `UnknownStyle`, and `UnknownPerson` for a person without a token.
    """
    _require_owner(db, name, by)
    known = known_person(db, person)
    row = {"style": name, "person": known}
    if not db.rows(
        "SELECT 1 FROM maintainer WHERE style = ? AND lower(person) = ?", name, ascii_lower(known)
    ):
        db.insert("maintainer", row)
        note(db, "maintainer added", style=name, by=by.person, detail=known)


def remove_maintainer(db: Transaction, name: str, person: str, *, by: Writer = SYSTEM) -> None:
    """End a person's part in a style. People may end their own. Raises like `add_maintainer`."""
    if not by.is_called(person):
        _require_owner(db, name, by)
    found = db.rows(
        "SELECT person FROM maintainer WHERE style = ? AND lower(person) = ?", name, ascii_lower(person)
    )
    if not found:
        raise UnknownPerson(person)
    db.execute("DELETE FROM maintainer WHERE style = ? AND lower(person) = ?", name, ascii_lower(person))
    note(db, "maintainer removed", style=name, by=by.person, detail=found[0]["person"])


def hand_over(db: Transaction, name: str, person: str, *, by: Writer = SYSTEM) -> None:
    """Give a style to another person, or with "" to the registry itself. Raises like `add_maintainer`."""
    _require_owner(db, name, by)
    owner = known_person(db, person) if person else ""
    db.execute("UPDATE style SET owner = ? WHERE name = ?", owner, name)
    db.execute("DELETE FROM maintainer WHERE style = ? AND lower(person) = ?", name, ascii_lower(owner))
    note(db, "handed over", style=name, by=by.person, detail=owner or "to the registry itself")


def _require_owner(db: Transaction, name: str, by: Writer) -> None:
    by.require("publish")
    people = ownership(db, name)
    if not by.reaches("registry") and not by.is_called(people.owner):
        raise NotAllowed(f"{name} belongs to {people.whose}, who alone chooses its maintainers.")


def widest(db: Transaction, person: str) -> Writer:
    """Return a person with the widest scope of their tokens that hold. Raises `UnknownPerson`."""
    query = """
        SELECT name, scope, id FROM token
        WHERE lower(name) = ? AND revoked IS NULL AND (expires IS NULL OR expires > ?)"""
    writers = [
        Writer(row["name"], row["scope"], row["id"]) for row in db.rows(query, ascii_lower(person), now())
    ]
    if not writers:
        raise UnknownPerson(person)
    return max(writers, key=lambda writer: SCOPES.index(writer.scope))


def known_person(db: Transaction, person: str) -> str:
    """Return a person's name as their newest token has it. Raises `UnknownPerson`."""
    query = "SELECT name FROM token WHERE lower(name) = ? AND revoked IS NULL ORDER BY id DESC LIMIT 1"
    if found := db.rows(query, ascii_lower(person)):
        return str(found[0]["name"])
    raise UnknownPerson(person)
