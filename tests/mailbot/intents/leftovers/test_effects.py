"""A word is used if what it says is painted."""

from __future__ import annotations

from mailbot.intents.changes.relative_changes import Change
from mailbot.intents.leftovers.effects import Effects
from mailbot.intents.options import Options
from mailbot.intents.paintings.style_selection import Selection
from mailbot.intents.sentence import Item
from styles.language.lexicon import lexicon


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


def test_in_a_reply_the_words_of_a_change_are_used() -> None:
    words = lexicon(("en",))
    change = Change(strength=1, pictures=(1,), count=3)
    effects = Effects(change=change)
    bigger, stronger = (Item(text=text, raw=text, kinds=words.of(text)) for text in ("bigger", "stronger"))
    assert effects.has("strength")
    assert not effects.has("size")
    assert [effects.acts(item, words) for item in (bigger, stronger)] == [False, True]
    second, fifth = (Item(text=kind, raw=kind, kinds=frozenset((kind,))) for kind in ("second", "fifth"))
    assert [effects.misses_photo(item) for item in (second, fifth)] == [False, True]
    assert Effects(change=Change(count=3)).misses_photo(fifth)
    assert not Effects(change=Change()).misses_photo(fifth)
