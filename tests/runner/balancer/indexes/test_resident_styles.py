"""Which runners hold which style and which base."""

from __future__ import annotations

from runner.balancer.indexes.resident_styles import Holder, ResidentStyles


def test_styles_and_their_bases() -> None:
    holdings: ResidentStyles[Holder] = ResidentStyles(10)
    one, other = Holder(), Holder()
    holdings["x"] = "base"
    holdings.hold(one, frozenset({"x", "y"}))
    holdings.hold(other, frozenset({"y"}))
    assert holdings.with_style("y") == {one, other}
    assert holdings.with_base("base") == {one}
    holdings["y"] = "base"  # is learnt when they hold it already
    assert holdings.with_base("base") == {one, other}
    assert one.bases["base"] == 2
    holdings.hold(one, frozenset({"y"}))
    assert holdings.with_base("base") == {one, other}
    holdings.hold(one, frozenset())
    assert (holdings.with_style("x"), holdings.with_base("base")) == (frozenset(), {other})


def test_a_style_that_changes_its_base() -> None:
    holdings: ResidentStyles[Holder] = ResidentStyles(10)
    holder = Holder()
    holdings["x"] = "one"
    holdings.hold(holder, frozenset({"x"}))
    holdings["x"] = "one+other"
    assert (holdings.with_base("one"), holdings.with_base("one+other")) == (frozenset(), {holder})


def test_a_base_that_is_forgotten() -> None:
    holdings: ResidentStyles[Holder] = ResidentStyles(1)
    holder = Holder()
    holdings["x"] = "one"
    holdings.hold(holder, frozenset({"x"}))
    holdings["y"] = "other"
    assert holdings.with_base("one") == frozenset()
    assert holdings.with_style("x") == {holder}
    assert not holder.bases
