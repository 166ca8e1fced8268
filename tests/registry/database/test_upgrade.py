"""A full registry from before there were owners comes up with all that was in it, on both databases."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from typing import Any

import pytest
from sqlite_utils import Database

from registry.database import postgres as postgres_module
from registry.database.dialect import Transaction, Value
from registry.database.postgres import PostgresDatabase
from registry.database.postgres_schema import MIGRATIONS
from registry.database.sqlite import SqliteTransaction
from registry.database.sqlite_schema import migrations
from registry.store.access.roles import NotAllowed, Writer
from registry.store.access.tokens import digest
from registry.store.location import StoreLocation
from registry.store.store import Store
from styles.contract import Card
from tests.fakes.registry.databases import DATABASES, SQLITE, tables
from tests.fakes.registry.versions import publish
from tests.fakes.registry.writers import person

AT = "2026-11-20T10:00:00.000+00:00"
NEVER = "2999-01-01T00:00:00.000+00:00"
#: The first migration of each database that knows owners.
FIRST_NEW = {"sqlite": "0006_owners", "postgres": "0002_owners"}
NEW_TABLES = (
    "author",
    "card_edit",
    "learnt",
    "maintainer",
    "person",
    "private_version",
    "proof",
    "proof_mail",
    "stopped_job",
    "usage",
)
#: Who published each style, in turn.
PUBLISHERS = {
    "cubes": ("eve",),  # whose token was revoked: the style stays hers
    "mosaic": ("ADA", "bo"),  # by another case than that of her token
    "shipped": ("", "ada"),  # the registry's own
    "tiles": ("nobody", "ada"),  # who never had a token
}
#: Tokens: name, secret, and when it was revoked.
TOKENS = (("ada", "lost", AT), ("Ada", "ada's", None), ("eve", "eve's", AT), ("bo", "bo's", None))
#: Sessions: secret, person, and whose token has it after the migration.
SESSIONS = (("1", "Ada", "ada's"), ("2", "bo", "bo's"), ("3", "operator", ""), ("4", "eve", None))


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def location(folder: Any, database: str, request: pytest.FixtureRequest) -> StoreLocation:
    """Of a database without any table."""
    url = "" if database == SQLITE else request.getfixturevalue("postgres").new_database()
    return StoreLocation(folder=folder, database=url)


@contextmanager
def before_owners(location: StoreLocation, patch: pytest.MonkeyPatch) -> Iterator[Transaction]:
    """A transaction on the tables as the migrations before left them."""
    if location.database:
        with patch.context() as old:
            first = [each for each in MIGRATIONS if each.name < FIRST_NEW["postgres"]]
            old.setattr(postgres_module, "MIGRATIONS", first)
            with closing(PostgresDatabase(location.database)) as state, state.writing() as db:
                yield db
        return
    location.folder.mkdir(parents=True)
    with closing(Database(location.folder / "registry.db")) as file:
        migrations.apply(file, stop_before=FIRST_NEW["sqlite"])
        with file.atomic():
            yield SqliteTransaction(file)


def fill(db: Transaction) -> None:
    """Put styles, versions, aliases, events, a trail, tokens, sessions and an environment's token into it."""
    for style, publishers in PUBLISHERS.items():
        retired: Value = AT if style == "cubes" else None
        db.insert("style", {"name": style, "created": AT, "retired": retired})
        for version, by in enumerate(publishers, start=1):
            insert_version(db, style, version)
            db.insert("event", {"at": AT, "kind": "published", "style": style, "version": version})
            note: dict[str, Value] = {"at": AT, "by": by, "style": style, "version": version}
            db.insert("audit", note | {"action": "published", "detail": f"é by {by}"})
        for alias, version in {"live": len(publishers), "previous": 1}.items():
            if not retired:
                db.insert("alias", {"style": style, "alias": alias, "version": version})
    db.insert("audit", {"at": AT, "by": "bo", "action": "refused", "style": "x", "version": 0, "detail": "?"})
    for name, secret, revoked in TOKENS:
        row: dict[str, Value] = {"name": name, "hash": digest(secret), "created": AT}
        db.insert("token", row | {"used": AT if revoked else None, "revoked": revoked})
    for secret, who, _ in SESSIONS:
        db.insert("session", {"hash": digest(secret), "person": who, "csrf": f"c{secret}", "expires": NEVER})
    db.insert("environment", {"salt": b"salt", "hash": b"\x00hash"})


def insert_version(db: Transaction, style: str, version: int) -> None:
    weights, preview = (f"sha256:{f'{style} {version} {kind}'.encode().hex():0<64}" for kind in ("w", "p"))
    for blob, media_type in ((weights, "application/octet-stream"), (preview, "image/jpeg")):
        db.insert("blob", {"digest": blob, "bytes": 1000 + version, "media_type": media_type})
    card = asdict(Card(name=style, title=f"{style.title()} ñ {version}"))
    row: dict[str, Value] = {"style": style, "version": version, "digest": weights, "base": weights}
    row |= {"format": "safetensors", "architecture": "style-unet", "card": json.dumps(card)}
    db.insert("version", row | {"preview": preview, "created": AT})


def rows(db: Transaction, *names: str) -> dict[str, list[dict[str, Any]]]:
    """All rows of some tables."""
    return {name: db.rows(f"SELECT * FROM {name}") for name in names}


def in_order(found: dict[str, list[dict[str, Any]]]) -> dict[str, list[str]]:
    """The rows as text, since each database has an order of its own."""
    return {name: sorted(str(sorted(row.items())) for row in all) for name, all in found.items()}


OLD_TABLES = ("style", "blob", "version", "alias", "event", "audit", "token", "session", "environment")


def test_nothing_is_lost_and_styles_go_to_their_people(
    location: StoreLocation, monkeypatch: pytest.MonkeyPatch
) -> None:
    with before_owners(location, monkeypatch) as db:
        fill(db)
        before = rows(db, *OLD_TABLES)
    for _ in range(2):  # the second start has nothing left to do
        location.open().database.close()
        with tables(location) as db:
            now, new = rows(db, *OLD_TABLES), rows(db, *NEW_TABLES)
        assert new == {name: [] for name in NEW_TABLES}
        owners = {row["name"]: row.pop("owner") for row in now["style"]}
        assert owners == {"cubes": "eve", "mosaic": "ADA", "shipped": "", "tiles": ""}
        added = [(row.pop("label"), row.pop("scope"), row.pop("expires")) for row in now["token"]]
        assert added == [("", "publish", None)] * len(TOKENS)
        ids = {row["hash"]: row["id"] for row in now["token"]} | {digest(""): 0}
        tokens = {row["hash"]: row.pop("token") for row in now["session"]}
        assert tokens == {digest(secret): ids[digest(of)] for secret, _, of in SESSIONS if of is not None}
        ended = digest("4")  # of a person without a token that holds
        before["session"] = [row for row in before["session"] if row["hash"] != ended]
        assert in_order(now) == in_order(before)


def test_the_registry_goes_on_from_there(location: StoreLocation, monkeypatch: pytest.MonkeyPatch) -> None:
    with before_owners(location, monkeypatch) as db:
        fill(db)
    with Store(location, sweep=False) as store:
        assert [(style.name, dict(style.aliases)) for style in store.styles()] == [
            (name, {"live": len(by), "previous": 1}) for name, by in PUBLISHERS.items() if name != "cubes"
        ]
        assert store.style("mosaic").live.card.title == "Mosaic ñ 2"
        assert (person(store, "ada's"), person(store, "lost"), person(store, "eve's")) == ("Ada", None, None)
        ada = store.sessions.find("1")
        assert ada is not None
        assert (ada.person, ada.writer.scope, ada.csrf) == ("Ada", "publish", "c1")
        store.require("mosaic", Writer("Ada", "publish"), "publish")
        with pytest.raises(NotAllowed):
            store.require("mosaic", Writer("bo", "publish"), "publish")
        assert publish(store, "mosaic", by="ada").version == 3
        assert store.changes(0).events[-1].seq == sum(map(len, PUBLISHERS.values())) + 1
        assert person(store, store.tokens.add("ada", label="ci", scope="stage")) == "ada"


def test_versions_that_were_staged_for_their_author_alone_are_private(
    location: StoreLocation, monkeypatch: pytest.MonkeyPatch
) -> None:
    audit = ((1, "staged", "private"), (2, "staged", "private"), (2, "promoted", "version 1 before"))
    with before_owners(location, monkeypatch) as db:
        fill(db)
        for version, action, detail in audit:
            row: dict[str, Value] = {"at": AT, "by": "bot", "action": action, "detail": detail}
            db.insert("audit", row | {"style": "tiles", "version": version})
    location.open().database.close()
    with tables(location) as db:
        assert rows(db, "private_version") == {"private_version": [{"style": "tiles", "version": 1}]}


def test_the_tables_are_those_of_a_new_registry(
    location: StoreLocation, database: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    url = "" if database == SQLITE else request.getfixturevalue("postgres").new_database()
    new = StoreLocation(folder=location.folder.with_name("new"), database=url)
    with before_owners(location, monkeypatch) as db:
        fill(db)
    assert columns(location) == columns(new)


#: Each column with its type and default, and each index with what it is made of.
COLUMNS = {
    "sqlite": """
        SELECT m.name AS a, c.name AS b, c.type || c.[notnull] || coalesce(dflt_value, '') || pk AS c
        FROM sqlite_schema AS m, pragma_table_info(m.name) AS c WHERE m.type = 'table'
        UNION SELECT name, sql, '' FROM sqlite_schema WHERE type = 'index' AND sql <> ''""",
    "postgres": """
        SELECT table_name::text AS a, column_name::text AS b,
            concat(data_type, is_nullable, column_default) AS c
        FROM information_schema.columns WHERE table_schema = current_schema()
        UNION SELECT tablename, replace(indexdef, schemaname || '.', ''), ''
        FROM pg_indexes WHERE schemaname = current_schema()""",
}


def columns(location: StoreLocation) -> set[tuple[str, ...]]:
    """What a registry's tables are made of."""
    with tables(location) as db:
        query = COLUMNS["postgres" if location.database else "sqlite"]
        return {tuple(map(str, row.values())) for row in db.rows(query)}
