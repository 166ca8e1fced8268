"""The lines of runners give what a look at all of them would give."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from runner.balancer.batch_in_flight import Batch
from runner.balancer.batching import QueuedJob
from runner.balancer.cost_model import CostModel
from runner.balancer.indexes.candidate import FREE_LATE, IDLE, WITH_CREDIT, Candidate, Offer
from runner.balancer.indexes.candidate_index import CandidateIndex
from runner.balancer.indexes.resident_styles import ResidentStyles
from runner.balancer.render_plan import RenderPlan
from runner.fleet.fleet import RunnerState, State
from runner.protocol.messages import Report
from tests.fakes.runner.fleet import a_style
from tests.fakes.runner.queued import photo

STYLES = [a_style(f"s{number}", base="base" if number % 4 else f"own{number}") for number in range(12)]


class Yard:
    """Runners with batches, and where they stand."""

    def __init__(self) -> None:
        self.bases: ResidentStyles[Candidate[QueuedJob]] = ResidentStyles(100)
        for style in STYLES:
            self.bases[style.digest] = style.base
        self.cost_model = CostModel()
        self.moves: list[tuple[str, bool]] = []
        self.candidates: CandidateIndex[QueuedJob] = CandidateIndex(
            self.cost_model,
            self.bases,
            lambda candidate, more: self.moves.append((candidate.state.name, more)),
        )

    def give(self, name: str, now: float, seconds: float, *jobs: QueuedJob) -> None:
        candidate = self.candidates[name]
        digests = frozenset().union(*(job.plan.digests for job in jobs))
        batch = Batch(
            photos=jobs,
            runner=candidate.state,
            began=now,
            digests=digests,
            missing=frozenset(),
            network=False,
        )
        batch.seconds = seconds
        candidate.held.append(batch)
        self.candidates.place(candidate, now)

    def end(self, name: str, now: float) -> None:
        candidate = self.candidates[name]
        del candidate.held[0]
        if candidate.held:
            candidate.held[0].began = now
        self.candidates.ended(candidate)

    def best(self, plan: RenderPlan, now: float, *, credit: bool) -> Offer[QueuedJob] | None:
        """By a look at all of them."""
        offers = []
        for candidate in self.candidates.values():
            if candidate.state.state != "ready" or (credit and not candidate.has_credit(now)):
                continue
            held = candidate.held
            wait = (
                abs(held[0].began + held[0].seconds - now) + sum(b.seconds for b in held[1:]) if held else 0
            )
            resident = candidate.state.report.resident
            styles = resident.union(*(batch.digests for batch in held))
            missing = plan.digests - styles
            network = bool(missing) and not any(self.bases.get(digest) == plan.base for digest in styles)
            seconds = wait + self.cost_model.loading(len(missing), network=network)
            full = not candidate.has_credit(now)
            offers.append(Offer(seconds, len(missing), len(resident), full, candidate.position, candidate))
        return min(offers, default=None)


def a_runner(number: int, *styles: int, **fields: object) -> RunnerState:
    report = Report(resident=frozenset(STYLES[style].digest for style in styles))
    return RunnerState(name=f"r{number}", device="cpu", state="ready", report=report, credits=2, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("count", [3, 30])
def test_the_best_offer_is_that_of_a_look_at_all_runners(seed: int, count: int) -> None:
    dice, yard, now = random.Random(seed), Yard(), 0.0
    states = [a_runner(n, *dice.sample(range(12), dice.randrange(6))) for n in range(count)]
    for _ in range(300):
        now += dice.choice([0.0, 0.01, 0.05, 0.5])
        if dice.random() < 0.05:
            at = dice.randrange(count)
            state: State = dice.choice(["ready", "down", "draining"])
            states[at] = replace(states[at], state=state)
        yard.candidates.refresh(tuple(states), now)
        plan = RenderPlan.one(dice.choice(STYLES))
        offer = yard.candidates.cheapest(plan, now, WITH_CREDIT)
        assert offer == yard.best(plan, now, credit=True)
        if offer is not None:
            best = yard.best(plan, now, credit=False)
            assert (yard.candidates.rival(offer, plan, now) is not None) == (best != offer)
            if dice.random() < 0.7:
                yard.give(
                    offer.candidate.state.name, now, dice.choice([0.1, 0.25, 0.4]), photo(style=STYLES[0])
                )
        busy = [name for name, candidate in yard.candidates.items() if candidate.held]
        if busy and dice.random() < 0.4:
            yard.end(dice.choice(busy), now)


def test_a_runner_that_is_gone_is_forgotten_with_its_last_batch() -> None:
    yard = Yard()
    yard.candidates.refresh((a_runner(0), a_runner(1)), 0.0)
    yard.give("r0", 0.0, 1.0, photo())
    yard.candidates.refresh((a_runner(1),), 0.1)
    assert set(yard.candidates) == {"r0", "r1"}
    assert yard.candidates["r0"].line is None
    yard.end("r0", 0.2)
    assert set(yard.candidates) == {"r1"}


def test_one_set_aside_is_back_at_the_next_refresh() -> None:
    yard = Yard()
    states = (a_runner(0),)
    yard.candidates.refresh(states, 0.0)
    yard.candidates.set_aside(yard.candidates["r0"])
    assert not yard.candidates.has_credit()
    yard.candidates.refresh(states, 0.0)
    assert yard.candidates["r0"].line == IDLE


def test_a_runner_is_late_and_then_seems_to_hang() -> None:
    yard = Yard()
    states = (a_runner(0),)
    yard.candidates.refresh(states, 0.0)
    yard.give("r0", 0.0, 0.1, photo())
    yard.candidates.refresh(states, 0.2)
    assert yard.candidates["r0"].line == FREE_LATE
    yard.candidates.refresh(states, 2.2)
    assert not yard.candidates.has_credit()


def test_it_is_noticed_who_has_more_credit_than_before() -> None:
    yard = Yard()
    states = (a_runner(0),)
    yard.candidates.refresh(states, 0.0)
    for _ in range(2):
        yard.give("r0", 0.0, 0.1, photo())
    yard.end("r0", 0.1)
    yard.candidates.refresh(states, 0.1)
    assert yard.moves == [("r0", True), ("r0", False), ("r0", False), ("r0", True)]
