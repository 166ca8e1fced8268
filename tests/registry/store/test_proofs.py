from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from registry.store.access.roles import BOT, NotAllowed, UnknownPerson, Writer
from registry.store.proofs import PHOTOS
from registry.store.store import Store
from registry.store.version_aliases import AliasMoved
from styles.errors import BadOption
from tests.fakes.registry.versions import publish

ROBOT = Writer(BOT, "stage")
ADDRESS = "ada@example.org"


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "picture.jpg"
    Image.new("RGB", (8, 6), (10, 200, 80)).save(path)
    return path


@pytest.fixture
def store(store: Store) -> Store:
    """`Ada`, whose address is known, has version 1 of tiles live and version 2 staged."""
    store.tokens.add("Ada")
    store.set_address("ada", ADDRESS)
    publish(store, "tiles", by="Ada")
    publish(store, "tiles", by="Ada", alias="staged")
    return store


def prove(store: Store, picture: Path | None, version: int, style: str = "tiles") -> None:
    for photo in PHOTOS:
        store.keep_proof(style, version, photo, picture)


def test_versions_of_people_and_of_styles_with_several_are_proved(store: Store, picture: Path) -> None:
    publish(store, "shipped", by="the release")
    assert list(store.proofs_wanted()) == [("tiles", 2, PHOTOS), ("tiles", 1, PHOTOS)]
    publish(store, "shipped", by="the release")
    assert {style for style, _, _ in store.proofs_wanted()} == {"tiles", "shipped"}
    store.keep_proof("tiles", 2, "face", picture)
    assert ("tiles", 2, PHOTOS[1:]) in store.proofs_wanted()
    prove(store, picture, 2)
    assert [version for style, version, _ in store.proofs_wanted() if style == "tiles"] == [1]


def test_what_no_alias_is_at_is_not_proved(store: Store) -> None:
    store.remove_alias("tiles", "staged")
    assert [version for _, version, _ in store.proofs_wanted()] == [1]
    store.retire("tiles")
    assert list(store.proofs_wanted()) == []


def test_a_photo_that_cannot_be_painted_is_noted_once(store: Store, picture: Path) -> None:
    store.keep_proof("tiles", 2, "sky", None)
    store.keep_proof("tiles", 2, "sky", picture)
    assert store.proof("tiles", 2) == {"sky": ""}


def test_pictures_of_proofs_are_blobs_that_are_kept(store: Store, picture: Path) -> None:
    prove(store, picture, 1)
    path = store.proof("tiles", 1)["face"]
    store.gc()
    blob = store.blob("sha256:" + path.removeprefix("/blobs/"))
    assert blob is not None
    assert (blob.read(), blob.media_type) == (picture.read_bytes(), "image/jpeg")


def test_a_proof_waits_to_be_mailed_until_it_was(store: Store, picture: Path) -> None:
    prove(store, picture, 2)
    assert list(store.waiting_proofs()) == []  # the live one beside it is not painted yet
    prove(store, picture, 1)
    (waiting,) = store.waiting_proofs()
    assert (waiting.style, waiting.version, waiting.live, waiting.title) == ("tiles", 2, 1, "Tiles")
    assert (waiting.person, waiting.address) == ("Ada", ADDRESS)
    assert waiting.old.keys() == waiting.new.keys() == set(PHOTOS)
    store.proof_mailed("tiles", 2, ADDRESS, by=ROBOT)
    assert list(store.waiting_proofs()) == []


def test_the_first_version_of_a_style_is_proved_alone(store: Store, picture: Path) -> None:
    publish(store, "sketch", by="Ada", alias="staged")
    prove(store, picture, 1, "sketch")
    (waiting,) = store.waiting_proofs()
    assert (waiting.style, waiting.live, waiting.old) == ("sketch", 0, {})


def test_what_is_live_or_without_an_address_waits_for_no_mail(store: Store, picture: Path) -> None:
    prove(store, picture, 1)
    prove(store, picture, 2)
    store.set_address("Ada", "")
    assert list(store.waiting_proofs()) == []
    store.set_address("Ada", ADDRESS)
    store.promote("tiles", 2)
    assert list(store.waiting_proofs()) == []


def test_the_reader_of_the_mail_makes_it_live(store: Store) -> None:
    store.proof_mailed("tiles", 2, ADDRESS, by=ROBOT)
    assert store.go_live_by_mail("tiles", 2, "ADA@example.org", by=ROBOT).version == 2
    assert store.style("tiles").live.version == 2
    assert store.audit(1)[0].by == "Ada"


def test_an_answer_that_comes_late_changes_nothing(store: Store) -> None:
    store.proof_mailed("tiles", 2, ADDRESS, by=ROBOT)
    store.go_live_by_mail("tiles", 2, ADDRESS, by=ROBOT)
    store.rollback("tiles")
    with pytest.raises(AliasMoved, match="version 1 is live, which"):
        store.go_live_by_mail("tiles", 2, ADDRESS, by=ROBOT)
    assert store.style("tiles").live.version == 1


def test_nobody_else_does(store: Store) -> None:
    for address in ("eve@example.org", ADDRESS):
        with pytest.raises(NotAllowed, match="was not mailed to this address"):
            store.go_live_by_mail("tiles", 2, address, by=ROBOT)
    store.proof_mailed("tiles", 2, ADDRESS, by=ROBOT)
    with pytest.raises(NotAllowed, match="not mailed"):
        store.go_live_by_mail("tiles", 1, ADDRESS, by=ROBOT)
    with pytest.raises(NotAllowed, match="Only the bot"):
        store.go_live_by_mail("tiles", 2, ADDRESS, by=Writer("Ada"))
    with pytest.raises(NotAllowed, match="Only the bot"):
        store.proof_mailed("tiles", 2, ADDRESS, by=Writer("root"))
    store.tokens.revoke("Ada")
    store.tokens.add("Ada", scope="stage")
    with pytest.raises(NotAllowed, match="of the scope “publish”"):
        store.go_live_by_mail("tiles", 2, ADDRESS, by=ROBOT)
    store.hand_over("tiles", "")
    store.tokens.add("Ada", label="more")
    with pytest.raises(NotAllowed, match="belongs to the registry itself"):
        store.go_live_by_mail("tiles", 2, ADDRESS, by=ROBOT)
    assert store.style("tiles").live.version == 1


def test_addresses(store: Store) -> None:
    assert store.addresses() == {"Ada": ADDRESS}
    for wrong in ("x", "a b@example.org", "a@b@c", "<a@example.org>", "a@example.org\nBcc: b@example.org"):
        with pytest.raises(BadOption):
            store.set_address("Ada", wrong)
    with pytest.raises(UnknownPerson):
        store.set_address("nobody", ADDRESS)
    with pytest.raises(NotAllowed):
        store.set_address("Ada", ADDRESS, by=Writer("Ada", "publish"))
    store.set_address("ada", "")
    assert store.addresses() == {}
