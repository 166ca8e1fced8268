from __future__ import annotations

from dataclasses import replace

import pytest

from registry.store import audit
from registry.store.access.roles import Writer
from registry.store.store import Store
from tests.fakes.registry.versions import publish


def test_events_come_in_order_and_a_few_at_a_time(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    assert store.changes(0).last == 0
    for name in ("mosaic", "starry-night", "udnie"):
        publish(store, name)
    changes = store.changes(1)
    assert [(event.seq, event.kind, event.style, event.version) for event in changes.events] == [
        (2, "published", "starry-night", 1),
        (3, "published", "udnie", 1),
    ]
    assert changes.last == 3
    assert store.changes(3) == store.changes(99) == replace(changes, events=())
    assert audit.EVENTS_AT_ONCE > 2
    monkeypatch.setattr(audit, "EVENTS_AT_ONCE", 2)
    assert store.changes(0).last == 2


def test_every_change_is_an_event_and_a_line_of_the_trail(store: Store) -> None:
    publish(store, "mosaic", by="anna")
    publish(store, "mosaic", by="bo")
    store.promote("mosaic", 1, by=Writer("cy"))
    store.promote("mosaic", 2, alias="candidate", by=Writer("dan"))
    store.rollback("mosaic", by=Writer("eve"))
    store.retire("mosaic", by=Writer("fay"))
    events = store.changes(0).events
    assert [(event.kind, event.version) for event in events] == [
        ("published", 1),
        ("published", 2),
        ("promoted", 1),
        ("promoted", 2),
        ("rolled back", 2),
        ("retired", 2),
    ]
    trail = store.audit()[::-1]
    assert [(line.action, line.style, line.version, line.at) for line in trail] == [
        (event.kind, event.style, event.version, event.at) for event in events
    ]
    assert [line.by for line in trail] == ["anna", "bo", "cy", "dan", "eve", "fay"]
    assert [line.detail for line in trail] == [
        "", "version 1 before", "version 2 before", "candidate", "version 1 before", "",
    ]  # fmt: skip


def test_what_is_refused_is_in_the_trail_and_no_event(store: Store) -> None:
    store.refused("mosaic", by=Writer("anna"), reason="x" * 10_000)
    (line,) = store.audit()
    assert (line.action, line.style, line.version, line.by) == ("refused", "mosaic", 0, "anna")
    assert line.detail == "x" * audit.LONGEST_DETAIL
    assert store.changes(0).last == 0


def test_the_trail_is_asked_for_by_style_and_length(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("mosaic", "udnie", "mosaic", "udnie"):
        publish(store, name)
    assert [(line.style, line.version) for line in store.audit(2)] == [("udnie", 2), ("mosaic", 2)]
    assert [line.version for line in store.audit(style="mosaic")] == [2, 1]
    assert store.audit(style="nobody") == store.audit(0) == store.audit(-1) == []
    monkeypatch.setattr(audit, "ENTRIES_AT_ONCE", 3)
    assert len(store.audit(2**70)) == 3
