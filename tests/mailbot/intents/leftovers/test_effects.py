"""A word is used if what it says is painted."""

from __future__ import annotations

from mailbot.intents.leftovers.effects import Effects
from mailbot.intents.options import Options
from mailbot.intents.paintings.style_selection import Selection


def test_numbers_are_used_that_are_shares_strengths_sizes_or_counts() -> None:
    blend = Selection(how="blend", names=("udnie:0.7,great-wave:0.3",))
    effects = Effects(selection=blend, options=Options(strength=0.55, size=2400), count=4)
    assert all(effects.has_number(number) for number in (70, 30, 55, 2400, 4))
    assert not any(effects.has_number(number) for number in (60, 2000, 3))


def test_an_option_is_used_that_one_of_several_paintings_has() -> None:
    each = Selection(how="each", names=("udnie", "udnie"), own=(Options(size=512), Options(size=2048)))
    effects = Effects(selection=each)
    assert effects.has("size")
    assert not effects.has("strength")
    assert effects.names == {"udnie"}
