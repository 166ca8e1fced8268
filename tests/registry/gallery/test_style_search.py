from __future__ import annotations

from datetime import UTC, datetime

import pytest

from registry.gallery.style_search import ON_A_PAGE, Listing, StyleSearch, find, listed
from registry.store.store import Store
from styles.contract import StyleSummary
from tests.fakes.registry.versions import publish

WAVE = StyleSummary(
    name="great-wave",
    title="The Great Wave",
    artist="Katsushika Hokusai",
    description="Foam before a mountain.",
    other_names=("La Grande Vague", "大波"),
    tags=("woodblock", "ukiyo-e"),
    aliases={},
)
TOITS = StyleSummary(name="toits", title="Étude: les toits", artist="Émile", tags=("cubism",), aliases={})
UDNIE = StyleSummary(name="udnie", title="Udnie", artist="Francis Picabia", tags=("cubism",), aliases={})
NAMELESS = StyleSummary(name="aaa", title="", aliases={})
STYLES = (NAMELESS, WAVE, TOITS, UDNIE)


def found(
    wanted: StyleSearch, published: dict[str, str] | None = None, painted: dict[str, int] | None = None
) -> list[str]:
    listing = listed(STYLES, wanted, first_published=published or {}, painted=painted or {})
    return [style.name for style in listing.styles]


@pytest.mark.parametrize(
    ("search", "names"),
    [
        ("great-wave", ["great-wave"]),
        ("GREAT wave", ["great-wave"]),
        ("wave mountain hokusai", ["great-wave"]),
        ("grande vague", ["great-wave"]),
        ("大波", ["great-wave"]),
        ("ukiyo", ["great-wave"]),
        ("etude", ["toits"]),
        ("ÉTUDE", ["toits"]),
        ("cubism", ["toits", "udnie"]),
        ("wave udnie", []),
    ],
)
def test_all_words_are_found_without_case_and_accents(search: str, names: list[str]) -> None:
    assert found(StyleSearch(q=search)) == names


def test_an_artist_and_a_tag_are_whole() -> None:
    assert found(StyleSearch(artist="katsushika hokusai")) == ["great-wave"]
    assert found(StyleSearch(artist="Hokusai")) == []
    assert found(StyleSearch(tag="Cubism")) == ["toits", "udnie"]
    assert found(StyleSearch(tag="cub")) == []
    assert found(StyleSearch(tag="cubism", artist="Émile", q="toits")) == ["toits"]


def test_numbers_in_titles_are_sorted_as_numbers() -> None:
    titles = ("Study 10", "Study 2", "study", "10 o'clock", "2 o'clock", "Étude 7")
    styles = [StyleSummary(name=f"s{i}", title=title, aliases={}) for i, title in enumerate(titles)]
    listing = listed(styles, StyleSearch(), first_published={}, painted={})
    assert [style.title for style in listing.styles] == [
        "2 o'clock",
        "10 o'clock",
        "Étude 7",
        "study",
        "Study 2",
        "Study 10",
    ]


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("", ["aaa", "toits", "great-wave", "udnie"]),  # by title, and by name where there is none
        ("title", ["aaa", "toits", "great-wave", "udnie"]),
        ("name", ["aaa", "great-wave", "toits", "udnie"]),
        ("artist", ["toits", "udnie", "great-wave", "aaa"]),
        ("newest", ["udnie", "great-wave", "aaa", "toits"]),
        ("painted", ["great-wave", "toits", "aaa", "udnie"]),
    ],
)
def test_orders(sort: str, names: list[str]) -> None:
    published = {
        "aaa": "2026-01-02",
        "great-wave": "2026-03-01",
        "toits": "2026-01-01",
        "udnie": "2026-04-01",
    }
    assert found(StyleSearch(sort=sort), published, {"great-wave": 9, "toits": 4}) == names


def test_a_name_or_title_is_a_better_match_than_a_description() -> None:
    about = StyleSummary(name="aa", title="A", description="As udnie, but calm.", aliases={})
    listing = listed([about, UDNIE], StyleSearch(q="udnie"), first_published={}, painted={})
    assert [style.name for style in listing.styles] == ["udnie", "aa"]


def test_a_mistyped_search_finds_what_is_near() -> None:
    listing = listed(STYLES, StyleSearch(q="udney"), first_published={}, painted={})
    assert (listing.found, [style.name for style in listing.near]) == (0, ["udnie"])
    assert not listed(STYLES, StyleSearch(q="qqqqqq"), first_published={}, painted={}).near
    assert not listed(STYLES, StyleSearch(tag="qqqqqq"), first_published={}, painted={}).near


def test_what_else_can_be_asked_for() -> None:
    listing = listed(STYLES, StyleSearch(q="wave"), first_published={}, painted={})
    assert listing.artists == [("Émile", 1), ("Francis Picabia", 1), ("Katsushika Hokusai", 1)]
    assert listing.tags == [("cubism", 2), ("ukiyo-e", 1), ("woodblock", 1)]
    assert (listing.found, listing.of) == (1, 4)


def many(count: int, wanted: StyleSearch) -> Listing:
    styles = [StyleSummary(name=f"s{n:04}", title="", aliases={}) for n in range(count)]
    return listed(styles, wanted, first_published={}, painted={})


def test_pages_have_each_style_once() -> None:
    count = 2 * ON_A_PAGE + 1
    pages = [many(count, StyleSearch(page=page)) for page in (1, 2, 3)]
    assert [len(page.styles) for page in pages] == [ON_A_PAGE, ON_A_PAGE, 1]
    assert len({style.name for page in pages for style in page.styles}) == count
    assert many(count, StyleSearch(page=99)).wanted.page == 3
    assert many(0, StyleSearch(page=2)).pages == 1
    assert len(many(count, StyleSearch(limit=0)).styles) == count


@pytest.mark.parametrize(
    ("page", "of", "shown"),
    [
        (1, 1, [1]),
        (1, 3, [1, 2, 3]),
        (1, 9, [1, 2, 0, 9]),
        (3, 9, [1, 2, 3, 4, 0, 9]),
        (4, 9, [1, 2, 3, 4, 5, 0, 9]),
        (5, 9, [1, 0, 4, 5, 6, 0, 9]),
        (9, 9, [1, 0, 8, 9]),
    ],
)
def test_pages_to_choose_from(page: int, of: int, shown: list[int]) -> None:
    assert many(of * ON_A_PAGE, StyleSearch(page=page)).shown_pages == shown


def test_an_address_says_what_is_wanted_and_nothing_else() -> None:
    wanted = StyleSearch.of({"q": "  a &  b ", "tag": "x", "sort": "newest", "page": "3", "other": "y"})
    assert wanted == StyleSearch(q="a & b", tag="x", sort="newest", page=3)
    assert wanted.path(page=4) == "/?q=a+%26+b&tag=x&sort=newest&page=4#gallery"
    assert wanted.without("q") == "/?tag=x&sort=newest#gallery"
    assert StyleSearch().path() == "/#gallery"


@pytest.mark.parametrize("page", ["0", "-1", "x", "１", "1" * 9, ""])
def test_an_address_that_no_page_has_written_is_the_first_page(page: str) -> None:
    assert StyleSearch.of({"page": page, "sort": "x"}) == StyleSearch()


def test_the_newest_and_the_most_painted_styles_are_those_of_the_store(store: Store) -> None:
    for seed, name in enumerate(("mosaic", "udnie", "anime")):
        publish(store, name, seed)
    today = datetime.now(UTC).date().isoformat()
    store.record_usage("0" * 32, {today: {"udnie": 5, "mosaic": 7}})

    def names(sort: str) -> list[str]:
        return [style.name for style in find(store, StyleSearch(sort=sort)).styles]

    assert names("newest")[0] == "anime"
    assert names("painted") == ["mosaic", "udnie", "anime"]
    assert names("name") == ["anime", "mosaic", "udnie"]
