"""Who is given what: credits, full batches, affinity and its end, suspects. The clock is a number."""

from __future__ import annotations

from dataclasses import replace

import pytest

from runner.balancer import scheduler as scheduler_module
from runner.balancer.batch_in_flight import Batch
from runner.balancer.batching import QueuedJob
from runner.balancer.cost_model import FIRST_NETWORK, FIRST_PHOTO, FIRST_ROW
from runner.balancer.indexes.candidate import LATE
from runner.balancer.queue import Queue
from runner.balancer.scheduler import LEAD, Scheduler
from runner.fleet.fleet import RunnerState
from runner.protocol.messages import Report
from styles.contract import ResolvedStyle
from tests.fakes.runner.fleet import a_style
from tests.fakes.runner.queued import ONE, a_sheet, photo

#: Photos of 1024 by 1024 in a batch, and the seconds that it takes before any was measured.
FULL, BATCH = 4, 4 * FIRST_PHOTO

FOREIGN = a_style("cubist", base="sha256:cubist-1")


def runner(name: str = "r0", *resident: ResolvedStyle, credits: int = 2) -> RunnerState:
    report = Report(resident=frozenset(style.digest for style in resident or (a_style(),)))
    return RunnerState(
        name=name, device="cpu", pid=None, state="ready", restarts=0, report=report, credits=credits
    )


class Table:
    """A queue, runners, and what was given to them."""

    def __init__(self, *runners: RunnerState) -> None:
        self.queue: Queue[QueuedJob] = Queue()
        self.scheduler = Scheduler(self.queue, FULL * ONE)
        self.scheduler.bases[a_style().digest] = a_style().base
        self.runners = runners or (runner(),)

    def add(self, count: int = 1, sender: str = "ann", **fields: object) -> list[QueuedJob]:
        photos = [photo(sender, **fields) for _ in range(count)]  # type: ignore[arg-type]
        for each in photos:
            self.queue.add(each)
        return photos

    def assign(self, now: float) -> list[Batch[QueuedJob]]:
        return self.scheduler.assign(self.runners, now)

    def given(self, now: float) -> list[tuple[str, int]]:
        """To whom how many."""
        return [(batch.runner.name, len(batch.photos)) for batch in self.assign(now)]

    def end(self, name: str, now: float, loading: float | None = None) -> None:
        self.scheduler.ended(self.scheduler.held(name)[0], now, loading)


@pytest.mark.parametrize("credits", [1, 2, 3])
def test_a_runner_never_holds_more_batches_than_its_credits(credits: int) -> None:
    table = Table(runner("r0", credits=credits), runner("r1", credits=credits))
    table.add(99)
    assert sorted(table.given(0)) == [("r0", FULL)] * credits + [("r1", FULL)] * credits
    assert table.given(0) == []
    table.end("r1", 0.1)
    assert table.given(0.1) == [("r1", FULL)]
    assert table.scheduler.in_flight == 2 * credits * FULL


@pytest.mark.parametrize("state", ["starting", "down", "busy"])
def test_only_a_ready_runner_is_given_anything(state: str) -> None:
    table = Table(replace(runner(), state=state))  # type: ignore[arg-type]
    table.add()
    assert table.given(0) == []


def test_of_runners_that_are_free_at_once_one_that_has_credit_now_is_given_it() -> None:
    table = Table(runner("r0", credits=1), runner("r1", credits=2))
    table.add(99)
    assert table.given(0) == [("r0", FULL), ("r1", FULL), ("r1", FULL)]


def test_an_idle_runner_waits_for_nobody() -> None:
    table = Table()
    table.add()
    assert table.given(0) == [("r0", 1)]


def test_a_second_batch_that_is_full_goes_at_once() -> None:
    table = Table()
    table.add(2 * FULL + 1)
    assert table.given(0) == [("r0", FULL)] * 2


def test_a_second_batch_gathers_until_the_first_is_nearly_done() -> None:
    table = Table()
    table.add(FULL)
    table.assign(0)
    table.add(1)
    assert table.given(0.1) == []
    assert table.scheduler.wake == pytest.approx(BATCH - LEAD)
    table.add(1, "bob")
    assert table.given(0.2) == []
    assert table.given(table.scheduler.wake) == [("r0", 2)]


def test_and_goes_as_soon_as_it_is_full() -> None:
    table = Table()
    table.add(FULL)
    table.assign(0)
    table.add(FULL - 1)
    assert table.given(0.1) == []
    table.add(1)
    assert table.given(0.2) == [("r0", FULL)]


def test_or_as_the_runner_is_idle_before_it_was_thought_to_be() -> None:
    table = Table()
    table.add(FULL)
    table.assign(0)
    table.add(1)
    assert table.given(0.1) == []
    table.end("r0", 0.15)
    assert table.given(0.15) == [("r0", 1)]


def test_where_batches_are_short_half_of_one_is_left_to_decode_the_next() -> None:
    table = Table()
    table.add(1, size=128)
    table.assign(0)
    table.add(1, size=128)
    assert table.given(0) == []
    assert table.scheduler.wake == pytest.approx(FIRST_PHOTO / 16 / 2)


def test_nobody_waits_for_company_where_small_batches_take_no_longer() -> None:
    table = Table()
    for photos in [1, 2, 4] * 3:
        table.scheduler.cost_model.painted(("cpu", ("base", 1024)), photos * ONE, photos * FIRST_PHOTO)
    table.add(FULL)
    table.assign(0)
    table.add(1)
    assert table.given(0.1) == [("r0", 1)]


def test_who_gathers_is_not_overtaken() -> None:
    table = Table()
    table.add(FULL)
    table.assign(0)
    table.add(1, "bob", style=a_style("y", base="other"))
    table.add(99)
    assert table.given(0.1) == []
    assert [each.photos[0].job.sender for each in table.assign(BATCH - LEAD)] == ["bob"]


def test_a_runner_that_holds_the_style_is_preferred_even_if_it_is_free_a_little_later() -> None:
    table = Table(runner("r0", a_style()), runner("r1", FOREIGN, a_style("y"), credits=1))
    table.add(1, style=FOREIGN)
    assert table.given(0) == [("r1", 1)]  # holds it
    table.add(1, style=FOREIGN)
    assert table.given(0) == []  # is done in a tenth of a second, and another would load for two
    table.end("r1", FIRST_PHOTO)
    assert table.given(FIRST_PHOTO) == [("r1", 1)]


def test_a_wait_longer_than_the_loading_is_not_taken() -> None:
    table = Table(runner("r0", a_style()), runner("r1", FOREIGN, a_style("y"), credits=1))
    table.add(2 * FULL, style=FOREIGN)
    assert table.given(0) == [("r1", FULL), ("r0", FULL)]
    assert table.scheduler.held("r0")[0].network


def test_nor_one_that_turns_out_to_be() -> None:
    table = Table(runner("r0", a_style()), runner("r1", FOREIGN, a_style("y"), credits=1))
    table.add(1, style=FOREIGN)
    table.assign(0)
    table.add(1, style=FOREIGN)
    assert table.given(0.05) == []
    assert table.scheduler.wake == pytest.approx(0.05 + FIRST_NETWORK)
    assert table.given(0.05 + FIRST_NETWORK) == [("r0", 1)]


def test_others_go_to_the_runner_that_somebody_does_not_want() -> None:
    table = Table(runner("r0", a_style()), runner("r1", FOREIGN, a_style("y"), credits=1))
    table.add(1, style=FOREIGN)
    table.assign(0)
    table.add(1, style=FOREIGN)
    table.add(1, "bob")
    assert table.given(0.05) == [("r0", 1)]


def test_a_style_of_a_base_that_is_there_is_worth_no_wait() -> None:
    table = Table(runner("r0", a_style()), runner("r1", a_style("udnie")))
    table.scheduler.bases[a_style("udnie").digest] = "base"
    table.add(1)
    assert table.given(0) == [("r0", 1)]
    table.add(1)
    assert table.given(0) == [("r1", 1)]
    assert table.scheduler.held("r1")[0].seconds == pytest.approx(FIRST_PHOTO + FIRST_ROW)


def test_what_is_on_its_way_into_a_runner_counts_as_held() -> None:
    table = Table(runner("r0", a_style("x")), runner("r1", a_style("x"), a_style("z")))
    table.add(1, style=FOREIGN)
    assert table.given(0) == [("r0", 1)]  # it has to evict the least
    table.add(1, style=FOREIGN)
    assert table.given(0.26) == [("r0", 1)]  # nearly done, and r1 would have to load it too


def test_a_suspect_waits_for_a_runner_that_holds_nothing_and_is_alone_there() -> None:
    table = Table()
    table.add(FULL, "cid")
    table.assign(0)
    table.add(1, alone=True)
    table.add(99, "bob")
    assert table.given(0.1) == []  # or there would never be an end of it
    table.end("r0", BATCH)
    assert table.given(BATCH) == [("r0", 1)]
    assert table.given(BATCH) == []
    table.end("r0", 0.5)
    assert table.given(0.5) == [("r0", FULL)] * 2


def test_one_runner_is_kept_for_a_suspect_and_the_others_work_on() -> None:
    table = Table(runner("r0"), runner("r1"))
    table.add(3 * FULL, "cid")
    table.assign(0)
    assert [len(table.scheduler.held(name)) for name in ("r0", "r1")] == [2, 1]
    table.add(1, alone=True)
    table.add(99, "bob")
    assert table.given(0.1) == []  # r1 is free first
    table.end("r0", 0.2)
    table.end("r1", 0.3)
    assert table.given(0.3) == [("r1", 1)]
    table.end("r1", 0.4)
    assert sorted(table.given(0.4)) == [("r0", FULL), ("r1", FULL), ("r1", FULL)]


def test_and_those_that_are_free_take_what_is_like_it() -> None:
    table = Table(*map(runner, ("r0", "r1", "r2")))
    for name in ("r0", "r1"):
        table.add(FULL, "cid")
        assert table.given(0) == [(name, FULL)]
    table.runners = table.runners[:2]
    table.add(1, alone=True)
    table.add(99, "bob")
    assert table.given(0.1) == [("r1", FULL)]  # r0 is free first, or as soon
    table.runners += (runner("r2"),)
    assert table.given(0.1) == [("r2", 1)]


def test_one_photo_among_five_hundred_waits_for_what_its_runner_holds_and_no_longer() -> None:
    table = Table()
    table.add(500)
    assert table.given(0) == [("r0", FULL)] * 2
    table.add(1, "bob", size=512)
    table.end("r0", BATCH)
    table.assign(2 * BATCH - LEAD)
    assert [p.job.sender for p in table.scheduler.held("r0")[1].photos] == ["bob"]


def test_no_suspect_waits_for_a_runner_that_seems_to_hang() -> None:
    table = Table(runner("r0"), runner("r1"))
    table.add(FULL, "cid")
    assert table.given(0) == [("r0", FULL)]
    table.add(2 * FULL, "cid")
    assert table.given(9) == [("r1", FULL)] * 2
    table.add(1, alone=True)
    table.add(99, "bob")
    table.end("r1", 9.4)
    assert table.given(9.4) == []
    table.end("r1", 9.8)
    assert table.given(9.8) == [("r1", 1)]


def test_a_sheet_may_be_the_second() -> None:
    table = Table()
    table.add(1)
    table.assign(0)
    table.queue.add(a_sheet("bob"))
    assert table.given(0) == [("r0", 1)]


def test_nothing_goes_behind_a_batch_that_seems_to_hang() -> None:
    table = Table()
    table.add(FULL)
    table.assign(0)
    table.add(99)
    assert table.given(BATCH + LATE + 0.1) == []
    table.end("r0", 9)
    assert table.given(9) == [("r0", FULL)] * 2


def test_nor_to_a_runner_that_is_late_while_another_could_load_the_style() -> None:
    table = Table(runner("r0", a_style()), runner("r1", FOREIGN))
    table.add(FULL)
    assert table.given(0) == [("r0", FULL)]
    table.add(1)
    assert table.given(BATCH + FIRST_NETWORK + 0.1) == [("r1", 1)]


def test_times_are_measured_from_when_a_batch_was_the_first_in_its_runner() -> None:
    table = Table()
    table.add(2 * FULL)
    table.assign(0)
    table.end("r0", 2, loading=0)
    table.end("r0", 4, loading=0)
    assert table.scheduler.cost_model.seconds(("cpu", ("base", 1024)), ONE) == pytest.approx(0.5)


@pytest.mark.parametrize("network", [True, False])
def test_what_a_runner_says_that_it_loaded_is_learnt_apart(network: bool) -> None:
    table = Table(runner("r0", FOREIGN if network else a_style("udnie")))
    table.scheduler.bases[a_style("udnie").digest] = "base"
    for start in range(0, 80, 2):  # its report goes on to say that it has not got the style
        table.add(FULL)
        table.assign(start)
        table.end("r0", start + 1, loading=0.75)
    cost_model = table.scheduler.cost_model
    assert (cost_model.network if network else cost_model.row) == pytest.approx(0.75, rel=0.01)
    assert (cost_model.row if network else cost_model.network) == (FIRST_ROW if network else FIRST_NETWORK)
    assert cost_model.seconds(("cpu", ("base", 1024)), FULL * ONE) == pytest.approx(0.25)


def test_a_sheet_tells_nothing_of_what_a_style_takes_to_load() -> None:
    table = Table()
    table.queue.add(a_sheet("bob", pictures=24))
    table.assign(0)
    table.end("r0", 60, loading=1)
    assert (table.scheduler.cost_model.row, table.scheduler.cost_model.network) == (FIRST_ROW, FIRST_NETWORK)


def test_a_sheet_tells_what_a_picture_takes() -> None:
    table = Table()
    table.queue.add(a_sheet("bob", pictures=24))
    table.assign(0)
    table.end("r0", 24 * FIRST_PHOTO, loading=1)
    assert table.scheduler.cost_model.photo == pytest.approx(FIRST_PHOTO)


def test_nothing_is_learnt_from_a_batch_with_a_photo_that_failed() -> None:
    table = Table()
    table.add(FULL)
    table.assign(0)
    table.end("r0", 60)
    assert table.scheduler.cost_model.photo == FIRST_PHOTO


def test_bases_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduler_module, "MAX_BASES", 1)
    table = Table(runner("r0", a_style("udnie")))
    table.scheduler.bases[a_style("udnie").digest] = "base"
    table.scheduler.bases["sha256:another"] = "another"
    table.add(1)
    (batch,) = table.assign(0)
    assert batch.network
