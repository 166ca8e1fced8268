"""A small simulation: nothing is lost, and the same seed gives the same."""

from __future__ import annotations

from benchmarks.cluster.scenario import Scenario, ScenarioResult
from benchmarks.cluster.simulate import SCENARIOS, cells, simulated, summary

SMALL = Scenario(
    name="small",
    runners=16,
    balancers=2,
    mails=60,
    seconds=6,
    burst=3,
    deaths=1,
    spot=0.25,
    balancer_dies=True,
    away=1,
    warning=0.5,
)


def facts(result: ScenarioResult) -> tuple[object, ...]:
    return result.mails, result.waits, result.refused, result.deaths, result.fill


def test_every_photo_is_painted_whatever_dies_and_again_in_the_same_way() -> None:
    result = simulated(SMALL, 7)
    photos = sum(map(len, result.by_balancer.values()))
    assert (len(result.waits), result.failed.total()) == (photos, 0)
    assert photos >= result.mails > 300
    assert result.deaths >= 8
    assert len(result.by_balancer) == 2
    assert facts(result) == facts(simulated(SMALL, 7))
    assert facts(result) != facts(simulated(SMALL, 8))


def test_a_row_has_what_its_headings_say() -> None:
    row = summary(simulated(SMALL, 7))
    assert row["photos"] == len(simulated(SMALL, 7).waits)
    assert next(iter(cells(row))) == "small"


def test_each_scenario_has_as_many_runners_for_each_balancer() -> None:
    assert [each.name for each in SCENARIOS if each.runners % each.balancers] == []
