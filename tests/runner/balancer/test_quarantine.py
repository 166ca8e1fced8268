"""Deaths are counted, for a while."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from runner.balancer import quarantine
from runner.balancer.balancer import Balancer
from runner.balancer.quarantine import QUARANTINE_SECONDS, Quarantine, fingerprint, fingerprint_of
from runner.config import BalancerConfig
from tests.fakes.runner.fleet import ScriptedFleet, Shelf, a_job, a_style


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_once_is_suspect_and_then_alone_is_quarantine() -> None:
    records = Quarantine()
    assert not records.is_suspect("a")
    records.died("a", alone=False)
    assert records.is_suspect("a")
    assert not records.is_quarantined("a")
    records.died("a", alone=True)
    assert records.is_quarantined("a")
    assert not records.is_suspect("b")


def test_one_photo_of_many_people_on_many_runners_is_only_a_suspect() -> None:
    records = Quarantine()
    for _ in range(4):
        records.died("a", alone=False)
    assert records.is_suspect("a")
    assert not records.is_quarantined("a")


def test_the_second_lost_machine_counts_as_a_death() -> None:
    records = Quarantine()
    records.lost("a", alone=True)
    assert not records.is_suspect("a")
    records.lost("a", alone=False)
    assert records.is_suspect("a")
    records.lost("a", alone=False)
    assert not records.is_quarantined("a")
    records.lost("a", alone=True)
    assert records.is_quarantined("a")


def test_who_survives_is_cleared() -> None:
    records = Quarantine()
    records.died("a", alone=False)
    records.survived("a")
    records.died("a", alone=False)
    assert not records.is_quarantined("a")


def test_it_ends() -> None:
    clock = Clock()
    records = Quarantine(clock)
    records.died("a", alone=True)
    clock.now = QUARANTINE_SECONDS - 1
    assert records.is_quarantined("a")
    records.died("b", alone=False)
    assert records.quarantined == 1
    clock.now += 2
    assert records.quarantined == 0
    assert not records.is_suspect("a")


def test_there_are_none_when_the_last_has_ended() -> None:
    clock = Clock()
    records = Quarantine(clock)
    empty = [records.is_empty]
    records.died("a", alone=False)
    clock.now = 1
    records.died("b", alone=False)
    for clock.now in (1, QUARANTINE_SECONDS, QUARANTINE_SECONDS + 1):
        empty.append(records.is_empty)
    assert empty == [True, False, False, True]


def test_a_balancer_uses_the_records_that_it_is_given() -> None:
    records = Quarantine(Clock())
    style = a_style("a")
    assert Balancer(ScriptedFleet(), Shelf(style), BalancerConfig(), quarantine=records).quarantine is records


async def test_a_large_photo_has_the_same_mark_from_a_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    job = a_job(image=b"12345")
    here = await fingerprint_of(job)
    monkeypatch.setattr(quarantine, "HASH_ASIDE", 5)
    monkeypatch.setattr(quarantine, "fingerprint", lambda job: f"{threading.current_thread().name}")
    assert here == fingerprint(job)
    assert await fingerprint_of(job) != threading.current_thread().name


def test_old_records_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quarantine, "MAX_RECORDS", 2)
    records = Quarantine()
    for name in "abc":
        records.died(name, alone=False)
    assert [records.is_suspect(name) for name in "abc"] == [False, True, True]


def test_a_photo_is_known_by_bytes_and_style() -> None:
    assert fingerprint(a_job("1")) == fingerprint(a_job("2", sender="x", size=512))
    assert fingerprint(a_job(image=b"1")) != fingerprint(a_job(image=b"2"))
    assert fingerprint(a_job(style="a")) != fingerprint(a_job(style="b"))
    assert fingerprint(a_job(style="a", image=b"bc")) != fingerprint(a_job(style="ab", image=b"c"))


async def test_a_suspect_of_another_balancer_has_one_death() -> None:
    quarantine = Quarantine()
    job = a_job()
    assert await quarantine.recognize(job) == ""
    known = await quarantine.recognize(replace(job, suspect=True))
    assert known == fingerprint(job) == await quarantine.recognize(job)
    assert quarantine.is_suspect(known)
    assert not quarantine.is_quarantined(known)
    quarantine.died(known, alone=True)
    await quarantine.recognize(replace(job, suspect=True))
    assert quarantine.is_quarantined(known)
